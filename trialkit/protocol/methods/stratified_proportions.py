"""Proportions compared within strata, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.effects import OF_RISKS
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class StratifiedProportions(Specification):
    """Proportions compared within the strata of a baseline characteristic, and pooled."""

    strata: str
    method: Method = Method.COCHRAN_MANTEL_HAENSZEL

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.PROPORTION})
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("strata",)

    @property
    def compares_pairs(self) -> bool:
        """Yes: strata are pooled for each contrast."""
        return True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The risk difference; risk ratio and odds ratio stand beside it on scales of their own."""
        return OF_RISKS
