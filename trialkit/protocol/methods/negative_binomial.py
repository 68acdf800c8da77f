"""Negative binomial regression, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.limits import ONLY_WALD
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.rate_model import RateModel
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class NegativeBinomialComparison(RateModel):
    """The rates of the arms compared by their ratio, while participants differ in their own.

    p is the likelihood ratio test's beside profile limits, else Wald's. Limits with the dispersion
    held at its estimate (R's MASS) have no test of their own: beside them is Wald's.
    """

    method: Method = Method.NEGATIVE_BINOMIAL
    limits: RatioLimits = RatioLimits.WALD

    HOLDS_MARGINS: ClassVar[bool] = True

    @property
    def without_margin(self) -> str:
        """Why not, where its limits are of the likelihood."""
        return "" if self.limits is RatioLimits.WALD else ONLY_WALD

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The rate ratio."""
        held = self.limits is RatioLimits.PROFILE_DISPERSION_HELD
        return Effect(scale=Scale.RATE_RATIO, agrees=not held)
