"""Events say from which visit on a subject is affected."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.imputation.events import read_events, renamed
from trialkit.errors import AnalysisError

SUBJECTS, VISITS = ("a", "b", "c"), (1, 2, 3)


def read(rows):
    frame = pd.DataFrame(rows, columns=["who", "when", "strategy"])
    return read_events(frame, subject="who", visit="when", subjects=SUBJECTS, visits=VISITS)


def test_visits_from_the_event_on_are_affected():
    found = read([("b", 2, "jump-to-reference"), ("c", 1, "missing-at-random")])
    assert found.after.tolist() == [[False] * 3, [False, True, True], [True] * 3]
    assert found.not_at_random.tolist() == [[False] * 3, [False, True, True], [False] * 3]
    assert found.strategy == ("missing-at-random", "jump-to-reference", "missing-at-random")


def test_no_frame_is_no_event():
    found = read_events(None, subject="who", visit="when", subjects=SUBJECTS, visits=VISITS)
    assert not found.after.any()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("z", 2, "x")], "events name the subject 'z', which is not a subject of the data"),
        ([("a", 9, "x")], "the event of 'a' stands at the visit 9, which is not a visit"),
        ([("a", 1, "x"), ("a", 2, "x")], "two rows of subject 'a'"),
        ([("a", 1, None)], "the event of subject 'a' has no strategy"),
    ],
)
def test_events_that_mean_nothing_are_refused(rows, message):
    with pytest.raises(AnalysisError, match=message):
        read(rows)


def test_strategies_are_renamed_for_all_or_by_name():
    found = read([("a", 3, "jump-to-reference"), ("b", 2, "mine")])
    nothing = np.full((3, 3), np.nan)
    assert renamed(found, None, nothing) is found
    assert renamed(found, "x", nothing).strategy == ("x", "x", "missing-at-random")
    assert renamed(found, {"mine": "y"}, nothing).strategy[:2] == ("jump-to-reference", "y")


def test_what_the_model_used_cannot_be_renamed_away():
    found = read([("a", 3, "jump-to-reference"), ("b", 2, "missing-at-random")])
    seen = np.full((3, 3), np.nan)
    seen[0, 2] = 1.0
    assert renamed(found, "copy-reference", np.full((3, 3), np.nan)).strategy[1] == "copy-reference"
    with pytest.raises(AnalysisError, match=r"1 subject\(s\) have values after the event"):
        renamed(found, "missing-at-random", seen)
