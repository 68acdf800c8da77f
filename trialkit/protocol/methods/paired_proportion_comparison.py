"""Change of a yes/no outcome within each arm, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.comparisons import PairedInterval
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedProportionComparison(Specification):
    """Change of a risk from baseline in each arm: a description, never evidence of an effect."""

    method: Method
    interval: PairedInterval = PairedInterval.TANGO

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.PROPORTION})
    WITHOUT_HEADLINE: ClassVar[frozenset[Method]] = frozenset(
        {Method.MCNEMAR, Method.MCNEMAR_EXACT}
    )
    COMPARES_ARMS: ClassVar[bool] = False
    IS_PAIRED: ClassVar[bool] = True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect | None:
        """None: a change within one arm compares no arms."""
        return None
