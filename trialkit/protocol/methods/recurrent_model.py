"""What the regressions of events that happen again share, as a plan may ask for them."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.time_to_event import TiedEvents

RECURRENCES = frozenset({Summary.RECURRENCE})
"""The outcomes of which each event has its day."""
from trialkit.protocol.methods.suppositions import Supposition


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrentModel(Specification):
    """A model of all events of a participant, with standard errors robust to how they go together.

    ``covariates`` are baseline characteristics, as ``form.item``.
    """

    covariates: tuple[str, ...] = ()
    ties: TiedEvents = TiedEvents.EFRON

    SUPPOSES: ClassVar[Supposition] = Supposition.CENSORED_AS_OTHERS
    SUMMARIES: ClassVar[frozenset[Summary]] = RECURRENCES
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates",)

    def __post_init__(self) -> None:
        if BASELINE in self.covariates:
            raise ProtocolError("recurrent events have no baseline value to adjust for")
        if self.ties is TiedEvents.EXACT:
            raise ProtocolError("exact ties have no robust standard errors; take efron or breslow")
