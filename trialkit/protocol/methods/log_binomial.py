"""Log-binomial regression, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.limits import ONLY_WALD
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.risk_model import RiskModel, refuse_dispersion
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class LogBinomialRegression(RiskModel):
    """The risks of the arms compared by their ratio: a binomial model of the logarithm of the risk.

    p is of the test that the limits belong to.
    """

    method: Method = Method.LOG_BINOMIAL
    limits: RatioLimits = RatioLimits.PROFILE

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    HOLDS_MARGINS: ClassVar[bool] = True

    def __post_init__(self) -> None:
        refuse_dispersion(self.limits)

    @property
    def without_margin(self) -> str:
        """Why not, where its limits are of the likelihood."""
        return "" if self.limits is RatioLimits.WALD else ONLY_WALD

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The risk ratio."""
        return Effect(scale=Scale.RISK_RATIO)
