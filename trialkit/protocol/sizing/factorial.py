"""What a calculation for a factorial trial of two factors assumes."""

from dataclasses import dataclass

from trialkit.protocol.sizing.bounds import (
    check_above_zero,
    check_between,
    check_level_and_sides,
    check_not_zero,
    check_shares,
    name_choices,
)
from trialkit.protocol.sizing.design import FactorialTest

CELLS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoByTwo:
    """Two factors of two levels each; ``sd`` is that within a combination.

    ``difference`` is that of the first factor at the margin, or the interaction: by how much the effect
    of one factor differs between the levels of the other. ``correlation`` is that of a baseline value
    with the outcome, 0 where the analysis has none. ``allocation`` lists the combinations: neither,
    the second factor alone, the first alone, both.
    """

    difference: float
    effect: FactorialTest = FactorialTest.MARGIN
    sd: float = 1.0
    correlation: float = 0.0
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = (1,) * CELLS

    def __post_init__(self) -> None:
        name_choices(self, effect=FactorialTest)
        check_not_zero("difference", self.difference)
        check_above_zero("sd", self.sd)
        check_between("correlation", self.correlation, -1, 1)
        check_level_and_sides(self.alpha, self.sides)
        check_shares(self.allocation, arms=CELLS)
