"""Rows of a frame as intervals of subjects, each ended by an event or not."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, column, plain
from trialkit.analysis.frames.groups import excluded_rows, refuse_empty
from trialkit.analysis.survival.follow_up import (
    read_arms,
    read_event,
    read_times,
    refuse_backwards,
)
from trialkit.analysis.survival.tied_times import SAME
from trialkit.errors import AnalysisError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventHistory:
    """The rows with all that they need, of which ``kept`` (N,) says which of the frame's they are.

    Of each kept row (n,): ``subject`` code, arm ``codes``, ``start``, ``stop`` and whether an
    ``event`` ended it; how many events the subject had before (``earlier``), and ``since``, the time
    of the last of them or of the subject's first start.
    """

    kept: np.ndarray
    subject: np.ndarray
    codes: np.ndarray
    arms: tuple[object, ...]
    start: np.ndarray
    stop: np.ndarray
    event: np.ndarray
    earlier: np.ndarray
    since: np.ndarray
    excluded: pd.DataFrame

    @property
    def n_subjects(self) -> int:
        """How many subjects there are."""
        return int(self.subject.max()) + 1


def read_event_history(
    frame: pd.DataFrame,
    *,
    subject: str,
    start: str,
    stop: str,
    event: str,
    arm: str | None,
    reference: object | None = None,
    event_value: object | None = None,
    order: Order | None = None,
) -> EventHistory:
    """The intervals of the subjects; rows with something missing are listed as excluded.

    Raises :class:`AnalysisError` for negative times, an interval that does not end after it starts,
    intervals of a subject that overlap, a subject of two arms and an arm without a row.
    """
    starts, starts_missing = read_times(frame, start, parameter="start")
    stops, stops_missing = read_times(frame, stop, parameter="stop")
    refuse_backwards(starts, stops, start=start, stop=stop)
    happened = read_event(frame, event, event_value=event_value)
    codes, arms = read_arms(frame, arm, reference=reference, order=order)
    people, names = pd.factorize(column(frame, subject, parameter="subject"))
    reasons = (
        (people < 0, f"{subject} is missing"),
        (codes < 0, f"{arm} is missing"),
        (starts_missing, f"{start} is missing"),
        (stops_missing, f"{stop} is missing"),
        (np.isnan(happened), f"{event} is missing"),
    )
    kept = ~np.any([applies for applies, _ in reasons], axis=0)
    sizes = np.bincount(codes[kept], minlength=len(arms))
    refuse_empty(
        tuple((str(name), int(n)) for name, n in zip(arms, sizes, strict=True)),
        of=stop,
        arm=arm or "the data",
    )
    own, person = np.unique(people[kept], return_inverse=True)
    labels = tuple(str(each) for each in plain(names[own]))
    begin, end, ended = starts[kept], stops[kept], happened[kept] == 1
    order_in_time = np.lexsort((begin, person))
    _refuse_overlap(person, begin, end, order_in_time, labels)
    _refuse_two_arms(person, codes[kept], labels, arm)
    earlier, since = _before(
        person[order_in_time], begin[order_in_time], end[order_in_time], ended[order_in_time]
    )
    back = np.argsort(order_in_time)
    return EventHistory(
        kept=kept,
        subject=person,
        codes=codes[kept],
        arms=arms,
        start=begin,
        stop=end,
        event=ended,
        earlier=earlier[back],
        since=since[back],
        excluded=excluded_rows(frame, subject=subject, reasons=reasons),
    )


def _before(
    person: np.ndarray, begin: np.ndarray, end: np.ndarray, ended: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How many events came before each row (n,), and when the last did; rows are in order of time."""
    first = np.append(True, np.diff(person) != 0)
    counted = np.cumsum(ended) - ended
    place = np.arange(len(person))
    beginning = np.maximum.accumulate(np.where(first, place, 0))
    previous = np.append(False, ended[:-1]) & ~first
    origin = np.maximum.accumulate(np.where(first | previous, place, 0))
    before = np.append(0.0, end[:-1])
    since = np.where(previous[origin], before[origin], begin[origin])
    return counted - counted[beginning], since


def _refuse_overlap(
    person: np.ndarray,
    begin: np.ndarray,
    end: np.ndarray,
    order: np.ndarray,
    labels: tuple[str, ...],
) -> None:
    same = np.diff(person[order]) == 0
    overlap = same & (begin[order][1:] < end[order][:-1] * (1 - SAME))
    if overlap.any():
        place = int(np.flatnonzero(overlap)[0])
        first, second = order[place], order[place + 1]
        raise AnalysisError(
            f"subject {labels[person[first]]} is watched twice at once: from {float(begin[second])!r}, "
            f"and still until {float(end[first])!r}; correct the intervals"
        )


def _refuse_two_arms(
    person: np.ndarray, codes: np.ndarray, labels: tuple[str, ...], arm: str | None
) -> None:
    least = np.full(len(labels), codes.max())
    np.minimum.at(least, person, codes)
    strange = np.flatnonzero(codes != least[person])
    if len(strange):
        raise AnalysisError(f"subject {labels[person[strange[0]]]} is in two arms of {arm!r}")
