"""The model of Prentice, Williams and Peterson, as a plan may ask for it."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.recurrent_model import RecurrentModel
from trialkit.protocol.methods.time_to_event import RecurrentClock
from trialkit.results.effect import Effect, Scale

FEWEST_STRATA = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Pwp(RecurrentModel):
    """The hazard of the next event of participants who had equally many before."""

    method: Method = Method.PWP
    clock: RecurrentClock = RecurrentClock.TOTAL
    last_stratum: int | None = None
    """The number of the event from which on all are in one stratum; None for one each."""

    def __post_init__(self) -> None:
        RecurrentModel.__post_init__(self)
        if self.last_stratum is not None and self.last_stratum < FEWEST_STRATA:
            raise ProtocolError(
                f"last_stratum is {FEWEST_STRATA} or more, since one stratum of all events is the model "
                f"of lwyy, got {self.last_stratum}"
            )

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The hazard ratio of the next event."""
        return Effect(scale=Scale.HAZARD_RATIO)
