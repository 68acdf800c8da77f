"""The share that had the event while others compete with it, as a plan may ask for its comparison."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.at_a_time import AtATime
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.time_to_event import CurveLimits
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidenceComparison(AtATime):
    """Gray's test of the whole curves, and the difference of the cumulative incidence at ``at``."""

    method: Method = Method.CUMULATIVE_INCIDENCE
    limits: CurveLimits = CurveLimits.LOG_LOG
    """The scale on which the incidence of an arm is taken to be normal."""
    strata: tuple[str, ...] = ()
    """Baseline characteristics, as ``form.item``, within whose levels Gray's test compares arms."""

    OF_BASELINE: ClassVar[tuple[str, ...]] = ("strata",)
    NEEDS_COMPETING: ClassVar[bool] = True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference at one time; p is Gray's, of all times."""
        return Effect(scale=Scale.PERCENTAGE_POINTS, agrees=False)
