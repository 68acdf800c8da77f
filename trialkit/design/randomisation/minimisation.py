"""Pocock and Simon's minimisation, always with a random element.

A newcomer is put into each arm in thought; the imbalance that this would make within their level
of each factor is summed up with the factors' weights, and the arm with the least imbalance is
preferred, not certain. Counts are divided by the arm's ratio first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import lcm, sqrt

from trialkit.design.randomisation.schemes import Arms
from trialkit.design.randomisation.stream import Stream
from trialkit.errors import DesignError
from trialkit.protocol.tables.labels import alike

_TIED = 1e-9


class Imbalance(StrEnum):
    """How unequal the counts of the arms are, as a number."""

    RANGE = "range"
    STANDARD_DEVIATION = "standard deviation"
    VARIANCE = "variance"
    MARGINAL_BALANCE = "marginal balance"

    def of(self, counts: Sequence[Fraction]) -> float:
        """The imbalance of the arms' counts, 0 when they are equal."""
        match self:
            case Imbalance.RANGE:
                return float(max(counts) - min(counts))
            case Imbalance.VARIANCE:
                return float(_variance(counts))
            case Imbalance.STANDARD_DEVIATION:
                return sqrt(_variance(counts))
            case Imbalance.MARGINAL_BALANCE:
                total = sum(counts)
                apart = sum(abs(a - b) for a, b in combinations(counts, 2))
                return float(apart / ((len(counts) - 1) * total)) if total else 0.0


class Preference(StrEnum):
    """How the preferred arm is favoured."""

    BEST = "best"
    """The preferred arm has the chance p, the others share the rest in their ratio."""
    RANKS = "ranks"
    """Every arm has a chance by its rank, q − 2 (K q − 1) k / (K (K + 1))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A characteristic that the arms are to be alike in."""

    name: str
    levels: tuple[str, ...]
    weight: int = 1

    def __post_init__(self) -> None:
        if len(self.levels) < 2 or len(set(self.levels)) != len(self.levels):
            raise DesignError(f"factor {self.name!r} needs two or more different levels")
        for each in alike((level, level) for level in self.levels):
            raise DesignError(
                f"factor {self.name!r} has the levels {each.first!r} and {each.code!r}, which differ "
                "in nothing but case and spaces; people would take one for the other"
            )
        if self.weight < 1:
            raise DesignError(f"the weight of {self.name!r} must be 1 or more, got {self.weight}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimisation:
    """Which imbalance is minimised, and how surely."""

    p: Fraction = Fraction(4, 5)
    """The chance of the preferred arm; with unequal arms, of the smallest when it is preferred.

    For ``ranks``, the parameter q.
    """
    imbalance: Imbalance = Imbalance.RANGE
    preference: Preference = Preference.BEST

    def __post_init__(self) -> None:
        if not 0 < self.p < 1:
            raise DesignError(
                f"p of a minimisation must lie between 0 and 1, got {self.p}: without a random "
                "element the next arm could be computed by anyone who knows the earlier ones"
            )

    def chances(
        self, counts: Sequence[Sequence[int]], arms: Arms, weights: Sequence[int]
    ) -> tuple[Fraction, ...]:
        """The chance of each arm for a newcomer.

        ``counts`` are those of the newcomer's level of each factor, (factor, arm).
        """
        sums = self.sums(counts, arms, weights)
        if self.preference is Preference.RANKS:
            return _by_rank(sums, self.p)
        preferred = [arm for arm, each in enumerate(sums) if each - min(sums) <= _TIED]
        share = sum(arms.ratio[arm] for arm in preferred)
        mixed = [Fraction(0)] * len(sums)
        for arm in preferred:
            for other, chance in enumerate(preferring(arm, arms, self.p)):
                mixed[other] += Fraction(arms.ratio[arm], share) * chance
        return tuple(mixed)

    def sums(
        self, counts: Sequence[Sequence[int]], arms: Arms, weights: Sequence[int]
    ) -> tuple[float, ...]:
        """Pocock and Simon's G of each arm: the imbalance that the newcomer would leave there."""
        return tuple(
            sum(
                weight * self.imbalance.of(_with_newcomer(level, arm, arms))
                for level, weight in zip(counts, weights, strict=True)
            )
            for arm in range(len(arms.shares))
        )


def check_minimisation(scheme: Minimisation, arms: Arms) -> None:
    """Refuse a chance that favours the wrong arm, or that these arms cannot have."""
    k = len(arms.shares)
    if scheme.preference is Preference.RANKS:
        if set(arms.ratio) != {1}:
            raise DesignError("minimisation by ranks is for arms of equal size; use 'best'")
        if not Fraction(1, k) < scheme.p < Fraction(2, k - 1):
            raise DesignError(
                f"q for {k} arms must lie between 1/{k} and {Fraction(2, k - 1)}, got {scheme.p}"
            )
    elif scheme.p <= Fraction(min(arms.ratio), arms.units):
        raise DesignError(
            f"p = {scheme.p} does not favour the preferred arm, whose share is "
            f"{Fraction(min(arms.ratio), arms.units)} anyhow"
        )


def preferring(arm: int, arms: Arms, p: Fraction) -> tuple[Fraction, ...]:
    """The chances of all arms when ``arm`` is preferred (Han, Enas and McEntegart 2009).

    ``p`` is the chance of the smallest arm when preferred. A larger arm then has more, so that the
    arms keep their ratio on the whole.
    """
    smallest = arms.ratio.index(min(arms.ratio))
    others_of_smallest = arms.units - arms.ratio[smallest]
    others = arms.units - arms.ratio[arm]
    high = 1 - Fraction(others, others_of_smallest) * (1 - p)
    return tuple(
        high if each == arm else Fraction(ratio, others) * (1 - high)
        for each, ratio in enumerate(arms.ratio)
    )


class Minimiser:
    """The counts so far, and the arm of each newcomer in turn."""

    def __init__(
        self, scheme: Minimisation, arms: Arms, factors: Sequence[Factor], stream: Stream
    ) -> None:
        self._scheme, self._arms, self._factors, self._stream = scheme, arms, factors, stream
        self._counts = {
            (factor.name, level): [0] * len(arms.shares)
            for factor in factors
            for level in factor.levels
        }

    def chances(self, levels: Mapping[str, str]) -> tuple[Fraction, ...]:
        """The chance of each arm for somebody with these levels."""
        counts = [self._counts[factor.name, levels[factor.name]] for factor in self._factors]
        return self._scheme.chances(counts, self._arms, [each.weight for each in self._factors])

    def allocate(self, levels: Mapping[str, str]) -> str:
        """The arm of somebody with these levels, who is counted."""
        chances = self.chances(levels)
        whole = lcm(*(chance.denominator for chance in chances))
        arm = self._stream.weighted([int(chance * whole) for chance in chances])
        self.count(levels, arm, +1)
        return self._arms.codes[arm]

    def count(self, levels: Mapping[str, str], arm: int, by: int) -> None:
        """Count somebody in, or out again when their levels are corrected."""
        for factor in self._factors:
            self._counts[factor.name, levels[factor.name]][arm] += by


def _with_newcomer(level: Sequence[int], arm: int, arms: Arms) -> list[Fraction]:
    return [
        Fraction(count + (each == arm), ratio)
        for each, (count, ratio) in enumerate(zip(level, arms.ratio, strict=True))
    ]


def _variance(counts: Sequence[Fraction]) -> Fraction:
    mean = sum(counts, Fraction(0)) / len(counts)
    return sum(((count - mean) ** 2 for count in counts), Fraction(0)) / (len(counts) - 1)


def _by_rank(sums: Sequence[float], q: Fraction) -> tuple[Fraction, ...]:
    """A chance by rank; arms that tie share what their ranks have together."""
    k = len(sums)
    by_rank = [q - 2 * (k * q - 1) * rank / (k * (k + 1)) for rank in range(1, k + 1)]
    chances = []
    for each in sums:
        before = sum(other < each - _TIED for other in sums)
        tied = sum(abs(other - each) <= _TIED for other in sums)
        chances.append(sum(by_rank[before : before + tied], Fraction(0)) / tied)
    return tuple(chances)
