"""The log-rank test, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank(Specification):
    """Times to an event compared by the log-rank test, with Peto's estimate of the hazard ratio."""

    method: Method = Method.LOG_RANK
    strata: tuple[str, ...] = ()
    """Baseline characteristics, as ``form.item``, within whose levels arms are compared."""

    SUPPOSES: ClassVar[Supposition] = Supposition.CENSORED_AS_OTHERS
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.TIME})
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("strata",)

    @property
    def compares_pairs(self) -> bool:
        """Yes: each arm is tested against the reference alone."""
        return True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The hazard ratio, whose limits are of the same sums as the test."""
        return Effect(scale=Scale.HAZARD_RATIO)
