"""The baseline table: numbers by numpy, categories counted by hand, no p value."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.planned.hand import ARM, ARMS, SUBJECTS, Rows, datasets_of, three_by_three
from trialkit.planned.counts.baseline import state_baseline
from trialkit.results.vocabulary import Stat

AGE = np.array([31.0 + 2 * n + (n % 5) ** 2 for n in range(24)])
AGE[[3, 20]] = np.nan
COLOURS = ("green", "blue", "red")
COLOUR = [None if n == 5 else COLOURS[(n * n + n // 8) % 3] for n in range(24)]
TOWN = ["Bern" if n % 3 else "Aarau" for n in range(24)]
STATS = (
    Stat.N, Stat.N_MISSING, Stat.MEAN, Stat.SD, Stat.MEDIAN, Stat.Q1, Stat.Q3, Stat.MIN, Stat.MAX,
)  # fmt: skip


def characteristics(**columns: object) -> pd.DataFrame:
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
                "rank": np.nan,
            }
        )
        if name == "colour":
            places = {"red": 0.0, "green": 1.0, "blue": 2.0}
            frame["rank"] = [places.get(str(each), np.nan) for each in values]  # type: ignore[attr-defined]
        frames.append(frame)
    together = pd.concat(frames, ignore_index=True)
    names = [f"form.{name}" for name in columns]
    together["characteristic"] = pd.Categorical(
        together["characteristic"], categories=names, ordered=True
    )
    return together


def stated(*, differences: bool = False, **columns: object) -> Rows:
    protocol = three_by_three()
    reporting = replace(protocol.report, standardised_differences=differences)
    data = replace(datasets_of(protocol), characteristics=characteristics(**columns))
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
                (Stat.N, Stat.N_MISSING, Stat.EVENTS, Stat.PERCENT), term=colour, arm=arm
            )
            assert found == [
                len(answered), len(own) - len(answered), events, 100 * events / len(answered),
            ]  # fmt: skip


def terms(rows: Rows) -> list[str]:
    return list(dict.fromkeys(row.term for row in rows.rows))


def test_categories_stand_in_the_order_of_the_form_and_text_by_how_often() -> None:
    assert terms(stated(colour=COLOUR)) == ["red", "green", "blue"]
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
