"""Calculated items have the value that follows by hand, or the missing code it is missing for."""

from pathlib import Path

import pytest

from tests.miniature import Miniature, dedented
from tests.store.in_hand import in_hand
from trialkit.store.calculating import with_calculations
from trialkit.store.snapshot import FormData

FORM = """
    [form]
    id = "sums"
    title = "Sums"
    kind = "assessment"
    expected = "randomised"
    visits = ["BL", "W6"]

    [[items]]
    id = "doubled"
    label = "Twice the total"
    type = "calculated"
    calculation = "total * 2"

    [[items]]
    id = "total"
    label = "Total"
    type = "calculated"
    calculation = "a + b"

    [[items]]
    id = "turned"
    label = "The other way round"
    type = "calculated"
    calculation = "b - a"

    [[items]]
    id = "change"
    label = "Change"
    type = "calculated"
    calculation = "a - BL.sums.a"

    [[items]]
    id = "by_age"
    label = "By age"
    type = "calculated"
    calculation = "screening.age_years / b"

    [[items]]
    id = "unless_blank"
    label = "b, or 100"
    type = "calculated"
    calculation = "IF(b IS NULL, 100, b)"

    [[items]]
    id = "answered"
    label = "must, or 100"
    type = "calculated"
    calculation = "IF(must IS NULL, 100, must)"

    [[items]]
    id = "entered_too"
    label = "Days from the screening"
    type = "calculated"
    calculation = "on - screening.screening_date"

    [[items]]
    id = "late"
    label = "Only at the end"
    type = "calculated"
    calculation = "a * 10"
    shown_when = "visit = 'W6'"

    [[items]]
    id = "a"
    label = "a"
    type = "decimal"
    range = { low = 0, high = 10 }

    [[items]]
    id = "b"
    label = "b"
    type = "decimal"

    [[items]]
    id = "must"
    label = "must"
    type = "integer"
    required = true

    [[items]]
    id = "on"
    label = "on"
    type = "date"
    range = { low = 2025-01-11, high = 2025-02-01 }
"""
CALCULATED = ("total", "doubled", "turned", "change", "by_age", "unless_blank", "answered", "late")


def calculated(folder: Path, *lines: str) -> FormData:
    """The form with these rows of ``subject_id,visit,a,b,must,on``, its calculations made."""
    trial = Miniature()
    trial.forms["sums"] = dedented(FORM)
    trial.data["sums"] = "\n".join(["subject_id,visit,a,b,must,on", *lines]) + "\n"
    forms, made = before_and_after(trial, folder)
    assert made.keys() == forms.keys()
    assert all(made[form] is forms[form] for form in forms if form != "sums")
    assert made["sums"].entered.equals(forms["sums"].entered)
    return made["sums"]


def before_and_after(
    trial: Miniature, folder: Path
) -> tuple[dict[str, FormData], dict[str, FormData]]:
    forms, schemas = in_hand(trial, folder)
    return forms, with_calculations(forms, schemas)


def values(data: FormData, *items: str) -> dict[str, list]:
    return {item: data.typed[item].to_list() for item in items}


def codes(data: FormData, *items: str) -> dict[str, list]:
    return {item: data.coded[item].cast(str).to_list() for item in items}


def test_values_follow_from_the_row_the_baseline_another_form_and_each_other(
    tmp_path: Path,
) -> None:
    """S1 is 30 years old, S2 is 40."""
    data = calculated(tmp_path, "S1,W6,7,1.5,3,", "S2,W6,1,8,4,", "S2,BL,4,5,5,", "S1,BL,2,6,6,")
    assert values(data, *CALCULATED) == {
        "total": [8.5, 9, 9, 8],
        "doubled": [17, 18, 18, 16],
        "turned": [-5.5, 7, 1, 4],
        "change": [5, -3, 0, 0],
        "by_age": [20, 5, 8, 5],
        "unless_blank": [1.5, 8, 5, 6],
        "answered": [3, 4, 5, 6],
        "late": [70, 10, None, None],
    }
    assert codes(data, *CALCULATED) == dict.fromkeys(CALCULATED, [None] * 4)


def test_of_a_row_elsewhere_that_is_there_twice_nothing_is_known(tmp_path: Path) -> None:
    trial = Miniature()
    trial.forms["sums"] = dedented(FORM)
    trial.data["screening"] += "S1,2025-01-10,31,yes\n"
    trial.data["sums"] = dedented(
        "subject_id,visit,a,b,must,on\nS1,W6,7,1.5,3,\nS2,W6,1,8,4,\nS2,BL,4,5,5,\nS2,BL,3,5,5,"
    )
    data = before_and_after(trial, tmp_path)[1]["sums"]
    assert values(data, "total", "by_age", "change") == {
        "total": [8.5, 9, 9, 8],  # a row knows itself
        "by_age": [None, 5, 8, 8],
        "change": [None, None, None, None],
    }


@pytest.mark.parametrize(("a", "known"), [("0", 0), ("10", 10), ("-0.1", None), ("10.1", None)])
def test_a_value_outside_its_hard_range_is_not_known(
    a: str, known: float | None, tmp_path: Path
) -> None:
    data = calculated(tmp_path, f"S1,BL,{a},1,1,")
    total = None if known is None else known + 1
    assert values(data, "total", "doubled") == {
        "total": [total],
        "doubled": [None if total is None else 2 * total],
    }
    assert data.typed["a"].to_list() == [float(a)]


def test_a_blank_is_nothing_where_it_may_be_and_not_known_where_it_must_be_answered(
    tmp_path: Path,
) -> None:
    """What cannot be read, and white space alone, are told from what was left blank."""
    data = calculated(tmp_path, "S1,BL,1,,,", "S1,W6,1,  ,7,", "S2,BL,1,3o,8,", "S3,BL,1,2,3x,")
    assert values(data, "unless_blank", "answered") == {
        "unless_blank": [100, 100, None, 2],
        "answered": [None, 7, 8, None],
    }


def test_a_value_that_lacks_has_the_code_of_the_first_item_with_one(tmp_path: Path) -> None:
    lines = ("S1,BL,ND,UNK,1,", "S1,W6,3,UNK,1,", "S2,BL,REF,,1,", "S3,BL,,2,1,")
    data = calculated(tmp_path, *lines)
    assert codes(data, "total", "doubled", "turned", "change", "late") == {
        "total": ["ND", "UNK", "REF", None],
        "doubled": ["ND", "UNK", "REF", None],
        "turned": ["UNK", "UNK", "REF", None],
        "change": ["ND", "ND", "REF", None],
        "late": ["ND", None, "REF", None],
    }
    assert values(data, "total", "late") == {
        "total": [None] * 4,
        "late": [None, 30, None, None],
    }


@pytest.mark.parametrize(
    ("on", "days"),
    [("2025-01-10", None), ("2025-01-11", 1), ("2025-02-01", 22), ("2025-02-02", None)],
)
def test_a_date_is_right_on_the_first_and_the_last_day_of_its_range(
    on: str, days: int | None, tmp_path: Path
) -> None:
    data = calculated(tmp_path, f"S1,BL,1,1,1,{on}")
    assert data.typed["entered_too"].to_list() == [days]


@pytest.mark.parametrize(
    ("at", "known"),
    [
        ("2024-12-31T23:59", False),
        ("2025-01-01T00:00", True),
        ("2025-03-31T00:00", True),
        ("2025-03-31T23:59", True),
        ("2025-04-01T00:00", False),
    ],
)
def test_a_moment_is_right_to_the_end_of_the_last_day(at: str, known: bool, tmp_path: Path) -> None:
    trial = Miniature()
    trial.forms["sums"] = dedented(
        """
        [form]
        id = "sums"
        title = "Sums"
        kind = "other"
        expected = "as_needed"

        [[items]]
        id = "at"
        label = "At"
        type = "date_time"
        range = { low = 2025-01-01, high = 2025-03-31 }

        [[items]]
        id = "seen"
        label = "Seen"
        type = "calculated"
        calculation = "IF(at IS NULL, 1, 2)"
        """
    )
    trial.data["sums"] = f"subject_id,at\nS1,{at}\nS2,\n"
    _, made = before_and_after(trial, tmp_path)
    assert made["sums"].typed["seen"].to_list() == [2 if known else None, 1]
