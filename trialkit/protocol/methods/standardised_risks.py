"""Standardised risks, as a plan may ask for them."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.effects import OF_RISKS
from trialkit.protocol.methods.generalised_models import RiskVariance
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.risk_model import RiskModel
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardisedRiskComparison(RiskModel):
    """The risks of the arms, were all participants in each, compared absolutely and relatively."""

    method: Method = Method.STANDARDISED_RISKS
    variance: RiskVariance = RiskVariance.YE

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    HOLDS_MARGINS: ClassVar[bool] = True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The marginal risk difference, which p is of; the ratios beside it have limits of their own."""
        return OF_RISKS

    def scales(self, outcome: OutcomeType) -> tuple[Scale, ...]:
        """The difference, and both ratios beside it."""
        return (Scale.PERCENTAGE_POINTS, Scale.RISK_RATIO, Scale.ODDS_RATIO)
