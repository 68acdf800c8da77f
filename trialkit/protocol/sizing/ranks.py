"""What calculations for ranks assume."""

from dataclasses import dataclass

from trialkit.protocol.sizing.bounds import (
    EQUAL_ARMS,
    check_above_zero,
    check_between,
    check_level_and_sides,
    check_not_zero,
    check_shares,
    name_choices,
)
from trialkit.protocol.sizing.design import ParentDistribution


@dataclass(frozen=True, slots=True, kw_only=True)
class MannWhitney:
    """Wilcoxon's rank-sum test of a shift, by its efficiency relative to Student's t."""

    difference: float
    sd: float = 1.0
    parent: ParentDistribution = ParentDistribution.NORMAL
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        name_choices(self, parent=ParentDistribution)
        check_not_zero("difference", self.difference)
        check_above_zero("sd", self.sd)
        check_level_and_sides(self.alpha, self.sides)
        check_shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRank:
    """Wilcoxon's signed-rank test of a shift, by its efficiency relative to the paired t."""

    difference: float
    sd: float = 1.0
    correlation: float | None = None
    parent: ParentDistribution = ParentDistribution.NORMAL
    alpha: float = 0.05
    sides: int = 2

    def __post_init__(self) -> None:
        name_choices(self, parent=ParentDistribution)
        check_not_zero("difference", self.difference)
        check_above_zero("sd", self.sd)
        if self.correlation is not None:
            check_between("correlation", self.correlation, -1, 1)
        check_level_and_sides(self.alpha, self.sides)
