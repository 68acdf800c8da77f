"""The mean cumulative function of one group: arrays in, arrays out."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from trialkit.analysis.survival.tied_times import distinct_times, place_of

_CELLS = 2_000_000
"""So many pairs of a subject and an event time are held at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanCurve:
    """The mean number of events of ``n`` subjects at the times (K,) of events, and its robust error.

    ``follow_up`` is the time that all were watched together.
    """

    n: int
    follow_up: float
    last_time: float
    times: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray
    mean: np.ndarray
    se: np.ndarray

    @property
    def rate(self) -> float:
        """Events by the time of follow-up."""
        return float(self.events.sum() / self.follow_up)

    def at(self, when: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard error at times (T,): 0 before the first event, NaN after the last stop."""
        place = place_of(when, self.times)
        beyond = when > self.last_time * (1 + 1e-9)
        mean = np.append(0.0, self.mean)[place]
        se = np.append(0.0, self.se)[place]
        return np.where(beyond, np.nan, mean), np.where(beyond, np.nan, se)


def mean_curve(
    subject: np.ndarray, start: np.ndarray, stop: np.ndarray, event: np.ndarray
) -> MeanCurve:
    """The curve of intervals (n,) of subjects by code, each ended by an event or not."""
    times, place = distinct_times(np.concatenate([start, stop]))
    begin, end = place[: len(start)], place[len(start) :]
    where = np.unique(end[event])
    events = np.bincount(end[event], minlength=len(times))[where]
    first = np.searchsorted(where, begin, side="right")
    last = np.searchsorted(where, end, side="right")
    ends = len(where) + 1
    at_risk = np.cumsum(np.bincount(first, minlength=ends) - np.bincount(last, minlength=ends))[:-1]
    step = events / at_risk
    _, person = np.unique(subject, return_inverse=True)
    variance = _robust_variance(
        person, first, last, np.where(event, last - 1, -1), step=step, at_risk=at_risk
    )
    return MeanCurve(
        n=int(person.max()) + 1,
        follow_up=float((stop - start).sum()),
        last_time=float(stop.max()),
        times=times[where],
        at_risk=at_risk,
        events=events,
        mean=np.cumsum(step),
        se=np.sqrt(variance),
    )


def _robust_variance(
    person: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
    own: np.ndarray,
    *,
    step: np.ndarray,
    at_risk: np.ndarray,
) -> np.ndarray:
    """The sum over subjects of the square of what each has more than expected so far, (K,).

    Intervals are at risk at the event times from ``first`` up to before ``last``, and have their own
    event at ``own`` (-1 none).
    """
    count, people = len(step), int(person.max()) + 1
    variance = np.zeros(count)
    if not count:
        return variance
    chunk = max(1, _CELLS // count)
    order = np.argsort(person, kind="stable")
    bounds = np.searchsorted(person[order], np.arange(0, people + chunk, chunk))
    for number, (begin, end) in enumerate(pairwise(bounds)):
        rows = order[begin:end]
        who = person[rows] - number * chunk
        watched = np.zeros((min(chunk, people - number * chunk), count + 1))
        np.add.at(watched, (who, first[rows]), 1.0)
        np.add.at(watched, (who, last[rows]), -1.0)
        more = -np.cumsum(watched, axis=1)[:, :-1] * step
        some = own[rows] >= 0
        np.add.at(more, (who[some], own[rows][some]), 1.0)
        variance += np.square(np.cumsum(more / at_risk, axis=1)).sum(axis=0)
    return variance
