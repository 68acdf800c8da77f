"""A log of events becomes intervals that hold every event and every day once."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.recurrent.event_log import intervals_of_events
from trialkit.analysis.recurrent.mean_cumulative import mean_cumulative
from trialkit.errors import AnalysisError

COLUMNS = {"subject": "id", "until": "days", "time": "day"}


def people(**changes):
    return pd.DataFrame({"id": ["a", "b", "c"], "days": [30, 20, 10], "arm": [0, 1, 0]}).assign(
        **changes
    )


def test_intervals_run_from_event_to_event_and_to_the_end():
    log = pd.DataFrame({"id": ["a", "c", "a"], "day": [12, 10, 5]})
    found = intervals_of_events(people(), log, **COLUMNS)
    assert found[["id", "start", "stop", "event"]].to_numpy().tolist() == [
        ["a", 0, 5, True], ["a", 5, 12, True], ["a", 12, 30, False],
        ["b", 0, 20, False],
        ["c", 0, 10, True],
    ]  # fmt: skip
    assert found["arm"].tolist() == [0, 0, 0, 1, 0]


def test_events_of_one_day_are_set_apart_within_it_and_after_the_one_before():
    log = pd.DataFrame({"id": ["a"] * 5, "day": [4, 4, 4.5, 4.5, 9]})
    found = intervals_of_events(people(), log, **COLUMNS)
    stops = found.loc[found["event"], "stop"].tolist()
    assert stops == pytest.approx([3.5, 4, 4.25, 4.5, 9])
    hours = intervals_of_events(people(), log, **COLUMNS, unit=0.1)
    assert hours.loc[hours["event"], "stop"].tolist() == pytest.approx([3.95, 4, 4.45, 4.5, 9])


@settings(max_examples=examples(60))
@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(0, 40))
def test_every_event_and_every_day_is_there_once(seed, n, count):
    rng = np.random.default_rng(seed)
    who = pd.DataFrame({"id": np.arange(n), "days": rng.integers(3, 60, n), "arm": 0})
    person = rng.integers(0, n, count)
    log = pd.DataFrame(
        {"id": person, "day": np.ceil(rng.random(count) * who["days"].to_numpy()[person])}
    )
    found = intervals_of_events(who, log, **COLUMNS)
    assert (found["stop"] > found["start"]).all()
    each = found.groupby("id")
    assert each["event"].sum().tolist() == np.bincount(person, minlength=n).tolist()
    length = (found["stop"] - found["start"]).groupby(found["id"]).sum()
    assert length.tolist() == pytest.approx(who["days"].tolist())
    curve = mean_cumulative(found, subject="id", start="start", stop="stop", event="event")
    assert curve.to_frame()["events"].tolist() == [count]


def test_a_log_without_events_leaves_one_interval_each():
    log = pd.DataFrame({"id": pd.Series(dtype=str), "day": pd.Series(dtype=float)})
    found = intervals_of_events(people(), log, **COLUMNS)
    assert found["event"].tolist() == [False] * 3
    assert found["stop"].tolist() == [30, 20, 10]


@pytest.mark.parametrize(
    ("subjects", "log", "options", "says"),
    [
        ({}, {"day": [31.0]}, {}, "after their subject was watched"),
        ({}, {"day": [0.0]}, {}, "missing or 0"),
        ({}, {"day": [-1.0]}, {}, "negative"),
        ({}, {"id": ["z"]}, {}, "'z', who is not among"),
        ({"id": ["a", "a", "b"]}, {}, {}, "of its own"),
        ({"days": [30, None, 10]}, {}, {}, "missing or 0"),
        ({"stop": 1}, {}, {}, "already have a column 'stop'"),
        ({}, {}, {"unit": 0}, "above 0"),
        ({}, {}, {"until": "weeks"}, "not a column"),
    ],
)
def test_a_log_that_contradicts_the_follow_up_is_refused(subjects, log, options, says):
    frame = pd.DataFrame({"id": ["a"], "day": [5.0]}).assign(**log)
    with pytest.raises(AnalysisError, match=says):
        intervals_of_events(people(**subjects), frame, **(COLUMNS | options))
