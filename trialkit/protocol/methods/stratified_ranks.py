"""Ranks compared within strata, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class StratifiedRanks(Specification):
    """Ranks within the strata of baseline characteristics, by van Elteren's test."""

    strata: tuple[str, ...]
    method: Method = Method.VAN_ELTEREN

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.LEVELS})
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("strata",)

    def __post_init__(self) -> None:
        if not self.strata:
            raise ProtocolError("strata must name one baseline characteristic or more")
        if len(set(self.strata)) < len(self.strata):
            raise ProtocolError("strata names a characteristic twice")

    @property
    def compares_pairs(self) -> bool:
        """Yes: each contrast reads its own two arms alone."""
        return True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The probability of the higher level within a stratum; its limits are not those of the test."""
        return Effect(scale=Scale.PROBABILITY, agrees=False)
