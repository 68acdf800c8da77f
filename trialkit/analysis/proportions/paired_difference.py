"""Confidence intervals for the difference of two risks in the same subjects."""

from dataclasses import dataclass
from typing import assert_never

import numpy as np
from scipy.special import ndtri

from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.proportions.exact import wilson
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import PairedInterval
from trialkit.protocol.tables.choices import choose

_EDGE = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedCounts:
    """Subjects by whether they had the event at both measurements, at one, or at neither."""

    both: int
    gained: int
    """With the event at the second measurement alone."""
    lost: int
    """With the event at the first measurement alone."""
    neither: int

    def __post_init__(self) -> None:
        counts = (self.both, self.gained, self.lost, self.neither)
        if min(counts) < 0 or sum(counts) == 0:
            raise AnalysisError(f"pairs are counted from 0 on, and there is one: got {counts}")

    @property
    def n(self) -> int:
        """How many subjects there are."""
        return self.both + self.gained + self.lost + self.neither

    @property
    def difference(self) -> float:
        """The second risk minus the first."""
        return (self.gained - self.lost) / self.n


def paired_difference_limits(
    pairs: PairedCounts,
    *,
    interval: PairedInterval | str = PairedInterval.TANGO,
    conf_level: float = 0.95,
) -> tuple[float, float]:
    """The limits of the difference of two risks in the same subjects.

    Estimand
        The second risk minus the first, from −1 to 1.

    Reference
        Newcombe RG. Stat Med 1998;17:2635-2650, method 10 (``newcombe``). Tango T. Stat Med
        1998;17:891-908 (``tango``). Both recommended by Fagerland MW, Lydersen S, Laake P. Stat Med
        2014;33:2850-2875.

    Checked against
        ``tests/reference/published/ratesci.json`` (the papers' examples),
        ``tests/reference/published/contingencytables.json``

    Raises :class:`AnalysisError` for a level that is no proportion.
    """
    check_level(conf_level)
    kind = choose(PairedInterval, interval, parameter="interval")
    match kind:
        case PairedInterval.NEWCOMBE:
            return _square_and_add(pairs, conf_level)
        case PairedInterval.TANGO:
            return _tango(pairs, conf_level)
        case _:
            assert_never(kind)


def _square_and_add(pairs: PairedCounts, conf_level: float) -> tuple[float, float]:
    """Wilson's intervals of both risks, put together with their correlation."""
    first, second, n = pairs.both + pairs.lost, pairs.both + pairs.gained, pairs.n
    low1, high1 = wilson(first, n, conf_level=conf_level)
    low2, high2 = wilson(second, n, conf_level=conf_level)
    phi = _correlation(pairs)
    risk1, risk2 = first / n, second / n

    def distance(one: float, other: float) -> float:
        return float(np.sqrt(max(one**2 + other**2 - 2 * phi * one * other, 0.0)))

    low = pairs.difference - distance(risk2 - low2, high1 - risk1)
    high = pairs.difference + distance(high2 - risk2, risk1 - low1)
    return max(low, -1.0), min(high, 1.0)


def _correlation(pairs: PairedCounts) -> float:
    """Newcombe's phi: positive ones corrected for continuity, 0 where a margin is empty."""
    first, second, n = pairs.both + pairs.lost, pairs.both + pairs.gained, pairs.n
    margins = first * (n - first) * second * (n - second)
    if margins == 0:
        return 0.0
    excess: float = pairs.both * pairs.neither - pairs.gained * pairs.lost
    if excess > 0:
        excess = max(excess - n / 2, 0.0)
    return float(excess / np.sqrt(margins))


def _tango(pairs: PairedCounts, conf_level: float) -> tuple[float, float]:
    """The differences that the score test just does not reject."""
    quantile = float(-ndtri((1 - conf_level) / 2))
    low, high = -1.0 + _EDGE, 1.0 - _EDGE

    def crossing(level: float) -> float:
        return bracketed_root(lambda delta: _score(pairs, delta) - level, low, high, xtol=1e-15)

    return (
        -1.0 if _score(pairs, low) <= quantile else crossing(quantile),
        1.0 if _score(pairs, high) >= -quantile else crossing(-quantile),
    )


def _score(pairs: PairedCounts, delta: float) -> float:
    """The score statistic of the hypothesis that the difference is ``delta``.

    ``lost`` is the likeliest risk of losing the event under it, the root of a square equation.
    """
    n, gained, lost_count = pairs.n, pairs.gained, pairs.lost
    b = -gained - lost_count + (2 * n - gained + lost_count) * delta
    c = -lost_count * delta * (1 - delta)
    lost = (np.sqrt(max(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
    variance = n * (2 * lost + delta * (1 - delta))
    distance = gained - lost_count - n * delta
    if variance > 0:
        return float(distance / np.sqrt(variance))
    return float(np.copysign(np.inf, distance)) if distance else 0.0
