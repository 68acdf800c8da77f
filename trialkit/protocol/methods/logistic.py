"""Logistic regression, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.generalised_models import RatioLimits, WhenSeparated
from trialkit.protocol.methods.limits import ONLY_WALD
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.risk_model import RiskModel, refuse_dispersion
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic(RiskModel):
    """The odds of the event compared between arms, for participants of the same covariates.

    p is of the test that the limits belong to: the likelihood ratio test beside profile limits,
    Wald's beside Wald's.
    """

    method: Method = Method.LOGISTIC
    limits: RatioLimits = RatioLimits.PROFILE
    when_separated: WhenSeparated = WhenSeparated.FIRTH

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    HOLDS_MARGINS: ClassVar[bool] = True

    def __post_init__(self) -> None:
        refuse_dispersion(self.limits)

    @property
    def without_margin(self) -> str:
        """Why not, where its limits are of the likelihood."""
        return "" if self.limits is RatioLimits.WALD else ONLY_WALD

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The odds ratio."""
        return Effect(scale=Scale.ODDS_RATIO)
