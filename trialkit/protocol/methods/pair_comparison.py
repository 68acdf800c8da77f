"""A comparison of every two participants of two arms, as a plan may ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale

WIN_SCALES: Mapping[Method, Scale] = MappingProxyType(
    {
        Method.WIN_PROBABILITY: Scale.WIN_PROBABILITY,
        Method.WIN_ODDS: Scale.WIN_ODDS,
        Method.WIN_RATIO: Scale.WIN_RATIO,
        Method.NET_BENEFIT: Scale.NET_BENEFIT,
    }
)
"""What each method states as its effect; the others stand beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPriority:
    """An outcome that is asked of the pairs which those before it leave tied."""

    outcome: str
    more_than: float = 0.0
    """By how much more a number must be better, to be better at all."""

    def __post_init__(self) -> None:
        if not self.more_than >= 0:
            raise ProtocolError(f"more_than is a size, 0 or more, got {self.more_than:g}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PairComparison(Specification):
    """Who of two participants, one of each arm, is at the better level."""

    method: Method
    then: tuple[NextPriority, ...] = ()
    """What is asked at the same time point of pairs at one level, the most important first."""

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.LEVELS})

    def __post_init__(self) -> None:
        codes = [each.outcome for each in self.then]
        if len(set(codes)) < len(codes):
            raise ProtocolError("then names an outcome twice")

    @property
    def further_outcomes(self) -> tuple[str, ...]:
        """The outcomes that are asked of tied pairs, in their order."""
        return tuple(each.outcome for each in self.then)

    @property
    def compares_pairs(self) -> bool:
        """Yes: each contrast reads its own two arms alone."""
        return True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The measure that the method is named for.

        Limits of the win odds are symmetric on the log odds, while p is that of the probability.
        """
        return Effect(scale=WIN_SCALES[self.method], agrees=self.method is not Method.WIN_ODDS)
