"""Trimmed means, as a plan may ask for them."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.comparisons import MissingRank
from trialkit.protocol.methods.limits import refuse_few
from trialkit.protocol.methods.measured_outcome import MeasuredOutcome
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale

MOST_REPLICATES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TrimmedMean(Specification):
    """The means of the best of each arm: whoever had an event of the composite strategy ranks worst.

    Without ``trim`` the largest share of an arm that ranks worst is trimmed from each.
    """

    method: Method = Method.TRIMMED_MEAN
    response: Response = Response.CHANGE
    missing: MissingRank = MissingRank.WORST
    trim: float | None = None
    restricted: bool = True
    replicates: int = 9_999
    seed: int = 1

    PERMUTES_ARMS: ClassVar[bool] = True
    RANKS_EVENTS_WORST: ClassVar[bool] = True

    def __post_init__(self) -> None:
        refuse_few(self.replicates, self.seed)
        if self.replicates > MOST_REPLICATES:
            raise ProtocolError(
                f"replicates must be at most {MOST_REPLICATES} for trimmed means, got {self.replicates}"
            )
        if self.trim is not None and not 0 <= self.trim < 1:
            raise ProtocolError(
                f"trim is the share of each arm that is trimmed, from 0 to below 1, got {self.trim}"
            )

    @property
    def supposes(self) -> Supposition:
        """That who lacks a value did worse than who has one, or is like the others."""
        return Supposition.RANKED_WORST if self.missing is MissingRank.WORST else self.SUPPOSES

    @property
    def permutes_as_randomised(self) -> bool:
        """Within the blocks and strata of the randomisation, unless the plan says otherwise."""
        return self.restricted

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference of trimmed means, its limits and p by one permutation test."""
        return Effect(scale=Scale.DIFFERENCE)

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The baseline of a change alone: whoever has no value later is ranked without one."""
        return (outcome.baseline,) if self.uses_baseline(outcome) else ()

    def _reads_baseline(self) -> bool:
        return reads_change(self.response)
