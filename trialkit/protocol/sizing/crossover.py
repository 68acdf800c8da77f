"""What a calculation for a crossover trial of two treatments in two periods assumes."""

from dataclasses import dataclass

from trialkit.protocol.sizing.bounds import (
    EQUAL_ARMS,
    check_above_zero,
    check_between,
    check_level_and_sides,
    check_not_zero,
    check_shares,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoPeriodMeans:
    """Means of two treatments in two periods; ``allocation`` is that to the two sequences.

    ``sd`` is that of a value between participants and ``correlation`` that of the two periods of one
    participant; with a ``correlation`` of 0 ``sd`` is the standard deviation within participants.
    """

    difference: float
    sd: float = 1.0
    correlation: float = 0.0
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        check_not_zero("difference", self.difference)
        check_above_zero("sd", self.sd)
        check_between("correlation", self.correlation, -1, 1)
        check_level_and_sides(self.alpha, self.sides)
        check_shares(self.allocation, arms=2)
