"""Mean cumulative functions compared at a time, as a plan may ask for it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.at_a_time import AtATime
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.recurrent_model import RECURRENCES
from trialkit.protocol.methods.time_to_event import CurveLimits
from trialkit.results.effect import Effect, Scale


class MeanNumbers(StrEnum):
    """How the mean numbers of events of two arms are compared."""

    DIFFERENCE = "difference"
    RATIO = "ratio"


_SCALES = {MeanNumbers.DIFFERENCE: Scale.DIFFERENCE, MeanNumbers.RATIO: Scale.RATIO}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanCumulativeComparison(AtATime):
    """The mean numbers of events that participants have had by a time, without any model of them."""

    method: Method = Method.MEAN_CUMULATIVE
    compare: MeanNumbers = MeanNumbers.DIFFERENCE
    limits: CurveLimits = CurveLimits.LOG
    """The scale on which the limits of each arm's own mean are symmetric."""

    HOLDS_MARGINS: ClassVar[bool] = True
    SUMMARIES: ClassVar[frozenset[Summary]] = RECURRENCES

    def __post_init__(self) -> None:
        AtATime.__post_init__(self)
        if self.limits is CurveLimits.LOG_LOG:
            raise ProtocolError(
                "a mean number of events is no probability: limits are log or plain"
            )

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference or the ratio of the mean numbers."""
        return Effect(scale=_SCALES[self.compare])
