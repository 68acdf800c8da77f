"""Rows are changed until nothing hard is found, and no more than they must be."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.miniature import Miniature, dedented
from trialkit.design.simulation.answers import Answer, Coded
from trialkit.design.simulation.entry_rows import EntryRow
from trialkit.design.simulation.mending import ROUNDS, items_of, mend
from trialkit.design.simulation.people import Person
from trialkit.errors import DesignError
from trialkit.schemas.forms.forms import Schemas

FORM = """
    [form]
    id = "mended"
    title = "Mended"
    kind = "assessment"
    expected = "randomised"
    visits = ["BL", "W6"]

    [[items]]
    id = "first"
    label = "First day"
    type = "date"

    [[items]]
    id = "last"
    label = "Last day"
    type = "date"

    [[items]]
    id = "grade"
    label = "Grade"
    type = "integer"
    range = { low = 1, high = 3 }
    required = true

    [[items]]
    id = "drug"
    label = "Drug"
    type = "yes_no"

    [[items]]
    id = "name"
    label = "Name"
    type = "text"
    shown_when = "drug = TRUE"

    [[rules]]
    id = "ORDER"
    expression = "first <= last"
    severity = "hard"
    message = "Before."
    items = ["last"]

    [[rules]]
    id = "CHANGED"
    expression = "visit <> 'W6' OR grade <> BL.mended.grade"
    severity = "hard"
    message = "The same grade as before."
    items = ["grade"]
"""
DAY = date(2025, 3, 3)
Judge = Callable[[Sequence[EntryRow]], list[dict[str, str]]]


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Schemas:
    trial = Miniature()
    trial.forms["mended"] = dedented(FORM)
    trial.data["mended"] = "subject_id,visit,first,last,grade,drug,name\n"
    folder: Path = tmp_path_factory.mktemp("mended")
    return trial.schemas(folder)


def row(
    schemas: Schemas, visit: str = "BL", settled: str = "", who: str = "S1", **answers: Answer
) -> EntryRow:
    person = Person(subject_id=who, screened=DAY, known={}, visits={}, arm="A")
    given = {"first": DAY, "last": DAY, "grade": 2, "drug": False, "name": None} | answers
    return EntryRow(
        form=schemas.form("mended"),
        person=person,
        visit=visit,
        day=DAY,
        answers=dict(given),
        settled=frozenset(settled.split()),
    )


def finding(
    rule: str, item: str, *, visit: str = "BL", severity: str = "hard", who: str = "S1"
) -> dict[str, str]:
    return {
        "form": "mended",
        "subject_id": who,
        "visit": visit,
        "repeat": "",
        "rule_id": rule,
        "item": item,
        "severity": severity,
        "message": f"{rule} in words.",
    }


COLUMNS = list(finding("", ""))


def mended(rows: list[EntryRow], schemas: Schemas, judge: Judge, seed: int = 1) -> list[tuple]:
    """The rows are mended in place; what was counted in each round."""
    counted: list[tuple[int, int]] = []
    mend(
        rows,
        schemas,
        lambda now: pd.DataFrame(judge(now), columns=COLUMNS),
        rng=np.random.default_rng(seed),
        progress=lambda attempt, left: counted.append((attempt, left)),
    )
    return counted


def in_order(rows: Sequence[EntryRow]) -> list[dict[str, str]]:
    answers = rows[0].answers
    first, last = answers["first"], answers["last"]
    wrong = isinstance(first, date) and isinstance(last, date) and first > last
    return [finding("ORDER", "last")] if wrong else []


def test_rows_without_a_hard_finding_stay_as_they_are(schemas: Schemas) -> None:
    one = row(schemas)
    before = dict(one.answers)
    soft = [finding("ORDER", "last", severity="soft"), finding("X", "grade", severity="note")]
    assert mended([one], schemas, lambda _: soft) == [(0, 0)]
    assert one.answers == before


def test_a_blank_that_must_be_answered_is_drawn_and_nothing_else(schemas: Schemas) -> None:
    for rule in ("required", "required_when"):
        one = row(schemas, grade=None)

        def judge(rows: Sequence[EntryRow], rule: str = rule) -> list[dict[str, str]]:
            return [] if rows[0].answers["grade"] is not None else [finding(rule, "grade")]

        assert mended([one], schemas, judge) == [(0, 1), (1, 0)]
        assert one.answers["grade"] in {1, 2, 3}
        assert one.answers | {"grade": None} == row(schemas, grade=None).answers


def test_what_is_not_shown_is_blanked_unless_it_is_settled(schemas: Schemas) -> None:
    def judge(rows: Sequence[EntryRow]) -> list[dict[str, str]]:
        now = rows[0].answers
        hidden = now["name"] is not None and now["drug"] is not True
        return [finding("not_shown", "name")] if hidden else []

    free = row(schemas, name="aspirin")
    mended([free], schemas, judge)
    assert (free.answers["name"], free.answers["drug"]) == (None, False)

    kept = row(schemas, settled="name", name="aspirin")
    mended([kept], schemas, judge)
    assert (kept.answers["name"], kept.answers["drug"]) == ("aspirin", True)


def test_a_value_that_no_rule_explains_is_drawn_again_unless_it_is_settled(
    schemas: Schemas,
) -> None:
    def judge(rows: Sequence[EntryRow]) -> list[dict[str, str]]:
        return [finding("out_of_range", "grade")] if rows[0].answers["grade"] == 9 else []

    one = row(schemas, grade=9)
    assert mended([one], schemas, judge) == [(0, 1), (1, 0)]
    assert one.answers["grade"] in {1, 2, 3}
    # what is settled changes only when twenty rounds have not helped
    kept = row(schemas, grade=9, settled="grade")
    counted = mended([kept], schemas, judge)
    assert counted == [*((attempt, 1) for attempt in range(21)), (21, 0)]
    assert kept.answers["grade"] in {1, 2, 3}


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_rule_is_kept_by_changing_what_it_reads_and_is_free(seed: int, schemas: Schemas) -> None:
    late = date(2025, 3, 20)
    for settled, kept in (("first", {"first": late}), ("last", {"last": DAY})):
        one = row(schemas, settled=settled, first=late)
        mended([one], schemas, in_order, seed)
        assert not in_order([one])
        assert {name: one.answers[name] for name in kept} == kept
        assert (one.answers["grade"], one.answers["drug"]) == (2, False)


def test_a_rule_reads_the_row_of_another_visit(schemas: Schemas) -> None:
    def judge(rows: Sequence[EntryRow]) -> list[dict[str, str]]:
        same = rows[0].answers["grade"] == rows[1].answers["grade"]
        return [finding("CHANGED", "grade", visit="W6")] if same else []

    before, after = row(schemas, settled="grade"), row(schemas, "W6")
    mended([before, after], schemas, judge)
    assert before.answers["grade"] == 2
    assert after.answers["grade"] in {1, 3}
    # where the later one stands, the earlier gives way
    before, after = row(schemas), row(schemas, "W6", settled="grade")
    mended([before, after], schemas, judge)
    assert after.answers["grade"] == 2
    assert before.answers["grade"] != 2


def test_a_missing_code_is_not_copied_into_what_lacks(schemas: Schemas) -> None:
    def judge(rows: Sequence[EntryRow]) -> list[dict[str, str]]:
        now = rows[0].answers["first"]
        wrong = isinstance(now, Coded) or now is None or now > DAY
        return [finding("ORDER", "last")] if wrong else []

    for seed in range(1, 6):
        one = row(schemas, first=Coded(code="ND"), settled="last")
        mended([one], schemas, judge, seed)
        assert isinstance(one.answers["first"], date)


def test_rules_that_nothing_keeps_are_named_once_each(schemas: Schemas) -> None:
    def judge(rows: Sequence[EntryRow]) -> list[dict[str, str]]:
        del rows
        return [
            finding("ORDER", "last"),
            finding("ORDER", "last", visit="W6"),
            finding("CHANGED", "grade"),
            finding("SOFT", "grade", severity="soft"),
        ]

    rows = [row(schemas), row(schemas, "W6")]
    with pytest.raises(DesignError) as error:
        mended(rows, schemas, judge)
    assert ROUNDS == 60
    assert str(error.value) == (
        "no data could be made up that keep these rules, after 60 attempts: mended: ORDER (ORDER in "
        "words.); mended: CHANGED (CHANGED in words.)"
    )


def test_a_finding_about_a_row_that_was_not_made_up_is_left(schemas: Schemas) -> None:
    one = row(schemas)
    with pytest.raises(DesignError, match="after 60 attempts"):
        mended([one], schemas, lambda _: [finding("required", "grade", visit="W9")])
    assert one.answers == row(schemas).answers


def out_of_order(rows: Sequence[EntryRow]) -> list[dict[str, str]]:
    return [
        finding("ORDER", "last", who=each.person.subject_id) for each in rows if in_order([each])
    ]


def test_only_those_who_were_mended_are_looked_at_again_and_everybody_at_last(
    schemas: Schemas,
) -> None:
    late = date(2025, 3, 20)
    rows = [row(schemas, who=f"S{n}", first=late if n % 2 else DAY) for n in range(40)]
    before = [dict(each.answers) for each in rows]
    looked_at: list[set[str]] = []

    def judge(now: Sequence[EntryRow]) -> list[dict[str, str]]:
        looked_at.append({each.person.subject_id for each in now})
        return out_of_order(now)

    mended(rows, schemas, judge)
    everybody, broken = {f"S{n}" for n in range(40)}, {f"S{n}" for n in range(1, 40, 2)}
    assert (looked_at[0], looked_at[1], looked_at[-1]) == (everybody, broken, everybody)
    assert not out_of_order(rows)
    assert [each.answers for each in rows[::2]] == before[::2]


def test_the_quicker_check_is_asked_first_and_the_whole_one_has_the_last_word(
    schemas: Schemas,
) -> None:
    asked: list[str] = []

    def look(name: str, judge: Judge) -> Callable[[Sequence[EntryRow]], pd.DataFrame]:
        def check(rows: Sequence[EntryRow]) -> pd.DataFrame:
            asked.append(name)
            return pd.DataFrame(judge(rows), columns=COLUMNS)

        return check

    def nine(rows: Sequence[EntryRow]) -> list[dict[str, str]]:
        return [finding("out_of_range", "grade")] if rows[0].answers["grade"] == 9 else []

    one = row(schemas, grade=9, settled="last", first=date(2025, 3, 20))
    mend(
        [one],
        schemas,
        look("whole", lambda rows: [*in_order(rows), *nine(rows)]),
        sooner=look("quicker", in_order),
        rng=np.random.default_rng(1),
        progress=lambda _, __: None,
    )
    assert asked == ["quicker", "quicker", "whole", "quicker", "whole"]
    assert not in_order([one])
    assert one.answers["grade"] in {1, 2, 3}


def test_the_columns_of_a_forms_file_are_its_key_and_every_item(schemas: Schemas) -> None:
    form = schemas.form("mended")
    assert items_of(form) == ("subject_id", "visit", "first", "last", "grade", "drug", "name")
    repeating = replace(form, visits=(), repeating=True, items=form.items[:1])
    assert items_of(repeating) == ("subject_id", "repeat", "first")
