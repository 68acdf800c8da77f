"""Change within each arm, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinArms(Specification):
    """Change of a mean from baseline in each arm: a description, never evidence of an effect."""

    method: Method

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    WITHOUT_HEADLINE: ClassVar[frozenset[Method]] = frozenset({Method.PAIRED_T, Method.SIGNED_RANK})
    COMPARES_ARMS: ClassVar[bool] = False
    IS_PAIRED: ClassVar[bool] = True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect | None:
        """None: a change within one arm compares no arms."""
        return None
