"""What calculations for a correlation, a table and a linear model assume."""

from dataclasses import dataclass

from trialkit.protocol.sizing.bounds import (
    check_above_zero,
    check_at_least,
    check_between,
    check_level,
    check_level_and_sides,
    check_not_zero,
    name_choices,
)
from trialkit.protocol.sizing.design import CorrelationPower


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """The test that two normal variables are uncorrelated."""

    correlation: float
    test: CorrelationPower = CorrelationPower.EXACT
    alpha: float = 0.05
    sides: int = 2

    def __post_init__(self) -> None:
        name_choices(self, test=CorrelationPower)
        check_between("correlation", self.correlation, -1, 1)
        check_not_zero("correlation", self.correlation)
        check_level_and_sides(self.alpha, self.sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquare:
    """A χ² test of a table; ``w`` is Cohen's effect size."""

    w: float
    df: int
    alpha: float = 0.05

    def __post_init__(self) -> None:
        check_above_zero("w", self.w)
        check_at_least("df", self.df, 1)
        check_level("alpha", self.alpha)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearModelF:
    """F of ``tested`` of the ``predictors`` of a linear model; ``f_squared`` is Cohen's f²."""

    f_squared: float
    tested: int
    predictors: int | None = None
    """All predictors of the model; None when all are tested."""
    alpha: float = 0.05

    def __post_init__(self) -> None:
        check_above_zero("f_squared", self.f_squared)
        check_at_least("tested", self.tested, 1)
        if self.predictors is not None:
            check_at_least("predictors", self.predictors, self.tested)
        check_level("alpha", self.alpha)
