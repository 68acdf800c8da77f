"""What calculations for the means of two arms assume."""

from dataclasses import dataclass

from trialkit.protocol.sizing.bounds import (
    EQUAL_ARMS,
    check_above_zero,
    check_at_least,
    check_between,
    check_level,
    check_level_and_sides,
    check_not_zero,
    check_shares,
    name_choices,
)
from trialkit.protocol.sizing.design import CovariateBalance


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSampleT:
    """Student's t of two independent arms; ``sd`` is the one within each arm."""

    difference: float
    sd: float = 1.0
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        check_not_zero("difference", self.difference)
        check_above_zero("sd", self.sd)
        check_level_and_sides(self.alpha, self.sides)
        check_shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedT:
    """Paired t; ``sd`` is that of the differences or, with ``correlation``, of one measurement."""

    difference: float
    sd: float = 1.0
    correlation: float | None = None
    alpha: float = 0.05
    sides: int = 2

    def __post_init__(self) -> None:
        check_not_zero("difference", self.difference)
        check_above_zero("sd", self.sd)
        if self.correlation is not None:
            check_between("correlation", self.correlation, -1, 1)
        check_level_and_sides(self.alpha, self.sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancova:
    """The arms' difference adjusted for covariates that correlate with the outcome.

    ``correlation`` is the multiple correlation of the covariates, together, with the outcome.
    """

    difference: float
    correlation: float
    sd: float = 1.0
    covariates: int = 1
    balance: CovariateBalance = CovariateBalance.BALANCED
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        name_choices(self, balance=CovariateBalance)
        check_not_zero("difference", self.difference)
        check_above_zero("sd", self.sd)
        check_between("correlation", self.correlation, -1, 1)
        check_at_least("covariates", self.covariates, 1)
        check_level_and_sides(self.alpha, self.sides)
        check_shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class AncovaF:
    """F of an effect in an analysis of covariance, by ``f`` of the adjusted means (G*Power's)."""

    f: float
    groups: int
    df_num: int
    covariates: int = 0
    alpha: float = 0.05

    def __post_init__(self) -> None:
        check_above_zero("f", self.f)
        check_at_least("groups", self.groups, 2)
        check_at_least("df_num", self.df_num, 1)
        check_at_least("covariates", self.covariates, 0)
        check_level("alpha", self.alpha)
