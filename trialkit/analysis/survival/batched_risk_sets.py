"""Who is at risk at each time of many data sets of one shape, sorted at once."""

from dataclasses import dataclass

import numpy as np

from trialkit.errors import AnalysisError

CELLS = 200_000
"""So many subjects are sorted at once: what they need stays near the processor."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BatchedRiskSets:
    """R data sets of n subjects in the order of their times; all arrays are (R, n).

    Places whose time is not known come last, and are not ``seen``. ``first`` is the first place of
    the same time, ``at_risk`` how many are at risk there, and ``tied`` how many events happen at it.
    """

    order: np.ndarray
    seen: np.ndarray
    died: np.ndarray
    new: np.ndarray
    first: np.ndarray
    at_risk: np.ndarray
    before: np.ndarray
    """How many events happen at earlier places."""
    tied: np.ndarray

    @property
    def rank(self) -> np.ndarray:
        """Of an event: how many at its time come before it."""
        return np.asarray(self.before - np.take_along_axis(self.before, self.first, axis=1))

    def of(self, mine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How many of those ``mine`` (subjects,) are at risk at each place, and have an event at its time."""
        own = mine[self.order] & self.seen
        left = own[:, ::-1].cumsum(axis=1)[:, ::-1]
        died = self.died & own
        before = np.cumsum(died, axis=1) - died
        return (
            np.take_along_axis(left, self.first, axis=1),
            _of_tie(died, before, self.new, self.first),
        )


def batched_risk_sets(time: np.ndarray, event: np.ndarray) -> BatchedRiskSets:
    """The risk sets of times (R, n), NaN where not observed, and events (R, n).

    Every event is judged by those at risk at the first place of its time, so that ties need no loop.
    """
    sets, subjects = time.shape
    order = np.argsort(time, axis=1)  # NaN comes last
    sorted_time = np.take_along_axis(time, order, axis=1)
    seen = ~np.isnan(sorted_time)
    died = np.take_along_axis(event, order, axis=1) & seen
    new = np.ones((sets, subjects), dtype=bool)
    new[:, 1:] = sorted_time[:, 1:] != sorted_time[:, :-1]
    first = np.maximum.accumulate(np.where(new, np.arange(subjects), 0), axis=1)
    before = np.cumsum(died, axis=1) - died
    return BatchedRiskSets(
        order=order,
        seen=seen,
        died=died,
        new=new,
        first=first,
        at_risk=seen.sum(axis=1, keepdims=True) - first,
        before=before,
        tied=_of_tie(died, before, new, first),
    )


def checked_times(
    time: np.ndarray, event: np.ndarray, groups: np.ndarray
) -> tuple[np.ndarray, np.ndarray, int]:
    """Times and events as arrays of one shape, and how many arms there are.

    Raises :class:`AnalysisError` for shapes that do not fit, for negative times, and for groups that
    do not number two arms or more from 0.
    """
    time, event = np.asarray(time, dtype=float), np.asarray(event)
    if time.ndim != 2 or event.shape != time.shape or groups.shape != time.shape[1:]:
        raise AnalysisError(
            "time and event must have the shape (replicates, subjects) and groups (subjects,), got "
            f"{time.shape}, {event.shape} and {groups.shape}"
        )
    if (time < 0).any() or np.isinf(time).any():
        raise AnalysisError("times must be 0 or more and finite, or NaN where not observed")
    known = np.unique(groups)
    if len(known) < 2 or known.tolist() != list(range(len(known))):
        raise AnalysisError("groups must number two arms or more from 0, each with a subject")
    return time, event.astype(bool), len(known)


def _of_tie(died: np.ndarray, before: np.ndarray, new: np.ndarray, first: np.ndarray) -> np.ndarray:
    """How many events happened at the time of each place, (R, n)."""
    if new.all():
        return died.astype(float)
    subjects = died.shape[1]
    starts_next = np.concatenate([new[:, 1:], np.ones((len(new), 1), dtype=bool)], axis=1)
    last = np.where(starts_next, np.arange(subjects), subjects)
    last = np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    through = before + died
    return np.asarray(
        np.take_along_axis(through, last, axis=1) - np.take_along_axis(before, first, axis=1),
        dtype=float,
    )
