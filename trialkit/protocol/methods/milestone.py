"""The share without the event at one time, as a plan may ask for its comparison."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.at_a_time import AtATime
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.time_to_event import CurveLimits
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(AtATime):
    """The difference of two Kaplan-Meier curves at ``at``."""

    method: Method = Method.MILESTONE
    limits: CurveLimits = CurveLimits.LOG_LOG
    """The scale on which the share of an arm is taken to be normal."""

    WITHOUT_COMPETING: ClassVar[bool] = True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference of shares; its limits are of another test than p, unless both are plain."""
        return Effect(scale=Scale.EVENT_FREE_POINTS, agrees=self.limits is CurveLimits.PLAIN)
