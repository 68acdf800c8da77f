"""Exact permutation distributions of sums of integer scores (the shift algorithm).

Streitberg B, Röhmel J. EDV in Medizin und Biologie 1986;17:8-15. Every subset, or every
assignment of signs, is counted, but by the sum it gives and not one by one: ties cost nothing.
Subsets too many to be counted at once have their distribution by inversion (``tilted_draws``).
"""

import math
from dataclasses import dataclass

import numpy as np

from trialkit.analysis.means.tilted_draws import Urn, even_draws, tilted_towards
from trialkit.errors import AnalysisError

_AT_ONCE = 1e8  # additions; some hundredths of a second
_MOST_WORK = 5e9  # additions; a few seconds
_MOST_CELLS = 1e8  # sums kept at once; 0.8 GB
_ROUNDING = 1e-12
_NEAR = 0.1  # a tail of so much has twelve digits of thirteen decimals


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SumDistribution:
    """The probability of each sum ``start, start + step, …``, all assignments equally likely."""

    start: int
    probability: np.ndarray
    step: int = 1

    @property
    def end(self) -> int:
        """The largest sum."""
        return self.start + self.step * (len(self.probability) - 1)

    @property
    def mean(self) -> float:
        """The expected sum."""
        return float(self.start + self.step * (np.arange(len(self.probability)) @ self.probability))

    def at_most(self, total: int) -> float:
        """P(sum ≤ total)."""
        count = (total - self.start) // self.step + 1
        return float(min(self.probability[: max(count, 0)].sum(), 1.0))

    def at_least(self, total: int) -> float:
        """P(sum ≥ total)."""
        first = -((self.start - total) // self.step)
        return float(min(self.probability[max(first, 0) :].sum(), 1.0))

    def as_far_from(self, centre: float, total: int) -> float:
        """P(|sum − centre| ≥ |total − centre|): both tails, neither doubled nor halved."""
        steps = np.arange(len(self.probability))
        middle = (centre - self.start) / self.step  # counted in steps, so that any unit is alike
        distance = abs((total - self.start) / self.step - middle)
        far = np.abs(steps - middle) >= distance * (1 - _ROUNDING) - _ROUNDING
        return float(min(self.probability[far].sum(), 1.0))

    def central(self, tail: float) -> tuple[int, int]:
        """The smallest and the largest sum beyond or at which at least ``tail`` lies.

        A test of level ``tail`` on one side does not reject what lies between, both included: on
        the boundary it decides as R's ``wilcox.test`` does, and alike on both sides.
        """
        below = np.cumsum(self.probability)
        above = np.cumsum(self.probability[::-1])
        lowest = int(np.searchsorted(below, tail - _ROUNDING))
        highest = len(above) - 1 - int(np.searchsorted(above, tail - _ROUNDING))
        return self.start + self.step * lowest, self.start + self.step * highest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InvertedSums(SumDistribution):
    """The distribution of what is drawn from an urn, where counting would take long.

    ``probability`` is right to thirteen decimals; a small one of a tail is computed for itself, so
    that it has as many digits as a large one. A sum s of the urn is ``origin`` + ``step`` · s.
    """

    urn: Urn
    origin: int

    @property
    def mean(self) -> float:
        """The expected sum."""
        return self.origin + self.step * self.urn.mean

    def at_most(self, total: int) -> float:
        """P(sum ≤ total)."""
        return self._below((total - self.origin) // self.step)

    def at_least(self, total: int) -> float:
        """P(sum ≥ total)."""
        return self._above(-((self.origin - total) // self.step))

    def as_far_from(self, centre: float, total: int) -> float:
        """P(|sum − centre| ≥ |total − centre|): both tails, neither doubled nor halved."""
        middle = (centre - self.origin) / self.step
        distance = abs((total - self.origin) / self.step - middle) * (1 - _ROUNDING) - _ROUNDING
        if distance <= 0:
            return 1.0
        low, high = math.floor(middle - distance), math.ceil(middle + distance)
        above = self._above(high)
        if self.urn.is_symmetric and low + high == self.urn.least + self.urn.most:
            return min(2 * above, 1.0)
        return min(self._below(low) + above, 1.0)

    def _below(self, last: int) -> float:
        """P(sum of the urn ≤ last)."""
        if last < self.urn.least:
            return 0.0
        near = SumDistribution.at_most(self, self.origin + self.step * last)
        return near if near > _NEAR else tilted_towards(self.urn, last).at_most(last)

    def _above(self, first: int) -> float:
        """P(sum of the urn ≥ first)."""
        if first > self.urn.most:
            return 0.0
        near = SumDistribution.at_least(self, self.origin + self.step * first)
        return near if near > _NEAR else tilted_towards(self.urn, first).at_least(first)


def subset_sums(scores: np.ndarray, size: int) -> SumDistribution:
    """The distribution of the sum of ``size`` of the integer ``scores``, drawn at random."""
    if not 0 < size < len(scores):
        raise AnalysisError(f"cannot draw {size} of {len(scores)} scores at random")
    least = int(scores.min())
    shifted = np.sort(np.asarray(scores, dtype=np.int64) - least)
    step = max(int(np.gcd.reduce(shifted)), 1)
    shifted = shifted // step
    drawn = min(size, len(scores) - size)  # the rest's sum is the total less the drawn sum
    highest = int(shifted[-drawn:].sum())
    additions = len(shifted) * drawn * (highest + 1)
    if additions > _AT_ONCE and (found := _inverted(shifted, size, origin=least * size, step=step)):
        return found
    _refuse_work(additions, cells=(drawn + 1) * (highest + 1))
    counts = np.zeros((drawn + 1, highest + 1))
    counts[0, 0] = 1.0
    for seen, score in enumerate(shifted, start=1):
        most = min(seen, drawn)
        reach = int(shifted[seen - most : seen].sum())  # no sum so far can be larger
        counts[1 : most + 1, score : reach + 1] += counts[:most, : reach + 1 - score]
    possible = np.flatnonzero(counts[drawn])
    least_drawn, most_drawn = int(possible[0]), int(possible[-1])
    probability = counts[drawn, least_drawn : most_drawn + 1] / counts[drawn].sum()
    lowest = least_drawn
    if drawn != size:
        probability = probability[::-1]
        lowest = int(shifted.sum()) - most_drawn
    return SumDistribution(start=lowest * step + least * size, probability=probability, step=step)


def _inverted(shifted: np.ndarray, size: int, *, origin: int, step: int) -> InvertedSums | None:
    """The distribution by inversion; None where that would take long, or all scores are alike."""
    values, counts = np.unique(shifted, return_counts=True)
    urn = Urn(scores=values, counts=counts, size=size)
    if len(values) < 2:
        return None
    draws = even_draws(urn)
    if not draws.is_affordable:
        return None
    return InvertedSums(
        start=origin + step * draws.window.start,
        probability=draws.joint / draws.joint.sum(),
        step=step,
        urn=urn,
        origin=origin,
    )


def signed_sums(scores: np.ndarray) -> SumDistribution:
    """The distribution of the sum of those integer ``scores`` that a fair coin keeps."""
    kept = np.asarray(scores, dtype=np.int64)
    step = max(int(np.gcd.reduce(kept)), 1)
    kept = kept // step
    highest = int(kept.sum())
    _refuse_work(len(kept) * (highest + 1), cells=highest + 1)
    probability = np.zeros(highest + 1)
    probability[0] = 1.0
    for score in kept:
        moved = np.zeros_like(probability)
        moved[score:] = probability[: highest + 1 - score]
        probability = (probability + moved) / 2
    return SumDistribution(start=0, probability=probability, step=step)


def _refuse_work(additions: int, *, cells: int) -> None:
    if additions > _MOST_WORK or cells > _MOST_CELLS:
        raise AnalysisError(
            f"the exact permutation distribution needs {additions:.0e} additions over {cells:.0e} "
            f"sums, more than {_MOST_WORK:.0e} over {_MOST_CELLS:.0e}; plan the asymptotic test or "
            "a Monte Carlo re-randomisation"
        )
