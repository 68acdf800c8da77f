"""What each calculation of a sample size assumes; alternatives with other data are other classes.

A difference is experimental minus reference. ``allocation`` lists the arms' shares, the reference
first, as in the protocol: ``(1, 2)`` gives two experimental participants for each reference one.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from numbers import Real
from typing import TypeAlias

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.sizing.design import (
    CorrelationPattern,
    CorrelationPower,
    CovariateBalance,
    EffectSizeConvention,
    LogRankFormula,
    MarginPower,
    MixedEffect,
    ParentDistribution,
    ProportionPower,
    SampleSizeMethod,
)
from trialkit.protocol.tables.choices import choose

EQUAL_ARMS = (1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSampleT:
    """Student's t of two independent arms; ``sd`` is the one within each arm."""

    difference: float
    sd: float = 1.0
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        _not_zero("difference", self.difference)
        _above_zero("sd", self.sd)
        _level_and_sides(self.alpha, self.sides)
        _shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedT:
    """Paired t; ``sd`` is that of the differences or, with ``correlation``, of one measurement."""

    difference: float
    sd: float = 1.0
    correlation: float | None = None
    alpha: float = 0.05
    sides: int = 2

    def __post_init__(self) -> None:
        _not_zero("difference", self.difference)
        _above_zero("sd", self.sd)
        if self.correlation is not None:
            _between("correlation", self.correlation, -1, 1)
        _level_and_sides(self.alpha, self.sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneWayAnova:
    """F of independent groups; ``f`` is the SD of their means over the SD within them."""

    f: float
    groups: int
    alpha: float = 0.05
    allocation: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _above_zero("f", self.f)
        _at_least("groups", self.groups, 2)
        _level("alpha", self.alpha)
        _shares(self.allocation, arms=self.groups, may_be_empty=True)


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
        _name_choices(self, balance=CovariateBalance)
        _not_zero("difference", self.difference)
        _above_zero("sd", self.sd)
        _between("correlation", self.correlation, -1, 1)
        _at_least("covariates", self.covariates, 1)
        _level_and_sides(self.alpha, self.sides)
        _shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class AncovaF:
    """F of an effect in an analysis of covariance, by ``f`` of the adjusted means (G*Power's)."""

    f: float
    groups: int
    df_num: int
    covariates: int = 0
    alpha: float = 0.05

    def __post_init__(self) -> None:
        _above_zero("f", self.f)
        _at_least("groups", self.groups, 2)
        _at_least("df_num", self.df_num, 1)
        _at_least("covariates", self.covariates, 0)
        _level("alpha", self.alpha)


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedAnova:
    """F of groups between and visits within; ``f`` by one of G*Power's three conventions.

    ``correlation`` is that of any two visits, ``epsilon`` the correction for non-sphericity.
    ``correlation`` belongs to the convention ``gpower`` alone: the other two have it in ``f``.
    """

    f: float
    visits: int
    groups: int = 2
    effect: MixedEffect = MixedEffect.INTERACTION
    convention: EffectSizeConvention = EffectSizeConvention.GPOWER
    correlation: float | None = None
    epsilon: float = 1.0
    alpha: float = 0.05
    allocation: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _name_choices(self, effect=MixedEffect, convention=EffectSizeConvention)
        _above_zero("f", self.f)
        _at_least("visits", self.visits, 2)
        _at_least("groups", self.groups, 1 if self.effect is MixedEffect.WITHIN else 2)
        _level("alpha", self.alpha)
        _shares(self.allocation, arms=self.groups, may_be_empty=True)
        self._check_correlation()
        lowest = 1 / (self.visits - 1)
        if not lowest - 1e-12 <= self.epsilon <= 1:
            raise ProtocolError(
                f"epsilon of {self.visits} visits lies from {lowest:g} to 1, got {self.epsilon:g}"
            )
        if self.effect is MixedEffect.BETWEEN and self.epsilon != 1:
            raise ProtocolError("epsilon has no part in the effect between groups; leave it out")

    def _check_correlation(self) -> None:
        if self.convention is EffectSizeConvention.GPOWER:
            if self.correlation is None:
                raise ProtocolError(
                    "correlation is needed: f of the convention 'gpower' is of the means alone"
                )
            _between("correlation", self.correlation, -1 / (self.visits - 1), 1)
            return
        if self.effect is MixedEffect.BETWEEN:
            raise ProtocolError(
                f"convention {self.convention.value!r} is for effects within participants; the "
                "effect between groups has f as in G*Power 3.0: convention 'gpower'"
            )
        if self.correlation is not None:
            raise ProtocolError(
                f"correlation is part of f already under the convention {self.convention.value!r}; "
                "leave it out, or use the convention 'gpower'"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mmrm:
    """The difference at the last visit by a mixed model for repeated measures, with dropout.

    ``retention`` is the share still measured at each visit, the first after baseline first.
    ``retention_experimental`` is the experimental arm's own where the arms differ. The visits'
    correlations follow ``pattern`` and ``correlation``, or are ``correlations`` row by row.
    """

    difference: float
    retention: tuple[float, ...]
    correlation: float | None = None
    pattern: CorrelationPattern = CorrelationPattern.COMPOUND_SYMMETRY
    correlations: tuple[tuple[float, ...], ...] = ()
    retention_experimental: tuple[float, ...] = ()
    sd: float = 1.0
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        _name_choices(self, pattern=CorrelationPattern)
        _not_zero("difference", self.difference)
        _above_zero("sd", self.sd)
        _level_and_sides(self.alpha, self.sides)
        _shares(self.allocation, arms=2)
        visits = len(self.retention)
        _retention("retention", self.retention, visits)
        if self.retention_experimental:
            _retention("retention_experimental", self.retention_experimental, visits)
        if (self.correlation is None) == (not self.correlations):
            raise ProtocolError("give correlation (with its pattern) or correlations: one of them")
        if self.correlation is not None:
            lowest = -1.0
            if self.pattern is CorrelationPattern.COMPOUND_SYMMETRY and visits > 1:
                lowest = -1 / (visits - 1)
            _between("correlation", self.correlation, lowest, 1)
        elif any(len(row) != visits for row in self.correlations) or (
            len(self.correlations) != visits
        ):
            raise ProtocolError(
                f"correlations must have {visits} rows of {visits} numbers, one for each visit"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoProportions:
    """Two independent risks."""

    risk_reference: float
    risk_experimental: float
    test: ProportionPower = ProportionPower.CHI_SQUARE
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        _name_choices(self, test=ProportionPower)
        _risk("risk_reference", self.risk_reference)
        _risk("risk_experimental", self.risk_experimental)
        if self.risk_reference == self.risk_experimental:
            raise ProtocolError("risk_reference and risk_experimental are equal: nothing to detect")
        _level_and_sides(self.alpha, self.sides)
        if self.test in {ProportionPower.CHI_SQUARE, ProportionPower.FISHER_EXACT} and (
            self.sides == 1
        ):
            raise ProtocolError(
                f"test {self.test.value!r} is two-sided in trialkit; use sides = 2, or test 'normal'"
            )
        _shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class NonInferiorityMeans:
    """Means, the experimental arm worse by less than ``margin``; ``difference`` is the true one."""

    margin: float
    direction: Direction
    difference: float = 0.0
    sd: float = 1.0
    alpha: float = 0.025
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        _name_choices(self, direction=Direction)
        _above_zero("margin", self.margin)
        _above_zero("sd", self.sd)
        _not_worse_than_margin(self.difference, self.margin, self.direction)
        _level("alpha", self.alpha)
        _shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalenceMeans:
    """Means that differ by less than ``margin`` either way, by two one-sided t tests."""

    margin: float
    difference: float = 0.0
    sd: float = 1.0
    alpha: float = 0.025
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        _above_zero("margin", self.margin)
        _above_zero("sd", self.sd)
        _inside_margins(self.difference, self.margin)
        _level("alpha", self.alpha)
        _shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class NonInferiorityProportions:
    """Risks, the experimental arm worse by less than ``margin``."""

    risk_reference: float
    risk_experimental: float
    margin: float
    direction: Direction
    test: MarginPower = MarginPower.FARRINGTON_MANNING
    alpha: float = 0.025
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        _name_choices(self, direction=Direction, test=MarginPower)
        _risk("risk_reference", self.risk_reference)
        _risk("risk_experimental", self.risk_experimental)
        _between("margin", self.margin, 0, 1)
        _not_worse_than_margin(
            self.risk_experimental - self.risk_reference, self.margin, self.direction
        )
        _level("alpha", self.alpha)
        _shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class EquivalenceProportions:
    """Risks that differ by less than ``margin`` either way."""

    risk_reference: float
    risk_experimental: float
    margin: float
    test: MarginPower = MarginPower.FARRINGTON_MANNING
    alpha: float = 0.025
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        _name_choices(self, test=MarginPower)
        _risk("risk_reference", self.risk_reference)
        _risk("risk_experimental", self.risk_experimental)
        _between("margin", self.margin, 0, 1)
        _inside_margins(self.risk_experimental - self.risk_reference, self.margin)
        _level("alpha", self.alpha)
        _shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterMeans:
    """Means of two arms allocated by cluster; ``cluster_size`` is the mean number analysed in one.

    ``icc`` is the intracluster correlation, ``size_cv`` the clusters' SD of size over its mean.
    """

    difference: float
    icc: float
    cluster_size: float
    size_cv: float = 0.0
    sd: float = 1.0
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        _not_zero("difference", self.difference)
        _above_zero("sd", self.sd)
        if not 0 <= self.icc < 1:
            raise ProtocolError(f"icc must be from 0 to below 1, got {self.icc:g}")
        _at_least("cluster_size", self.cluster_size, 1)
        _at_least("size_cv", self.size_cv, 0)
        _level_and_sides(self.alpha, self.sides)
        _shares(self.allocation, arms=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank:
    """Times to an event under proportional hazards; the events decide the power.

    With each arm's share of participants who will have the event, participants follow too.
    """

    hazard_ratio: float
    event_share_reference: float | None = None
    event_share_experimental: float | None = None
    formula: LogRankFormula = LogRankFormula.SCHOENFELD
    alpha: float = 0.05
    sides: int = 2
    allocation: tuple[int, ...] = EQUAL_ARMS

    def __post_init__(self) -> None:
        _name_choices(self, formula=LogRankFormula)
        _above_zero("hazard_ratio", self.hazard_ratio)
        if self.hazard_ratio == 1:
            raise ProtocolError("hazard_ratio is 1: there is nothing to detect")
        shares = (self.event_share_reference, self.event_share_experimental)
        if (shares[0] is None) != (shares[1] is None):
            raise ProtocolError("give event_share_reference and event_share_experimental, or none")
        for name, share in zip(("reference", "experimental"), shares, strict=True):
            if share is not None and not 0 < share <= 1:
                raise ProtocolError(f"event_share_{name} must be above 0, at most 1, got {share:g}")
        _level_and_sides(self.alpha, self.sides)
        _shares(self.allocation, arms=2)


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
        _name_choices(self, parent=ParentDistribution)
        _not_zero("difference", self.difference)
        _above_zero("sd", self.sd)
        _level_and_sides(self.alpha, self.sides)
        _shares(self.allocation, arms=2)


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
        _name_choices(self, parent=ParentDistribution)
        _not_zero("difference", self.difference)
        _above_zero("sd", self.sd)
        if self.correlation is not None:
            _between("correlation", self.correlation, -1, 1)
        _level_and_sides(self.alpha, self.sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """The test that two normal variables are uncorrelated."""

    correlation: float
    test: CorrelationPower = CorrelationPower.EXACT
    alpha: float = 0.05
    sides: int = 2

    def __post_init__(self) -> None:
        _name_choices(self, test=CorrelationPower)
        _between("correlation", self.correlation, -1, 1)
        _not_zero("correlation", self.correlation)
        _level_and_sides(self.alpha, self.sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquare:
    """A χ² test of a table; ``w`` is Cohen's effect size."""

    w: float
    df: int
    alpha: float = 0.05

    def __post_init__(self) -> None:
        _above_zero("w", self.w)
        _at_least("df", self.df, 1)
        _level("alpha", self.alpha)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearModelF:
    """F of ``tested`` of the ``predictors`` of a linear model; ``f_squared`` is Cohen's f²."""

    f_squared: float
    tested: int
    predictors: int | None = None
    """All predictors of the model; None when all are tested."""
    alpha: float = 0.05

    def __post_init__(self) -> None:
        _above_zero("f_squared", self.f_squared)
        _at_least("tested", self.tested, 1)
        if self.predictors is not None:
            _at_least("predictors", self.predictors, self.tested)
        _level("alpha", self.alpha)


SizeSpecification: TypeAlias = (
    TwoSampleT
    | PairedT
    | OneWayAnova
    | Ancova
    | AncovaF
    | MixedAnova
    | Mmrm
    | TwoProportions
    | NonInferiorityMeans
    | EquivalenceMeans
    | NonInferiorityProportions
    | EquivalenceProportions
    | ClusterMeans
    | LogRank
    | MannWhitney
    | SignedRank
    | Correlation
    | ChiSquare
    | LinearModelF
)

SIZE_SPECIFICATIONS: dict[SampleSizeMethod, type[SizeSpecification]] = {
    SampleSizeMethod.TWO_SAMPLE_T: TwoSampleT,
    SampleSizeMethod.PAIRED_T: PairedT,
    SampleSizeMethod.ONE_WAY_ANOVA: OneWayAnova,
    SampleSizeMethod.ANCOVA: Ancova,
    SampleSizeMethod.ANCOVA_F: AncovaF,
    SampleSizeMethod.MIXED_ANOVA: MixedAnova,
    SampleSizeMethod.MMRM: Mmrm,
    SampleSizeMethod.TWO_PROPORTIONS: TwoProportions,
    SampleSizeMethod.NON_INFERIORITY_MEANS: NonInferiorityMeans,
    SampleSizeMethod.EQUIVALENCE_MEANS: EquivalenceMeans,
    SampleSizeMethod.NON_INFERIORITY_PROPORTIONS: NonInferiorityProportions,
    SampleSizeMethod.EQUIVALENCE_PROPORTIONS: EquivalenceProportions,
    SampleSizeMethod.CLUSTER_MEANS: ClusterMeans,
    SampleSizeMethod.LOG_RANK: LogRank,
    SampleSizeMethod.MANN_WHITNEY: MannWhitney,
    SampleSizeMethod.SIGNED_RANK: SignedRank,
    SampleSizeMethod.CORRELATION: Correlation,
    SampleSizeMethod.CHI_SQUARE: ChiSquare,
    SampleSizeMethod.LINEAR_MODEL_F: LinearModelF,
}


def _name_choices(noun: object, **kinds: type[StrEnum]) -> None:
    """Text given for a choice becomes the member that it names."""
    for name, kind in kinds.items():
        object.__setattr__(noun, name, choose(kind, getattr(noun, name), parameter=name))


def _finite(name: str, value: float) -> None:
    if not isinstance(value, Real) or not math.isfinite(value):
        raise ProtocolError(f"{name} must be a finite number, got {value!r}")


def _not_zero(name: str, value: float) -> None:
    _finite(name, value)
    if value == 0:
        raise ProtocolError(f"{name} is 0: there is nothing to detect")


def _above_zero(name: str, value: float) -> None:
    _finite(name, value)
    if value <= 0:
        raise ProtocolError(f"{name} must be above 0, got {value:g}")


def _at_least(name: str, value: float, least: float) -> None:
    _finite(name, value)
    if value < least:
        raise ProtocolError(f"{name} must be {least:g} or more, got {value:g}")


def _between(name: str, value: float, low: float, high: float) -> None:
    _finite(name, value)
    if not low < value < high:
        raise ProtocolError(f"{name} must lie between {low:g} and {high:g}, got {value:g}")


def _risk(name: str, value: float) -> None:
    _between(name, value, 0, 1)


def _level(name: str, value: float) -> None:
    _between(name, value, 0, 0.5)


def _level_and_sides(alpha: float, sides: int) -> None:
    _level("alpha", alpha)
    if sides not in {1, 2}:
        raise ProtocolError(f"sides must be 1 or 2, got {sides}")


def _shares(allocation: tuple[int, ...], *, arms: int, may_be_empty: bool = False) -> None:
    if may_be_empty and not allocation:
        return
    whole = all(isinstance(share, int) and share >= 1 for share in allocation)
    if len(allocation) != arms or not whole:
        raise ProtocolError(
            f"allocation must be {arms} whole numbers of 1 or more, the reference first, "
            f"got {list(allocation)}"
        )


def _retention(name: str, retention: tuple[float, ...], visits: int) -> None:
    if not retention or len(retention) != visits:
        raise ProtocolError(f"{name} must have one share for each visit, {visits} in all")
    if any(not 0 < share <= 1 for share in retention):
        raise ProtocolError(f"{name} holds shares above 0 and at most 1, got {list(retention)}")
    if any(later > earlier for earlier, later in pairwise(retention)):
        raise ProtocolError(f"{name} cannot grow from visit to visit, got {list(retention)}")


def _not_worse_than_margin(difference: float, margin: float, direction: Direction) -> None:
    _finite("difference", difference)
    advantage = difference if direction is Direction.HIGHER else -difference
    if advantage <= -margin:
        raise ProtocolError(
            f"the true difference {difference:g} is worse by the margin {margin:g} or more: "
            "non-inferiority would be false"
        )


def _inside_margins(difference: float, margin: float) -> None:
    _finite("difference", difference)
    if abs(difference) >= margin:
        raise ProtocolError(
            f"the true difference {difference:g} is not inside the margins of ±{margin:g}: "
            "equivalence would be false"
        )
