"""The baseline table: numbers by numpy, categories counted by hand, no p value."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.planned.hand import ARM, ARMS, SUBJECTS, Rows, datasets_of, three_by_three
from trialkit.datasets.model import CharacteristicKind
from trialkit.planned.counts.baseline import state_baseline
from trialkit.results.notes import SEVERAL_APPLY
from trialkit.results.vocabulary import Stat

AGE = np.array([31.0 + 2 * n + (n % 5) ** 2 for n in range(24)])
AGE[[3, 20]] = np.nan
COLOURS = ("green", "blue", "red", "gold")
COLOUR = [None if n == 5 else COLOURS[(n * n + n // 8) % 3] for n in range(24)]
TOWN = ["Bern" if n % 3 else "Aarau" for n in range(24)]
STATS = (
    Stat.N, Stat.N_MISSING, Stat.MEAN, Stat.SD, Stat.MEDIAN, Stat.Q1, Stat.Q3, Stat.MIN, Stat.MAX,
)  # fmt: skip


COLOUR_LABELS = {"red": "Red", "green": "Green", "blue": "Blue", "gold": "Gold"}
"""Nobody has chosen gold."""


def kind_of(name: str, values: object) -> CharacteristicKind:
    if isinstance(values, np.ndarray):
        return CharacteristicKind(is_number=True)
    if name == "colours":
        return CharacteristicKind(
            several=True,
            labels=COLOUR_LABELS | {"none_of_these": "None of these"},
        )
    labels = COLOUR_LABELS if name == "colour" else {}
    return CharacteristicKind(labels=labels)


def characteristics(not_asked: Sequence[int] = (), **columns: object) -> pd.DataFrame:
    """A row a participant and characteristic; a list of texts is a category."""
    frames = []
    for name, values in columns.items():
        numbers = isinstance(values, np.ndarray)
        frame = pd.DataFrame(
            {
                "subject_id": SUBJECTS,
                "arm": pd.Categorical([ARMS[a] for a in ARM], list(ARMS), ordered=True),
                "characteristic": f"form.{name}",
                "value": values if numbers else np.nan,
                "category": None if numbers else pd.Series(values, dtype="object"),
                "not_asked": [n in not_asked for n in range(24)],
                "not_applicable": False,
            }
        )
        frames.append(frame)
    together = pd.concat(frames, ignore_index=True)
    names = [f"form.{name}" for name in columns]
    together["characteristic"] = pd.Categorical(
        together["characteristic"], categories=names, ordered=True
    )
    return together


def stated(*, differences: bool = False, not_asked: Sequence[int] = (), **columns: object) -> Rows:
    protocol = three_by_three()
    reporting = replace(protocol.report, standardised_differences=differences)
    data = replace(
        datasets_of(protocol),
        characteristics=characteristics(not_asked, **columns),
        characteristic_kinds={
            f"form.{name}": kind_of(name, each) for name, each in columns.items()
        },
    )
    return Rows(state_baseline(replace(protocol, report=reporting), data))


def test_numbers_are_described_in_each_arm() -> None:
    rows = stated(age=AGE)
    for code, arm in enumerate(ARMS):
        own = AGE[code == ARM]
        present = own[~np.isnan(own)]
        expected = [
            len(present), 8 - len(present), present.mean(), present.std(ddof=1),
            *np.percentile(present, [50, 25, 75]), present.min(), present.max(),
        ]  # fmt: skip
        np.testing.assert_allclose(rows.values(STATS, arm=arm), expected)
    assert {row.outcome for row in rows.rows} == {"form.age"}
    assert {(row.analysis_id, row.method) for row in rows.rows} == {("baseline", "descriptive")}
    assert len(rows.rows) == 3 * len(STATS)


def test_categories_are_counted_among_those_with_an_answer() -> None:
    rows = stated(colour=COLOUR)
    for code, arm in enumerate(ARMS):
        own = [each for each, its in zip(COLOUR, ARM, strict=True) if its == code]
        answered = [each for each in own if each is not None]
        for colour in COLOURS:
            events = answered.count(colour)
            found = rows.values(
                (Stat.N, Stat.N_MISSING, Stat.EVENTS, Stat.PERCENT),
                term=COLOUR_LABELS[colour],
                arm=arm,
            )
            assert found == [
                len(answered), len(own) - len(answered), events, 100 * events / len(answered),
            ]  # fmt: skip


def terms(rows: Rows) -> list[str]:
    return list(dict.fromkeys(row.term for row in rows.rows))


def test_categories_stand_in_the_order_of_the_form_and_text_by_how_often() -> None:
    assert terms(stated(colour=COLOUR)) == ["Red", "Green", "Blue", "Gold"]
    assert TOWN.count("Bern") > TOWN.count("Aarau")
    assert TOWN[0] == "Aarau"
    assert terms(stated(town=TOWN)) == ["Bern", "Aarau"]


def test_an_arm_without_an_answer_has_no_percentage() -> None:
    silent = [None if code == 1 else "yes" for code in ARM]
    rows = stated(town=silent)
    assert rows.values((Stat.N, Stat.N_MISSING, Stat.EVENTS), term="yes", arm="A1") == [0, 8, 0]
    shares = {row.arm: row.stat for row in rows.rows if row.stat_name is Stat.PERCENT}
    assert shares == {"A0": 100, "A2": 100}


def test_differences_are_those_from_the_reference_where_they_are_asked_for() -> None:
    name = Stat.STANDARDISED_DIFFERENCE
    assert not [row for row in stated(age=AGE, town=TOWN).rows if row.stat_name is name]
    rows = stated(differences=True, age=AGE, town=TOWN)
    age = Rows(row for row in rows.rows if row.outcome == "form.age")
    town = Rows(row for row in rows.rows if row.outcome == "form.town")
    first = AGE[ARM == 0]
    for code, arm in ((1, "A1"), (2, "A2")):
        own = AGE[code == ARM]
        spread = np.sqrt((np.nanvar(own, ddof=1) + np.nanvar(first, ddof=1)) / 2)
        expected = (np.nanmean(own) - np.nanmean(first)) / spread
        assert age.value(name, term=f"{arm} - A0") == pytest.approx(expected)
        p, q = (
            np.mean([town == "Bern" for town, its in zip(TOWN, ARM, strict=True) if its == each])
            for each in (code, 0)
        )
        expected = abs(p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2)
        assert town.value(name, term=f"{arm} - A0") == pytest.approx(expected)


def test_a_difference_without_a_size_says_why() -> None:
    flat = np.where(ARM == 0, 4.0, np.where(ARM == 1, 5.0, 4.0 + np.arange(24)))
    rows = stated(differences=True, age=flat)
    row = rows.row(Stat.STANDARDISED_DIFFERENCE, term="A1 - A0")
    assert row.stat is None
    assert "neither arm varies" in row.note
    assert rows.value(Stat.STANDARDISED_DIFFERENCE, term="A2 - A0") > 0


APART = (Stat.N, Stat.N_MISSING, Stat.N_NOT_ASKED)


def test_a_choice_of_the_form_has_its_rows_whatever_anybody_has() -> None:
    nobody = stated(differences=True, colour=[None] * 24)
    assert terms(nobody)[:4] == list(COLOUR_LABELS.values())
    for arm in ARMS:
        for label in COLOUR_LABELS.values():
            found = nobody.values((Stat.N, Stat.N_MISSING, Stat.EVENTS), term=label, arm=arm)
            assert found == [0, 8, 0]
    assert not [row for row in nobody.rows if row.stat_name in {Stat.MEAN, Stat.PERCENT}]
    size = nobody.row(Stat.STANDARDISED_DIFFERENCE, term="A1 - A0")
    assert size.stat is None
    assert "somebody with a value" in size.note


def test_free_text_that_nobody_gave_says_who_did_not() -> None:
    rows = stated(town=[None] * 24)
    assert rows.values((Stat.N, Stat.N_MISSING, Stat.EVENTS), term="", arm="A1") == [0, 8, 0]
    assert terms(rows) == [""]


def test_who_was_not_asked_is_not_missing() -> None:
    men = [n for n in range(24) if n % 2]
    told = [None if n in men or n == 4 else "red" for n in range(24)]
    rows = stated(
        not_asked=men, colour=told, age=np.where(np.isin(range(24), [*men, 4]), np.nan, 3)
    )
    for where in ({"term": "Gold"}, {"term": ""}):
        assert rows.values(APART, arm="A0", **where) == [3, 1, 4]
        assert rows.values(APART, arm="A1", **where) == [4, 0, 4]


SEVERAL = [("red", "red blue", "none_of_these", None)[n % 4] for n in range(24)]


def test_of_several_choices_each_is_counted_among_those_who_answered() -> None:
    rows = stated(colours=SEVERAL)
    assert terms(rows) == [*COLOUR_LABELS.values(), "None of these"]
    counts = {"Red": 4, "Green": 0, "Blue": 2, "Gold": 0, "None of these": 2}
    for term, n in counts.items():
        stats = (Stat.N, Stat.N_MISSING, Stat.EVENTS, Stat.PERCENT)
        assert rows.values(stats, term=term, arm="A2") == [6, 2, n, pytest.approx(100 * n / 6)]
    assert {row.note for row in rows.rows} == {SEVERAL_APPLY}


def test_of_several_choices_each_has_its_own_difference() -> None:
    some = [("red", "red blue", "blue", None)[(n * n + 5 * (n // 8)) % 7 % 4] for n in range(24)]
    rows = stated(differences=True, colours=some)
    for code, arm in ((1, "A1"), (2, "A2")):
        shares = []
        for each in (code, 0):
            own = [answer for answer, its in zip(some, ARM, strict=True) if its == each]
            answered = [answer.split() for answer in own if answer is not None]
            shares.append(np.mean(["blue" in answer for answer in answered]))
        p, q = shares
        expected = abs(p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2)
        name = Stat.STANDARDISED_DIFFERENCE
        assert rows.value(name, term=f"{arm} - A0 | Blue") == pytest.approx(expected)
        assert rows.value(name, term=f"{arm} - A0 | Gold") == 0
    assert not [row for row in rows.rows if row.term == "A1 - A0"]


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(st.sampled_from([None, "red", "green", "blue"]), min_size=24, max_size=24))
def test_any_choice_emptied_keeps_its_rows_and_everybody_is_somewhere(answers: list) -> None:
    rows = stated(colour=answers)
    assert terms(rows) == list(COLOUR_LABELS.values())
    for arm in ARMS:
        found = [
            rows.values((Stat.N, Stat.N_MISSING, Stat.EVENTS), term=label, arm=arm)
            for label in COLOUR_LABELS.values()
        ]
        assert {n + missing for n, missing, _ in found} == {8}
        assert sum(events for _, _, events in found) == found[0][0]
