"""A comparison of every two participants of two arms, as a plan may ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
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
class PairComparison(Specification):
    """Who of two participants, one of each arm, is at the better level."""

    method: Method

    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.LEVELS})

    @property
    def compares_pairs(self) -> bool:
        """Yes: each contrast reads its own two arms alone."""
        return True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The measure that the method is named for.

        Limits of the win odds are symmetric on the log odds, while p is that of the probability.
        """
        return Effect(scale=WIN_SCALES[self.method], agrees=self.method is not Method.WIN_ODDS)
