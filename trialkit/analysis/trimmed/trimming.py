"""How many of each arm are trimmed, and the difference of trimmed means, allocation by allocation.

Values are turned so that low ones are bad; whoever has no value, or failed, is minus infinity.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from trialkit.analysis.resampling.allocations import OtherAllocations

_AT_ONCE = 2_000_000  # participants times allocations whose numbers are made together
_AS_EXTREME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimming:
    """Which share of each arm is trimmed: a fixed one, or the largest share that ranks worst.

    ``elsewhere`` are the numbers ranking worst and all of arms that are not compared: their share
    counts, too, so that a trial has one share.
    """

    fixed: Fraction | None = None
    elsewhere: tuple[tuple[int, int], ...] = ()

    def number(self, size: int, others: tuple[tuple[int, int], ...]) -> int:
        """How many of ``size`` are trimmed where arms have these (worst, all); parts count as whole."""
        if self.fixed is not None:
            return _ceiling(size * self.fixed)
        shares = [Fraction(worst, n) for worst, n in (*others, *self.elsewhere)]
        return _ceiling(size * max(shares))

    def numbers(self, size: int, counts: tuple[tuple[np.ndarray, int], ...]) -> np.ndarray:
        """The same for many allocations: ``counts`` are the worst (allocation,) and all of each arm."""
        if self.fixed is not None:
            return np.full(len(counts[0][0]), _ceiling(size * self.fixed))
        least = max((-(-size * worst // n) for worst, n in self.elsewhere), default=0)
        each = [-(-size * worst // n) for worst, n in counts]
        return np.asarray(np.maximum(np.maximum.reduce(each), least))


def _ceiling(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)


def trimmed_mean(values: np.ndarray, number: int) -> float:
    """The mean of ``values`` (n,) without the ``number`` lowest; −∞ where one of those left is."""
    return float(np.mean(np.sort(values)[number:]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrimmedPair:
    """The values of two arms (n,), who is treated (n,), and what else the randomisation allowed."""

    values: np.ndarray
    treated: np.ndarray
    trimming: Trimming
    allocations: OtherAllocations

    @property
    def difference(self) -> float:
        """Trimmed mean of the treated less that of the others, as they were allocated."""
        one, other = self.values[self.treated], self.values[~self.treated]
        counts = tuple((int(np.isneginf(each).sum()), len(each)) for each in (one, other))
        means = [
            trimmed_mean(each, self.trimming.number(len(each), counts)) for each in (one, other)
        ]
        return means[0] - means[1]

    def shifted(self, by: float) -> "TrimmedPair":
        """The same as if the treated had ``by`` less: what there would be without such an effect."""
        return replace(self, values=np.where(self.treated, self.values - by, self.values))

    def differences(self) -> np.ndarray:
        """The difference in each allocation; NaN where both arms keep somebody who ranks worst.

        Where one arm alone keeps such, its mean is −∞, and the difference is infinite.
        """
        patterns = self.allocations.treated
        order = np.argsort(self.values, kind="stable")
        ranked = self.values[order]
        step = max(1, _AT_ONCE // len(ranked))
        return np.concatenate(
            [
                self._some(patterns[order, start : start + step], ranked)
                for start in range(0, patterns.shape[1], step)
            ]
        )

    def _some(self, one: np.ndarray, ranked: np.ndarray) -> np.ndarray:
        """The differences of some allocations, with the worst first in ``one`` and ``ranked``."""
        n, n_worst = len(ranked), int(np.isneginf(ranked).sum())
        size = int(self.treated.sum())
        place = np.cumsum(one, axis=0, dtype=np.int32)
        of_one = (
            place[n_worst - 1].astype(np.int64) if n_worst else np.zeros(one.shape[1], np.int64)
        )
        counts = ((of_one, size), (n_worst - of_one, n - size))
        finite = np.where(np.isneginf(ranked), 0.0, ranked)
        means = []
        for own, rank, (worst, members) in (
            (one, place, counts[0]),
            (~one, np.arange(1, n + 1, dtype=np.int32)[:, None] - place, counts[1]),
        ):
            number = self.trimming.numbers(members, counts)
            kept = own & (rank > number)
            total = finite @ kept
            with np.errstate(divide="ignore", invalid="ignore"):
                mean = np.where(members > number, total / (members - number), -np.inf)
            means.append(np.where(worst > number, -np.inf, mean))
        with np.errstate(invalid="ignore"):
            return np.asarray(means[0] - means[1])

    def as_extreme(self) -> int:
        """In how many allocations the difference is at least as far from 0; undefined ones count."""
        found = np.abs(self.differences())
        bounded = found[np.isfinite(found)]
        observed = abs(self.difference)
        tolerance = _AS_EXTREME * max(float(bounded.max(initial=0.0)), observed)
        return int((np.isnan(found) | (found >= observed - tolerance)).sum())

    def share(self, hits: int) -> float:
        """``hits`` as a share of the allocations; of drawn ones, with the observed one counted."""
        number = int(self.allocations.treated.shape[1])
        return hits / number if self.allocations.exact else (hits + 1) / (number + 1)


def limits(pair: TrimmedPair, alpha: float) -> tuple[float, float]:
    """The differences that the permutation test does not reject at ``alpha``, from end to end.

    A supposed difference is taken off the treated, and what is left tested among the same allocations.
    ±∞ where no difference is rejected on a side.
    """
    seen = pair.values[np.isfinite(pair.values)]
    spread = float(np.ptp(seen)) or 1.0
    estimate = pair.difference

    def kept(difference: float) -> bool:
        left = pair.shifted(difference)
        return left.share(left.as_extreme()) > alpha

    return _end(kept, estimate, -spread), _end(kept, estimate, spread)


def _end(kept: Callable[[float], bool], estimate: float, spread: float) -> float:
    """Where, going from the estimate, a difference is no longer kept."""
    inside, step = estimate, spread / 16
    while kept(estimate + step):
        inside = estimate + step
        step *= 2
        # beyond all values the order does not change any more, and nothing else is rejected
        if abs(step) > 8 * abs(spread):
            return math.copysign(math.inf, spread)
    outside = estimate + step
    while abs(outside - inside) > 1e-6 * abs(spread):
        middle = (inside + outside) / 2
        if kept(middle):
            inside = middle
        else:
            outside = middle
    return (inside + outside) / 2
