"""Change within each arm, as a plan may ask for it."""

from dataclasses import dataclass

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.results.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinArms:
    """Change from baseline in each arm: a description, never evidence of an effect."""

    method: Method

    def effect(self, outcome: OutcomeType, arms: int) -> Effect | None:
        """None: a change within one arm compares no arms."""
        return None
