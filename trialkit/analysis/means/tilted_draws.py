"""The sum of scores drawn at random, by inverting its characteristic function near the sum asked about.

Drawing ``size`` of N scores at random is tossing a coin for each score, given that ``size`` are
drawn, whatever the odds exp(α + τ·score) of the coins: a set of ``size`` scores with sum s comes up
with a probability that depends on s alone, so that the probability of s follows from that of the
coins by a known factor. α and τ are chosen so that ``size`` and the sum asked about are what the
coins are expected to give: there the probability is large, and rounding costs no digit of it, though
the sum itself be as rare as 1e-200 (exponential tilting: Good IJ, Ann Math Stat 1957;28:861-881).

The joint probability of count and sum is a Fourier sum over the product of the coins' characteristic
functions on a grid. Nearly all of the grid is negligible, and a bound tells which part:
|1 − p + p·exp(ix)|² = 1 − y with y = 2p(1 − p)(1 − cos x), and ln(1 − y) ≤ −(y + y²/2 + … + y⁶/6) is
a sum of six cosines of x, whose sum over all scores is a Fourier transform of the scores.
What is left out, folded over and rounded is bounded likewise, see :attr:`TiltedDraws.error`.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import fft
from scipy.special import expit

from trialkit.errors import AnalysisError

_NEGLIGIBLE = 52.0
"""Probabilities and terms below exp(−52) = 3e-23 are left out."""
_TERMS = 6
_AT_ONCE = 1_000_000
_MOST_ERROR = 1e-8  # the bound on that of a probability; what is found is far better
_MOST_PERIOD = 1 << 24
_MOST_NODES = 5e7
_MOST_WORK = 2e9
_MOST_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Urn:
    """Distinct whole scores, ascending, how often each is in the urn, and how many are drawn."""

    scores: np.ndarray
    counts: np.ndarray
    size: int

    @property
    def least(self) -> int:
        """The smallest sum that can be drawn."""
        return int(np.repeat(self.scores, self.counts)[: self.size].sum())

    @property
    def most(self) -> int:
        """The largest sum that can be drawn."""
        return int(np.repeat(self.scores, self.counts)[-self.size :].sum())

    @property
    def mean(self) -> float:
        """The expected sum."""
        return self.size * int(self.scores @ self.counts) / int(self.counts.sum())

    @property
    def is_symmetric(self) -> bool:
        """Whether a sum is as probable as the one that lies as far from the mean on the other side.

        So it is where half is drawn, the rest being the other half, and where the scores mirror.
        """
        mirrored = np.ptp(self.scores + self.scores[::-1]) == 0
        halves = 2 * self.size == self.counts.sum()
        return bool(halves or (mirrored and np.array_equal(self.counts, self.counts[::-1])))

    @property
    def log_draws(self) -> np.ndarray:
        """The logarithms whose sum is that of the number of possible draws."""
        factors = np.arange(1, self.size + 1)
        return np.asarray(np.log((self.counts.sum() - self.size + factors) / factors))


@dataclass(frozen=True, kw_only=True, eq=False)
class TiltedDraws:
    """Coins for an urn whose odds are exp(``offset`` + ``tilt`` · (score − ``pivot``)).

    Both are floats of few digits, so that their products with whole numbers are exact.
    """

    urn: Urn
    pivot: int
    offset: float
    tilt: float

    def at_most(self, total: int) -> float:
        """P(sum ≤ total), for a tilt of at most zero towards the total."""
        return self._tail(np.arange(self.window.start, min(total + 1, self.window.stop)), total)

    def at_least(self, total: int) -> float:
        """P(sum ≥ total), for a tilt of at least zero towards the total."""
        return self._tail(np.arange(max(total, self.window.start), self.window.stop), total)

    @cached_property
    def window(self) -> range:
        """The sums that the coins give, but for a negligible probability."""
        centre = self._centre
        first, last = math.ceil(centre - self._reach), math.floor(centre + self._reach)
        return range(max(first, self.urn.least), min(last, self.urn.most) + 1)

    @cached_property
    def joint(self) -> np.ndarray:
        """The coins' probability of the count together with each sum of the window."""
        turns, waves, _ = self._nodes
        product = np.ones(len(turns), dtype=complex)
        around = np.exp(2j * np.pi * turns / self._rounds)
        kept, where = np.unique(waves, return_inverse=True)
        for step, often, p in zip(self._steps, self.urn.counts, self._p, strict=True):
            wave = np.exp(2j * np.pi * ((step * kept) % self._period) / self._period)
            factor = (1 - p) + p * wave[where] * around
            for _ in range(often):
                product *= factor
        product *= np.exp(-2j * np.pi * ((turns * self.urn.size) % self._rounds) / self._rounds)
        spectrum = np.zeros(self._period // 2 + 1, dtype=complex)
        spectrum.real = np.bincount(waves, weights=product.real, minlength=len(spectrum))
        spectrum.imag = np.bincount(waves, weights=product.imag, minlength=len(spectrum))
        folded = fft.irfft(spectrum.conj(), n=self._period) / self._rounds
        places = np.arange(self.window.start, self.window.stop) - self.pivot * self.urn.size
        return np.asarray(folded[places % self._period])

    @property
    def is_affordable(self) -> bool:
        """Whether the grid can be held and its products be taken within seconds."""
        return (
            self._period <= _MOST_PERIOD
            and len(self._waves[0]) * self._rounds <= _MOST_NODES
            and self.work <= _MOST_WORK
        )

    @property
    def work(self) -> int:
        """How many complex products the joint probability takes."""
        return int(self.urn.counts.sum()) * len(self._nodes[0])

    @cached_property
    def error(self) -> float:
        """How far a joint probability may be off.

        A factor is right to 10 units in the last place of 1, and the others' product lies below e^1.3
        times the bound of all; 40 a score is more than that. What is left out of the grid, and what is
        folded over from either side of count and sum, is negligible each.
        """
        heights = self._nodes[2]
        mean_height = 2 * float(np.exp(heights).sum()) / self._rounds / self._period
        members = int(self.urn.counts.sum())
        return 40 * members * np.finfo(float).eps * mean_height + 8 * math.exp(-_NEGLIGIBLE)

    def _tail(self, sums: np.ndarray, total: int) -> float:
        falling = np.exp(-self.tilt * (sums - total))
        among = float(self.joint[sums - self.window.start] @ falling)
        if not self.error * float(falling.sum()) <= _MOST_ERROR * among:
            raise AnalysisError(
                f"rounding leaves less than eight digits of the probability of a sum of {total}; plan "
                "the asymptotic test or a Monte Carlo re-randomisation"
            )
        return among * math.exp(self._log_factor(total))

    def _log_factor(self, total: int) -> float:
        """The logarithm of what the joint probability of count and total is to be multiplied by."""
        size = self.urn.size
        return math.fsum(
            [
                *np.repeat(np.logaddexp(0, self._log_odds), self.urn.counts),
                -self.offset * size,
                -self.tilt * (total - self.pivot * size),
                *(-self.urn.log_draws),
            ]
        )

    @cached_property
    def _steps(self) -> np.ndarray:
        return self.urn.scores - self.pivot

    @cached_property
    def _log_odds(self) -> np.ndarray:
        return self.offset + self.tilt * self._steps

    @cached_property
    def _p(self) -> np.ndarray:
        return np.asarray(expit(self._log_odds))

    @cached_property
    def _variances(self) -> np.ndarray:
        """The variance of the coin of each distinct score."""
        return np.asarray(self._p * expit(-self._log_odds))

    @cached_property
    def _slope(self) -> float:
        """By how much the sum is expected to grow with the count, from the pivot on."""
        weights = self.urn.counts * self._variances
        return float(weights @ self._steps) / float(weights.sum())

    @property
    def _centre(self) -> float:
        """The sum that is expected where the count is as asked for."""
        expected = self.urn.counts * self._p @ (self._steps - self._slope)
        return float(expected) + (self.pivot + self._slope) * self.urn.size

    @cached_property
    def _reach(self) -> float:
        return self._reach_of(self._steps - self._slope)

    @cached_property
    def _rounds(self) -> int:
        """The period of the count: what is folded onto it has a negligible probability."""
        off = abs(float(self.urn.counts @ self._p) - self.urn.size)
        reach = self._reach_of(np.ones(len(self._steps)))
        return min(math.ceil(reach + off) + 1, int(self.urn.counts.sum()) + 1)

    @cached_property
    def _period(self) -> int:
        """The period of the sum: what is folded onto the window has a negligible probability."""
        needed = min(2 * math.ceil(self._reach) + 2, self.urn.most - self.urn.least + 1)
        return int(fft.next_fast_len(needed, real=True))

    def _reach_of(self, values: np.ndarray) -> float:
        """How far the coins' sum of these values goes from its mean, but for a negligible probability.

        By Chernoff's bound P(sum − mean ≥ r) ≤ exp(K(t) − t·r) for each t > 0, K the sum's centred
        cumulant generating function; at t = √(2·52)/sd nearly the best, and true at any.
        """
        weights, p = self.urn.counts, self._p
        spread = math.sqrt(float(weights * self._variances @ values**2))
        t = math.sqrt(2 * _NEGLIGIBLE) / max(spread, np.abs(values).max() / 10)
        out, into = -np.logaddexp(0, self._log_odds), -np.logaddexp(0, -self._log_odds)
        grown = [
            float(weights @ (np.logaddexp(out, into + side * t * values) - side * t * p * values))
            for side in (-1, 1)
        ]
        return float((max(grown) + _NEGLIGIBLE) / t)

    @cached_property
    def _cosines(self) -> tuple[float, np.ndarray]:
        """The bound of ln |product|: a constant, and of each score the weights of cosines of its angle."""
        constant, weights = 0.0, np.zeros((_TERMS, len(self._steps)))
        for power in range(1, _TERMS + 1):
            share = self.urn.counts * self._variances**power / power
            constant -= math.comb(2 * power, power) * float(share.sum()) / 2
            for multiple in range(1, power + 1):
                sign = 1 if multiple % 2 else -1
                weights[multiple - 1] += sign * math.comb(2 * power, power + multiple) * share
        return constant, weights

    @cached_property
    def _waves(self) -> tuple[np.ndarray, np.ndarray]:
        """The waves of the sum that may not be negligible, and their transforms (terms, waves)."""
        constant, weights = self._cosines
        waves = np.arange(self._period // 2 + 1)
        places = self._steps % self._period
        spectra, at = [], []
        largest = np.full(len(waves), constant)
        for multiple, weight in enumerate(weights, start=1):
            spectra.append(fft.rfft(np.bincount(places, weights=weight, minlength=self._period)))
            beyond = multiple * waves % self._period
            at.append(np.where(beyond < len(waves), beyond, beyond - self._period))
            largest += np.abs(spectra[-1])[np.abs(at[-1])]
        kept = np.flatnonzero(largest > -_NEGLIGIBLE)
        rows = [
            np.where(where[kept] < 0, spectrum[-where[kept]], spectrum[where[kept]].conj())
            for spectrum, where in zip(spectra, at, strict=True)
        ]
        return kept, np.array(rows)

    @cached_property
    def _nodes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where the product is not negligible: turns of the count, waves of the sum, ln of the bound."""
        kept, rows = self._waves
        angles = np.outer(np.arange(self._rounds), np.arange(1, _TERMS + 1))
        turned = np.exp(2j * np.pi * angles / self._rounds)
        # the real part of the product of both
        turned, spread = np.hstack([turned.real, -turned.imag]), np.vstack([rows.real, rows.imag])
        parts = []
        for first in range(0, max(len(kept), 1), _AT_ONCE // self._rounds + 1):
            block = slice(first, first + _AT_ONCE // self._rounds + 1)
            # einsum, for BLAS wakes threads that take longer than the product
            height = self._cosines[0] + np.einsum("ij,jk->ik", turned, spread[:, block])
            at_turn, at_wave = np.nonzero(height > -_NEGLIGIBLE)
            parts.append((at_turn, kept[block][at_wave], height[at_turn, at_wave]))
        turns, waves, heights = (np.concatenate(each) for each in zip(*parts, strict=True))
        return turns, waves, heights


def even_draws(urn: Urn) -> TiltedDraws:
    """The same odds for every score: draws as they are."""
    rest = int(urn.counts.sum()) - urn.size
    return TiltedDraws(
        urn=urn,
        pivot=round(urn.mean / urn.size),
        offset=float(np.float32(math.log(urn.size / rest))),
        tilt=0.0,
    )


def tilted_towards(urn: Urn, total: float) -> TiltedDraws:
    """The coins that are expected to give the count of the urn and this sum, or nearly."""
    members = int(urn.counts.sum())
    target = min(max(total, urn.least + 0.5), urn.most - 0.5)
    mean = float(urn.counts @ urn.scores) / members
    sd = math.sqrt(float(urn.counts @ (urn.scores - mean) ** 2) / members)
    z = (urn.scores - mean) / sd
    wanted = np.array([urn.size, (target - mean * urn.size) / sd])
    columns = np.stack([np.ones_like(z), z])
    log_odds = np.array([math.log(urn.size / (members - urn.size)), 0.0])

    def potential(at: np.ndarray) -> float:
        return float(urn.counts @ np.logaddexp(0, at @ columns) - at @ wanted)

    for _ in range(_MOST_STEPS):
        p = expit(log_odds @ columns)
        gradient = columns @ (urn.counts * p) - wanted
        curvature = (columns * (urn.counts * p * (1 - p))) @ columns.T
        step = np.linalg.lstsq(curvature, gradient, rcond=None)[0]
        decrement = float(step @ gradient)
        if decrement < 1e-3:
            break
        length, here = 1.0, potential(log_odds)
        while potential(log_odds - length * step) > here - length * decrement / 4 and length > 1e-9:
            length /= 2
        log_odds = log_odds - length * step
    pivot = round(mean)
    tilt = float(np.float32(log_odds[1] / sd))
    return TiltedDraws(
        urn=urn,
        pivot=pivot,
        offset=float(np.float32(log_odds[0] + log_odds[1] * (pivot - mean) / sd)),
        tilt=tilt,
    )
