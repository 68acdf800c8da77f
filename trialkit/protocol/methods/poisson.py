"""Poisson regression, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.generalised_models import CountVariance, RatioLimits
from trialkit.protocol.methods.limits import ONLY_WALD
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.rate_model import RateModel
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class PoissonComparison(RateModel):
    """The rates of the arms compared by their ratio, by a Poisson model with an offset.

    p is of the test that the limits belong to: the likelihood ratio test beside profile limits,
    Wald's beside Wald's.
    """

    method: Method = Method.POISSON
    variance: CountVariance = CountVariance.HC1
    limits: RatioLimits = RatioLimits.WALD

    HOLDS_MARGINS: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.limits is RatioLimits.PROFILE_DISPERSION_HELD:
            raise ProtocolError(
                f"limits {self.limits.value!r} belong to a negative binomial model; a Poisson model "
                "has no dispersion to hold"
            )
        if self.limits is RatioLimits.PROFILE and self.variance is not CountVariance.MODEL:
            raise ProtocolError(
                "profile limits are of a likelihood, which takes the variance for the mean; with "
                "them write variance = 'model'"
            )

    @property
    def takes_events_as_independent(self) -> bool:
        """With the model's own variance."""
        return self.variance is CountVariance.MODEL

    @property
    def without_margin(self) -> str:
        """Why not, where its limits are of the likelihood."""
        return "" if self.limits is RatioLimits.WALD else ONLY_WALD

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The rate ratio."""
        return Effect(scale=Scale.RATE_RATIO)
