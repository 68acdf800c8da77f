"""The analysis of covariance, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.effects import (
    adjusted_by,
    interval_of,
    limits_agree,
    number_of_contrasts,
)
from trialkit.protocol.methods.limits import refuse_tukey
from trialkit.protocol.methods.linear_models import (
    Comparisons,
    ContrastAdjustment,
    MarginalWeights,
    OutcomeScale,
    RobustCovariance,
)
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancova(Specification):
    """The value at the outcome's time point, adjusted for covariates.

    A covariate is ``baseline``, the outcome's own baseline value, or ``form.item``.
    """

    method: Method = Method.ANCOVA
    covariates: tuple[str, ...] = ("baseline",)
    response: Response = Response.FINAL
    comparisons: Comparisons = Comparisons.REFERENCE
    adjustment: ContrastAdjustment = ContrastAdjustment.NONE
    weights: MarginalWeights = MarginalWeights.EQUAL
    robust: RobustCovariance | None = None
    scale: OutcomeScale = OutcomeScale.IDENTITY

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates",)
    HOLDS_MARGINS: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.scale is OutcomeScale.LOG and self.response is Response.CHANGE:
            raise ProtocolError("a change has no logarithm; with scale = 'log' analyse 'final'")
        if self.comparisons is Comparisons.REFERENCE:
            refuse_tukey(self.adjustment)
        elif self.adjustment is ContrastAdjustment.DUNNETT:
            raise ProtocolError("adjustment 'dunnett' needs comparisons = 'reference'")

    @property
    def without_margin(self) -> str:
        """Why not, where contrasts answer for one another, or are of others than the reference."""
        if self.comparisons is Comparisons.ALL_PAIRS:
            return "a margin is against the reference arm; write comparisons = 'reference'"
        if self.adjustment is not ContrastAdjustment.NONE:
            return "its limits are adjusted for several arms; write adjustment = 'none'"
        return ""

    @property
    def of_covariates_alone(self) -> tuple[str, ...] | None:
        """Its covariates, where the plan asks for nothing else."""
        return self.covariates if self == Ancova(covariates=self.covariates) else None

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The adjusted difference between two of ``arms``, on the scale that is modelled."""
        of = number_of_contrasts(self.comparisons, arms)
        log = self.scale is OutcomeScale.LOG
        return Effect(
            scale=Scale.RATIO if log else Scale.DIFFERENCE,
            interval=interval_of(self.adjustment, of=of),
            all_pairs=self.comparisons is Comparisons.ALL_PAIRS,
            p_adjusted_by=adjusted_by(self.adjustment, of=of),
            agrees=limits_agree(self.adjustment, of=of),
            sign="/" if log else "-",
        )

    def _reads_baseline(self) -> bool:
        return reads_change(self.response, self.covariates)
