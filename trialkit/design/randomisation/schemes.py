"""The ways of randomising, each a law of the next allocation given those before it.

An arm of ratio *r* is *r* equal units, and every law treats the units alike. So each arm has its
share at every place of the list, not only in the long run, whatever the law and the ratio.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from trialkit.design.randomisation.stream import Stream
from trialkit.errors import DesignError

MOST_ARMS = 6
_MOST_UNITS = 60
_LONGEST_BLOCK = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """An arm and its part of the ratio."""

    code: str
    ratio: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """The arms of a list, in the order of the protocol."""

    shares: tuple[Share, ...]

    def __post_init__(self) -> None:
        codes = [share.code for share in self.shares]
        if not 2 <= len(codes) <= MOST_ARMS:
            raise DesignError(f"a list needs 2 to {MOST_ARMS} arms, got {len(codes)}")
        if len(set(codes)) != len(codes):
            raise DesignError(f"each arm needs a code of its own, got {', '.join(codes)}")
        if any(share.ratio < 1 for share in self.shares):
            raise DesignError("every ratio must be a whole number of 1 or more")
        if self.units > _MOST_UNITS:
            raise DesignError(
                f"the ratios sum to {self.units}; shorten them, {_MOST_UNITS} is the most"
            )

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes."""
        return tuple(share.code for share in self.shares)

    @property
    def ratio(self) -> tuple[int, ...]:
        """The ratio, arm for arm."""
        return tuple(share.ratio for share in self.shares)

    @property
    def units(self) -> int:
        """The sum of the ratio: the shortest sequence that can hold it."""
        return sum(share.ratio for share in self.shares)

    @property
    def arm_of_unit(self) -> tuple[int, ...]:
        """The number of the arm that each unit belongs to."""
        return tuple(arm for arm, ratio in enumerate(self.ratio) for _ in range(ratio))


def arms_of(ratio: tuple[int, ...], codes: tuple[str, ...] | None = None) -> Arms:
    """Arms with this ratio, named A, B, … unless codes are given."""
    names = codes or tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(ratio)])
    if len(names) != len(ratio):
        raise DesignError(f"{len(ratio)} ratios but {len(names)} arms")
    return Arms(
        shares=tuple(Share(code=code, ratio=each) for code, each in zip(names, ratio, strict=True))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Simple:
    """Each allocation for itself, in the ratio."""

    def weights(self, counts: Sequence[int]) -> tuple[int, ...]:
        """One for each unit."""
        return (1,) * len(counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PermutedBlocks:
    """Blocks in random order, each of a length drawn from ``lengths``; the ratio holds in each."""

    lengths: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.lengths or min(self.lengths) < 1:
            raise DesignError(f"block lengths must be 1 or more, got {list(self.lengths)}")
        if max(self.lengths) > _LONGEST_BLOCK:
            raise DesignError(
                f"a block of {max(self.lengths)} is no block; {_LONGEST_BLOCK} is the longest"
            )
        if list(self.lengths) != sorted(set(self.lengths)):
            raise DesignError(
                f"block lengths must be different and run upwards, got {list(self.lengths)}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class EfronCoin:
    """Efron's biased coin: the units with the fewest have the chance ``p`` together."""

    p: Fraction = Fraction(2, 3)

    def __post_init__(self) -> None:
        if not 0 < self.p < 1:
            raise DesignError(f"p of a biased coin must lie between 0 and 1, got {self.p}")

    def weights(self, counts: Sequence[int]) -> tuple[int, ...]:
        """``p`` shared by the units that lag, the rest by the others; evenly when none lags."""
        fewest = min(counts)
        behind = sum(count == fewest for count in counts)
        ahead = len(counts) - behind
        if not ahead:
            return (1,) * len(counts)
        for_behind = self.p.numerator * ahead
        for_ahead = (self.p.denominator - self.p.numerator) * behind
        return tuple(for_behind if count == fewest else for_ahead for count in counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeiUrn:
    """Wei's urn UD(α, β): α balls of each unit, and β of every other after each draw."""

    alpha: int = 0
    beta: int = 1

    def __post_init__(self) -> None:
        if self.alpha < 0 or self.beta < 1:
            raise DesignError(
                f"an urn needs alpha of 0 or more and beta of 1 or more, "
                f"got alpha={self.alpha}, beta={self.beta}"
            )

    def weights(self, counts: Sequence[int]) -> tuple[int, ...]:
        """The balls of each unit; evenly from an empty urn."""
        drawn = sum(counts)
        balls = tuple(self.alpha + self.beta * (drawn - count) for count in counts)
        return balls if any(balls) else (1,) * len(counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class BigStick:
    """A fair draw, but that no unit may be more than ``limit`` ahead of another."""

    limit: int = 3

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise DesignError(f"the limit of a big stick must be 1 or more, got {self.limit}")

    def weights(self, counts: Sequence[int]) -> tuple[int, ...]:
        """One for each unit that may still be drawn."""
        highest = min(counts) + self.limit
        return tuple(int(count < highest) for count in counts)


Coin: TypeAlias = Simple | EfronCoin | WeiUrn | BigStick
"""A law that looks at nothing but how often each unit has come."""
Sequential: TypeAlias = Coin | PermutedBlocks
"""A law whose list can be made before anybody takes part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place on a list: the arm it holds, and the block where there are blocks (0 otherwise)."""

    arm: str
    block: int = 0


def sequence(scheme: Sequential, arms: Arms, stream: Stream) -> Iterator[Slot]:
    """The slots of one stratum, without end."""
    if isinstance(scheme, PermutedBlocks):
        yield from _blocks(scheme, arms, stream)
        return
    counts = [0] * arms.units
    arm_of_unit = arms.arm_of_unit
    while True:
        unit = stream.weighted(scheme.weights(counts))
        counts[unit] += 1
        yield Slot(arm=arms.codes[arm_of_unit[unit]])


def check_scheme(scheme: Sequential, arms: Arms) -> None:
    """Refuse a scheme that these arms cannot have."""
    match scheme:
        case PermutedBlocks(lengths=lengths):
            wrong = [length for length in lengths if length % arms.units]
            if wrong:
                raise DesignError(
                    f"block lengths must be multiples of {arms.units}, the sum of the ratio "
                    f"{':'.join(map(str, arms.ratio))}; got {', '.join(map(str, wrong))}"
                )
        case EfronCoin(p=p):
            least = Fraction(arms.units - 1, arms.units)
            if arms.units > 2 and p < least:
                raise DesignError(
                    f"with {arms.units} units (the sum of the ratio) up to {arms.units - 1} may lag "
                    f"together, so p must be {least} or more, got {p}"
                )
            if p < Fraction(1, 2):
                raise DesignError(f"p of a biased coin must be 1/2 or more, got {p}")


def _blocks(scheme: PermutedBlocks, arms: Arms, stream: Stream) -> Iterator[Slot]:
    """One draw for the length, also where there is one length only, then the shuffle."""
    number = 0
    while True:
        number += 1
        length = scheme.lengths[stream.below(len(scheme.lengths))]
        multiple = length // arms.units
        block = [share.code for share in arms.shares for _ in range(multiple * share.ratio)]
        yield from (Slot(arm=arm, block=number) for arm in stream.shuffle(block))
