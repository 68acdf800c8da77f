"""A comparison of proportions, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.comparisons import ProportionTest
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.risk_comparison import RiskComparison
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionComparison(RiskComparison):
    """Proportions compared, absolutely and relatively."""

    method: Method = Method.RISK_DIFFERENCE
    test: ProportionTest = ProportionTest.CHI_SQUARE_N_MINUS_1

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.PROPORTION})

    @property
    def compares_pairs(self) -> bool:
        """Yes: no other arm has a part in the risks of two."""
        return True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The risk difference; risk ratio and odds ratio stand beside it on scales of their own."""
        return self.tested_by(self.test)
