"""Modified Poisson regression, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.linear_models import RobustCovariance
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.risk_model import RiskModel
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale

_KNOWN = (RobustCovariance.HC0, RobustCovariance.HC1, RobustCovariance.HC3)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModifiedPoisson(RiskModel):
    """The risks of the arms compared by their ratio: a Poisson model with sandwich errors."""

    method: Method = Method.MODIFIED_POISSON
    variance: RobustCovariance = RobustCovariance.HC0

    def __post_init__(self) -> None:
        if self.variance not in _KNOWN:
            known = ", ".join(each.value for each in _KNOWN)
            raise ProtocolError(f"variance {self.variance.value!r} is none of {known}")

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    HOLDS_MARGINS: ClassVar[bool] = True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The risk ratio."""
        return Effect(scale=Scale.RISK_RATIO)
