"""The exact ratio of two rates, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.generalised_models import ExactRateLimits
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.rate_model import RATES
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import EXACT, POINTWISE, Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactRateComparison(Specification):
    """The rates of two arms compared by their ratio, given how many events there are in both.

    All events are taken as independent: of a participant, too.
    """

    method: Method = Method.EXACT_RATE_RATIO
    limits: ExactRateLimits = ExactRateLimits.EXACT

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    SUMMARIES: ClassVar[frozenset[Summary]] = RATES

    @property
    def compares_pairs(self) -> bool:
        """Yes: each ratio is of the events of its own two arms."""
        return True

    @property
    def takes_events_as_independent(self) -> bool:
        """Yes: given their number each event is the one arm's or the other's by chance."""
        return True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The rate ratio; the exact p adds up all that is no more probable, the limits each tail."""
        exact = self.limits is ExactRateLimits.EXACT
        return Effect(
            scale=Scale.RATE_RATIO, interval=EXACT if exact else POINTWISE, agrees=not exact
        )
