"""What each method of the plan needs to know; alternatives with other data are other classes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.comparisons import (
    Alternative,
    IntervalMethod,
    MissingRule,
    ProportionTest,
    Standardiser,
    TwoGroupEstimate,
)
from trialkit.protocol.methods.linear_models import (
    Comparisons,
    ContrastAdjustment,
    MarginalWeights,
    OutcomeScale,
    RobustCovariance,
)
from trialkit.protocol.methods.repeated import (
    CoefficientCovariance,
    CovarianceStructure,
    Inference,
    Likelihood,
)

MOST_REPLICATES = 10_000_000


class Method(StrEnum):
    """The name of an analysis in the plan and in the results."""

    DESCRIPTIVE = "descriptive"
    MIXED_ANOVA = "mixed_anova"
    ANCOVA = "ancova"
    SUBGROUPS = "subgroups"
    MMRM = "mmrm"
    WELCH_T = "welch_t"
    STUDENT_T = "student_t"
    MANN_WHITNEY = "mann_whitney"
    MANN_WHITNEY_ASYMPTOTIC = "mann_whitney_asymptotic"
    MANN_WHITNEY_CORRECTED = "mann_whitney_asymptotic_corrected"
    PERMUTATION = "permutation"
    ONE_WAY_ANOVA = "one_way_anova"
    WELCH_ANOVA = "welch_anova"
    KRUSKAL_WALLIS = "kruskal_wallis"
    PAIRED_T = "paired_t"
    SIGNED_RANK = "wilcoxon_signed_rank"
    MCNEMAR = "mcnemar"
    MCNEMAR_EXACT = "mcnemar_exact"
    RERANDOMISATION = "rerandomisation"
    BOOTSTRAP = "bootstrap"
    RISK_DIFFERENCE = "risk_difference"
    COCHRAN_MANTEL_HAENSZEL = "cochran_mantel_haenszel"
    RESPONDERS = "responders"
    NON_INFERIORITY = "non_inferiority"
    EQUIVALENCE = "equivalence"


class Response(StrEnum):
    """Which value of a repeated outcome is compared."""

    CHANGE = "change"
    FINAL = "final"


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedAnova:
    """Arms between, visits within; the interaction is the question."""

    method: Method = Method.MIXED_ANOVA
    sum_of_squares: int = 3
    adjustment: ContrastAdjustment = ContrastAdjustment.NONE
    """How the contrasts of more than two arms at one visit answer for their number."""

    def __post_init__(self) -> None:
        if self.sum_of_squares not in {2, 3}:
            raise ProtocolError(f"sum_of_squares must be 2 or 3, got {self.sum_of_squares}")
        _refuse_tukey(self.adjustment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancova:
    """The value at the outcome's time point, adjusted for covariates.

    A covariate is ``baseline``, the outcome's own baseline value, or ``form.item``.
    """

    method: Method = Method.ANCOVA
    covariates: tuple[str, ...] = ("baseline",)
    response: Response = Response.FINAL
    sum_of_squares: int = 3
    comparisons: Comparisons = Comparisons.REFERENCE
    adjustment: ContrastAdjustment = ContrastAdjustment.NONE
    weights: MarginalWeights = MarginalWeights.EQUAL
    robust: RobustCovariance | None = None
    scale: OutcomeScale = OutcomeScale.IDENTITY

    def __post_init__(self) -> None:
        if self.sum_of_squares not in {1, 2, 3}:
            raise ProtocolError(f"sum_of_squares must be 1, 2 or 3, got {self.sum_of_squares}")
        if self.scale is OutcomeScale.LOG and self.response is Response.CHANGE:
            raise ProtocolError("a change has no logarithm; with scale = 'log' analyse 'final'")
        if self.comparisons is Comparisons.REFERENCE:
            _refuse_tukey(self.adjustment)
        elif self.adjustment is ContrastAdjustment.DUNNETT:
            raise ProtocolError("adjustment 'dunnett' needs comparisons = 'reference'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroups:
    """The arms' difference in each level of a baseline characteristic, and the interaction.

    Continuous outcomes by ANCOVA with ``covariates``, binary ones by proportions.
    """

    by: str
    method: Method = Method.SUBGROUPS
    covariates: tuple[str, ...] = ("baseline",)
    response: Response = Response.FINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Mmrm:
    """The values at all visits after baseline together, their covariance by visit.

    ``covariates`` are as for ANCOVA; those in ``covariates_by_visit`` have an effect of their own at
    each visit. ``weights`` names a numeric characteristic. ``fallback`` lists covariance structures
    to use, in this order, if one before cannot be fitted; without it a failure is an error.
    """

    method: Method = Method.MMRM
    response: Response = Response.CHANGE
    covariates: tuple[str, ...] = ("baseline",)
    covariates_by_visit: tuple[str, ...] = ()
    covariance: CovarianceStructure = CovarianceStructure.UNSTRUCTURED
    fallback: tuple[CovarianceStructure, ...] = ()
    covariance_by: str = ""
    """``arm`` or a characteristic whose levels have a covariance matrix each."""
    weights: str = ""
    likelihood: Likelihood = Likelihood.REML
    inference: Inference = Inference.KENWARD_ROGER_LINEAR
    coefficient_covariance: CoefficientCovariance | None = None

    def __post_init__(self) -> None:
        both = set(self.covariates) & set(self.covariates_by_visit)
        if both:
            raise ProtocolError(
                f"{', '.join(sorted(both))} stands in covariates and in covariates_by_visit; "
                "the second holds the first"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanComparison:
    """Arms compared directly in their means or ranks."""

    method: Method
    response: Response = Response.CHANGE
    alternative: Alternative = Alternative.TWO_SIDED
    standardiser: Standardiser = Standardiser.POOLED


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinArms:
    """Change from baseline in each arm: a description, never evidence of an effect."""

    method: Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerandomisation:
    """The arms' difference among all allocations that the blocks and strata allowed."""

    method: Method = Method.RERANDOMISATION
    response: Response = Response.CHANGE
    covariates: tuple[str, ...] = ()
    replicates: int = 100_000
    seed: int = 1
    alternative: Alternative = Alternative.TWO_SIDED

    def __post_init__(self) -> None:
        _refuse_few(self.replicates, self.seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """The interval of a two-group estimate by the BCa bootstrap."""

    method: Method = Method.BOOTSTRAP
    response: Response = Response.CHANGE
    estimator: TwoGroupEstimate = TwoGroupEstimate.MEAN_DIFFERENCE
    replicates: int = 9_999
    seed: int = 1

    def __post_init__(self) -> None:
        _refuse_few(self.replicates, self.seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionComparison:
    """Proportions compared, absolutely and relatively."""

    method: Method = Method.RISK_DIFFERENCE
    interval: IntervalMethod = IntervalMethod.NEWCOMBE
    test: ProportionTest = ProportionTest.FISHER_EXACT


@dataclass(frozen=True, slots=True, kw_only=True)
class StratifiedProportions:
    """Proportions compared within the strata of a baseline characteristic, and pooled."""

    strata: str
    method: Method = Method.COCHRAN_MANTEL_HAENSZEL


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderComparison:
    """How many improved enough: by an amount, or by a share of their baseline value.

    Without ``improved_by`` and ``improved_by_share`` the outcome's minimal important change counts.
    """

    missing: MissingRule
    method: Method = Method.RESPONDERS
    improved_by: float | None = None
    improved_by_share: float | None = None
    interval: IntervalMethod = IntervalMethod.NEWCOMBE
    test: ProportionTest = ProportionTest.FISHER_EXACT

    def __post_init__(self) -> None:
        if self.improved_by is not None and self.improved_by_share is not None:
            raise ProtocolError("give improved_by or improved_by_share, not both")
        if self.improved_by is not None and self.improved_by <= 0:
            raise ProtocolError(f"improved_by must be above 0, got {self.improved_by}")
        if self.improved_by_share is not None and not 0 < self.improved_by_share <= 1:
            raise ProtocolError(
                f"improved_by_share is a share from 0 to 1, such as 0.3, "
                f"got {self.improved_by_share}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginComparison:
    """Whether the arms differ by less than a margin."""

    method: Method
    margin: float
    response: Response = Response.CHANGE
    alpha: float = 0.025
    """One-sided level of each test against the margin."""

    def __post_init__(self) -> None:
        if self.margin <= 0:
            raise ProtocolError(f"margin is a size and must be above 0, got {self.margin}")
        if not 0 < self.alpha < 0.5:
            raise ProtocolError(f"alpha must lie between 0 and 0.5, got {self.alpha}")


Specification: TypeAlias = (
    MixedAnova
    | Ancova
    | Subgroups
    | Mmrm
    | MeanComparison
    | WithinArms
    | Rerandomisation
    | Bootstrap
    | ProportionComparison
    | StratifiedProportions
    | ResponderComparison
    | MarginComparison
)

SPECIFICATIONS: dict[Method, type[Specification]] = {
    Method.MIXED_ANOVA: MixedAnova,
    Method.ANCOVA: Ancova,
    Method.SUBGROUPS: Subgroups,
    Method.MMRM: Mmrm,
    Method.WELCH_T: MeanComparison,
    Method.STUDENT_T: MeanComparison,
    Method.MANN_WHITNEY: MeanComparison,
    Method.MANN_WHITNEY_ASYMPTOTIC: MeanComparison,
    Method.MANN_WHITNEY_CORRECTED: MeanComparison,
    Method.PERMUTATION: MeanComparison,
    Method.ONE_WAY_ANOVA: MeanComparison,
    Method.WELCH_ANOVA: MeanComparison,
    Method.KRUSKAL_WALLIS: MeanComparison,
    Method.PAIRED_T: WithinArms,
    Method.SIGNED_RANK: WithinArms,
    Method.MCNEMAR: WithinArms,
    Method.MCNEMAR_EXACT: WithinArms,
    Method.RERANDOMISATION: Rerandomisation,
    Method.BOOTSTRAP: Bootstrap,
    Method.RISK_DIFFERENCE: ProportionComparison,
    Method.COCHRAN_MANTEL_HAENSZEL: StratifiedProportions,
    Method.RESPONDERS: ResponderComparison,
    Method.NON_INFERIORITY: MarginComparison,
    Method.EQUIVALENCE: MarginComparison,
}


def _refuse_tukey(adjustment: ContrastAdjustment) -> None:
    if adjustment is ContrastAdjustment.TUKEY:
        raise ProtocolError("adjustment 'tukey' is for all pairs; with a reference use 'dunnett'")


def _refuse_few(replicates: int, seed: int) -> None:
    if not 999 <= replicates <= MOST_REPLICATES:
        raise ProtocolError(f"replicates must be from 999 to {MOST_REPLICATES}, got {replicates}")
    if seed < 0:
        raise ProtocolError(f"seed must be 0 or more, got {seed}")
