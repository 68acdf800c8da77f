"""Fine and Gray's regression, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class SubdistributionHazards(Specification):
    """The subdistribution hazard of the event in two arms, taken to be in one ratio at all times."""

    method: Method = Method.FINE_GRAY
    covariates: tuple[str, ...] = ()
    """Baseline characteristics, as ``form.item``."""

    SUPPOSES: ClassVar[Supposition] = Supposition.CENSORED_AS_OTHERS
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.TIME})
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates",)
    NEEDS_COMPETING: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if BASELINE in self.covariates:
            raise ProtocolError("the time to an event has no baseline value to adjust for")

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The subdistribution hazard ratio with Wald's limits and test."""
        return Effect(scale=Scale.SUBDISTRIBUTION_HAZARD_RATIO)
