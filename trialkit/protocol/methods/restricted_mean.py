"""Restricted mean times without the event, as a plan may ask for them."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.at_a_time import AtATime
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.time_to_event import RestrictedContrast
from trialkit.results.effect import Effect, Scale

RESTRICTED_SCALES = {
    RestrictedContrast.DIFFERENCE: Scale.DIFFERENCE,
    RestrictedContrast.RATIO: Scale.RATIO,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedMean(AtATime):
    """The mean time without the event up to ``at``: nothing is supposed of the hazards."""

    method: Method = Method.RESTRICTED_MEAN
    contrast: RestrictedContrast = RestrictedContrast.DIFFERENCE
    """What is tested; the other one stands beside it with its limits."""

    WITHOUT_COMPETING: ClassVar[bool] = True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference in the unit of time, or the ratio; limits and p are of one normal test."""
        return Effect(scale=RESTRICTED_SCALES[self.contrast])
