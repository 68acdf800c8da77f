"""A log of events and how long each subject was watched, as the intervals that estimators take."""

import numpy as np
import pandas as pd

from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import column, plain
from trialkit.analysis.survival.follow_up import read_times
from trialkit.analysis.survival.tied_times import SAME
from trialkit.errors import AnalysisError

ADDED = ("start", "stop", "event")


def intervals_of_events(
    subjects: AnyFrame,
    events: AnyFrame,
    *,
    subject: str,
    until: str,
    time: str,
    unit: float = 1.0,
) -> pd.DataFrame:
    """The intervals of each subject between its events, and after the last until its follow-up ends.

    ``subjects`` has one row a subject, watched from 0 ``until`` a time; ``events`` has one row an
    event, with the ``time`` since the subject's origin. The result has the columns of ``subjects``
    with ``start``, ``stop`` and ``event``, a row an interval, in the order of subjects and time: what
    :func:`mean_cumulative` and the regressions of recurrent events take.

    Of several events of a subject at one time all but the last are put earlier, evenly within the
    ``unit`` of time (a day) before it, and not before the event before: each needs an interval of
    its own. Raises :class:`AnalysisError` for a missing, negative or zero time, an event of an
    unknown subject or after its follow-up, a subject with two rows, and a column that is already
    named like those added.
    """
    subjects = as_pandas(subjects)
    events = as_pandas(events)
    if not unit > 0:
        raise AnalysisError(f"unit must be a length of time above 0, got {unit!r}")
    taken = [name for name in ADDED if name in subjects.columns]
    if taken:
        raise AnalysisError(f"the subjects already have a column {taken[0]!r}; rename it")
    names = column(subjects, subject, parameter="subject")
    if names.isna().any() or names.duplicated().any():
        raise AnalysisError(f"every row of the subjects needs a {subject!r} of its own")
    ends = _known_times(subjects, until, parameter="until")
    happened = _known_times(events, time, parameter="time")
    named = column(events, subject, parameter="subject")
    person = pd.Index(names).get_indexer(pd.Index(named))
    if (person < 0).any():
        raise AnalysisError(
            f"an event is of {subject} {plain(named[person < 0])[0]!r}, who is not among the subjects"
        )
    order = np.lexsort((happened, person))
    person, happened = person[order], happened[order]
    late = happened > ends[person] * (1 + SAME)
    if late.any():
        first = int(np.flatnonzero(late)[0])
        raise AnalysisError(
            f"{int(late.sum())} event(s) are after their subject was watched, such as at "
            f"{float(happened[first])!r} of {plain(names)[person[first]]!r}, watched until "
            f"{float(ends[person[first]])!r}",
            advice="correct the follow-up, or leave out what happened after it",
        )
    apart = np.minimum(_spread(person, happened, unit=unit), ends[person])
    return _intervals(subjects, person, apart, ends)


def _known_times(frame: pd.DataFrame, name: str, *, parameter: str) -> np.ndarray:
    values, missing = read_times(frame, name, parameter=parameter)
    if missing.any() or not (values > 0).all():
        raise AnalysisError(
            f"{parameter}={name!r} holds a time that is missing or 0, at which nobody was watched yet"
        )
    return values


def _spread(person: np.ndarray, happened: np.ndarray, *, unit: float) -> np.ndarray:
    """Times (n,), in order of subject and time, of which those at one time are set apart."""
    if not len(happened):
        return happened
    new = np.append(True, (np.diff(person) != 0) | (np.diff(happened) > SAME * happened[1:]))
    group = np.cumsum(new) - 1
    first = np.flatnonzero(new)
    size = np.diff(np.append(first, len(happened)))
    own_before = np.append(False, person[1:] == person[:-1])[first]
    before = np.where(own_before, happened[first - 1], 0.0)
    room = np.minimum(unit, happened[first] - before)
    left = size[group] - 1 - (np.arange(len(happened)) - first[group])
    return np.asarray(happened - left * room[group] / size[group])


def _intervals(
    subjects: pd.DataFrame, person: np.ndarray, happened: np.ndarray, ends: np.ndarray
) -> pd.DataFrame:
    """A row for each event, and for what is left after the last of a subject."""
    last = np.zeros(len(subjects))
    last[person] = happened  # in order of time, so that the last one stays
    rest = np.flatnonzero(last < ends * (1 - SAME))
    who = np.concatenate([person, rest])
    stop = np.concatenate([happened, ends[rest]])
    event = np.repeat([True, False], [len(person), len(rest)])
    order = np.lexsort((stop, who))
    who, stop = who[order], stop[order]
    same = np.append(False, np.diff(who) == 0)
    start = np.where(same, np.append(0.0, stop[:-1]), 0.0)
    return (
        subjects.iloc[who].assign(start=start, stop=stop, event=event[order]).reset_index(drop=True)
    )
