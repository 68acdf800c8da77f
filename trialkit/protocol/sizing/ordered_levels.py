"""What a calculation for an ordered outcome assumes."""

from dataclasses import dataclass
from math import fsum

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.bounds import (
    EQUAL_ARMS,
    check_above_zero,
    check_level_and_sides,
    check_risk,
    check_shares,
)

ROUNDING = 1e-6
"""By so much shares that were typed may miss 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalOdds:
    """Levels in order under proportional odds.

    ``levels`` are the shares of the reference arm at each level, from the lowest on;
    ``odds_ratio`` is that of a higher level, experimental over reference.
    """

    odds_ratio: float
    levels: tuple[float, ...]
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        check_above_zero("odds_ratio", self.odds_ratio)
        if self.odds_ratio == 1:
            raise ProtocolError("odds_ratio is 1: there is nothing to detect")
        check_levels(self.levels)
        check_level_and_sides(self.alpha, self.sides)
        check_shares(self.allocation, arms=2)


def check_levels(levels: tuple[float, ...]) -> None:
    """Refuse what are no shares of an arm at each of two levels or more."""
    if not isinstance(levels, tuple) or len(levels) < 2:
        raise ProtocolError(
            "levels must have a share for each level of the outcome, the lowest first, two or more"
        )
    for place, share in enumerate(levels, start=1):
        check_risk(f"share {place} of levels", share)
    total = fsum(levels)
    if abs(total - 1) > ROUNDING:
        raise ProtocolError(f"levels are shares of one arm and must add up to 1, got {total:g}")
