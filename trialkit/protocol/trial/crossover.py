"""What participants get one after the other in a crossover trial, and in which periods."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError
from trialkit.protocol.trial.interventions import Intervention
from trialkit.protocol.trial.visits import MOST_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What is compared within participants; each arm is a sequence of treatments."""

    code: str
    label: str
    reference: bool = False
    intervention: Intervention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentPeriod:
    """A part of a crossover trial in which a participant gets one treatment.

    ``visits`` belong to it; of these the outcome is compared at ``time_point``, against the value at
    ``baseline`` where the period has one. A period after another says how long nobody was treated
    before it, or why no washout was needed.
    """

    code: str
    label: str
    visits: tuple[str, ...]
    time_point: str
    baseline: str = ""
    washout_days: int | None = None
    no_washout: str = ""

    def __post_init__(self) -> None:
        days = self.washout_days
        if days is not None and not 0 < days <= MOST_DAYS:
            raise ProtocolError(
                f"washout_days must be from 1 to {MOST_DAYS}, got {days}; where there is no washout, "
                "no_washout says why none is needed"
            )
        if days is not None and self.no_washout:
            raise ProtocolError(
                "a period has washout_days, or no_washout with the reason; not both"
            )
