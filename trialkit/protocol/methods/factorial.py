"""The analyses of a factorial trial, as a plan may ask for them."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.generalised_models import RiskVariance
from trialkit.protocol.methods.linear_models import RobustCovariance
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.risk_model import RiskModel
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorialComparison(Specification):
    """Means at the levels of each factor, whatever the others are, and where these are held.

    A covariate is ``baseline``, the outcome's own baseline value, or ``form.item``. The interaction is
    always estimated: no option leaves it out.
    """

    method: Method = Method.FACTORIAL
    covariates: tuple[str, ...] = ("baseline",)
    response: Response = Response.FINAL
    robust: RobustCovariance | None = None

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    READS_FACTORS: ClassVar[bool] = True
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates",)

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference between two levels of a factor at the margin."""
        return Effect(scale=Scale.DIFFERENCE, of_factors=True)

    def _reads_baseline(self) -> bool:
        return reads_change(self.response, self.covariates)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorialRiskComparison(RiskModel):
    """Risks at the levels of each factor, by logistic models, standardised over the covariates."""

    method: Method = Method.FACTORIAL_RISKS
    variance: RiskVariance = RiskVariance.YE

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    READS_FACTORS: ClassVar[bool] = True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference of risks at the margin, which p is of; odds ratios stand beside it."""
        return Effect(scale=Scale.PERCENTAGE_POINTS, of_factors=True)
