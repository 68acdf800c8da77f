"""Whether an outcome is due at a visit: most have reached it, or nobody is left to wait for."""

import pandas as pd
import pytest

from tests.planned.hand import three_by_three
from trialkit.datasets.due import Due, due
from trialkit.datasets.measurements import AFTER_CUT, NO_FORM, NOT_YET_DUE


def found(reasons: list[str], *, left: str = "") -> Due:
    """At the last visit of pain: a participant a letter, ``v`` with a value."""
    names = [f"S{place}" for place in range(len(reasons))]
    words = {"n": NOT_YET_DUE, "a": AFTER_CUT, "f": NO_FORM}
    rows = pd.DataFrame(
        {
            "subject_id": names,
            "outcome": "pain",
            "visit": "V2",
            "value": [1.0 if each == "v" else float("nan") for each in reasons],
            "missing_reason": [words.get(each) for each in reasons],
        }
    )
    elsewhere = rows.assign(visit="V1", value=2.0, missing_reason=None)
    subjects = pd.DataFrame(
        {"subject_id": names, "completed": [False if name == left else pd.NA for name in names]}
    ).astype({"completed": "boolean"})
    outcome = three_by_three().outcome("pain")
    return due(outcome, "V2", pd.concat([elsewhere, rows]), subjects)


@pytest.mark.parametrize(
    ("reasons", "reached", "to_come", "is_due"),
    [
        ("", 0, 0, False),
        ("n", 0, 1, False),
        ("na", 0, 2, False),
        ("vn", 1, 1, False),
        ("vnn", 1, 2, False),
        ("vvn", 2, 1, True),
        ("vfn", 2, 1, True),
        ("f", 1, 0, True),
        ("vv", 2, 0, True),
    ],
)
def test_due_is_what_most_have_reached(
    reasons: str, reached: int, to_come: int, is_due: bool
) -> None:
    counted = found(list(reasons))
    assert (counted.reached, counted.to_come, counted.is_due) == (reached, to_come, is_due)
    assert (counted.visit, counted.randomised) == ("V2", len(reasons))


def test_who_left_is_neither_waited_for_nor_there() -> None:
    counted = found(["n", "f"], left="S1")
    assert (counted.reached, counted.to_come, counted.randomised) == (0, 1, 2)
    assert not counted.is_due
    gone = found(["f"], left="S0")
    assert (gone.reached, gone.to_come) == (0, 0)
    assert gone.is_due
