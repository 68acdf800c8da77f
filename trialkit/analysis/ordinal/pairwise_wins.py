"""Who of two subjects has the better outcome, by one outcome or by several in their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from trialkit.analysis.frames.frames import Order, column, levels, numbers
from trialkit.analysis.frames.groups import refuse_empty
from trialkit.errors import AnalysisError

CHUNK = 4_000_000
"""So many pairs at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedOutcome:
    """A number or an ordered level; ``margin`` is how much more a number must be to count as better."""

    column: str
    higher_is_better: bool = True
    margin: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedOutcome:
    """A time to an event, or to the end of follow-up where ``event`` is 0 or False.

    Whoever is known to have had the event later wins (``later_is_better``): the other one had it
    while this one was still followed without it. Otherwise nobody does.
    """

    time: str
    event: str
    later_is_better: bool = True


WinOutcome: TypeAlias = RankedOutcome | TimedOutcome


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadOutcome:
    """An outcome of all rows: ``value`` with NaN where missing, ``happened`` where it is a time."""

    value: np.ndarray
    happened: np.ndarray | None
    higher_is_better: bool
    margin: float

    def of(self, rows: np.ndarray) -> "ReadOutcome":
        """Some of the rows."""
        return ReadOutcome(
            value=self.value[rows],
            happened=None if self.happened is None else self.happened[rows],
            higher_is_better=self.higher_is_better,
            margin=self.margin,
        )


def read_outcome(frame: pd.DataFrame, outcome: WinOutcome, *, order: Order | None) -> ReadOutcome:
    """The outcome as numbers; raises ``AnalysisError`` for what is none."""
    if isinstance(outcome, TimedOutcome):
        time = numbers(frame, outcome.time, parameter="time")
        happened = numbers(frame, outcome.event, parameter="event")
        known = happened[~np.isnan(happened)]
        if ((known != 0) & (known != 1)).any() or (time < 0).any():
            raise AnalysisError(
                f"event={outcome.event!r} must be 1 or 0, and time={outcome.time!r} not negative"
            )
        missing = np.isnan(time) | np.isnan(happened)
        return ReadOutcome(
            value=np.where(missing, np.nan, time),
            happened=happened == 1,
            higher_is_better=outcome.later_is_better,
            margin=0.0,
        )
    if not outcome.margin >= 0:
        raise AnalysisError(f"margin={outcome.margin!r} must be 0 or more")
    dtype = column(frame, outcome.column, parameter="outcome").dtype
    if pd.api.types.is_numeric_dtype(dtype) and outcome.column not in (order or {}):
        value = numbers(frame, outcome.column, parameter="outcome")
    else:
        codes, _ = levels(frame, outcome.column, parameter="outcome", order=order)
        value = np.where(codes < 0, np.nan, codes.astype(float))
    return ReadOutcome(
        value=value,
        happened=None,
        higher_is_better=outcome.higher_is_better,
        margin=outcome.margin,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WinShares:
    """Of each experimental subject (m,) the share of the other arm it beats and loses to; of each
    reference subject (n,) the share that beats it and that loses to it; ``by_outcome`` the shares of
    all pairs won and lost at each outcome (k, 2).
    """  # noqa: D205

    wins: np.ndarray
    losses: np.ndarray
    wins_over: np.ndarray
    losses_to: np.ndarray
    by_outcome: np.ndarray


def win_shares(
    outcomes: Sequence[ReadOutcome], experimental: np.ndarray, reference: np.ndarray
) -> WinShares:
    """Compare every two subjects, by the first outcome that tells them apart.

    A missing value tells nobody apart: the next outcome is asked.
    """
    m, n = len(experimental), len(reference)
    refuse_empty((("experimental", m), ("reference", n)), of="the outcomes", arm="arm")
    wins, losses = np.zeros(m), np.zeros(m)
    over, to = np.zeros(n), np.zeros(n)
    decided = np.zeros((len(outcomes), 2))
    step = max(1, CHUNK // n)
    others = [each.of(reference) for each in outcomes]
    for first in range(0, m, step):
        part = experimental[first : first + step]
        result = np.zeros((len(part), n), dtype=np.int8)
        for number, (own, other) in enumerate(zip(outcomes, others, strict=True)):
            found = np.where(result == 0, _compared(own.of(part), other), 0)
            decided[number] += [(found > 0).sum(), (found < 0).sum()]
            result = result + found.astype(np.int8)
        wins[first : first + step] = (result > 0).mean(axis=1)
        losses[first : first + step] = (result < 0).mean(axis=1)
        over += (result > 0).sum(axis=0)
        to += (result < 0).sum(axis=0)
    return WinShares(
        wins=wins, losses=losses, wins_over=over / m, losses_to=to / m, by_outcome=decided / (m * n)
    )


def _compared(own: ReadOutcome, other: ReadOutcome) -> np.ndarray:
    """1 where the row's subject is better, −1 where the column's is, 0 where nobody is known to be."""
    one, two = own.value[:, None], other.value[None, :]
    if own.happened is None or other.happened is None:
        apart = one - two
        higher, lower = apart > own.margin, -apart > own.margin
    else:
        mine, theirs = own.happened[:, None], other.happened[None, :]
        # an event at the time at which the other's follow-up ends came first
        higher = theirs & ((two < one) | ((two == one) & ~mine))
        lower = mine & ((one < two) | ((one == two) & ~theirs))
    sign = 1 if own.higher_is_better else -1
    return np.asarray(sign * (higher.astype(np.int8) - lower.astype(np.int8)))
