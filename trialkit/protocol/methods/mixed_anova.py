"""The mixed analysis of variance, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.effects import adjusted_by, interval_of, limits_agree
from trialkit.protocol.methods.limits import refuse_tukey
from trialkit.protocol.methods.linear_models import ContrastAdjustment
from trialkit.protocol.methods.measured_outcome import MeasuredOutcome, from_baseline
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale, StandardisedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedAnova(Specification):
    """Arms between, visits within; the interaction is the question."""

    method: Method = Method.MIXED_ANOVA
    sum_of_squares: int = 3
    adjustment: ContrastAdjustment = ContrastAdjustment.NONE
    """How the contrasts of more than two arms at one visit answer for their number."""
    visits: tuple[str, ...] = ()
    """The visits after baseline that are analysed; all where none is named."""

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    IS_REPEATED: ClassVar[bool] = True
    IS_PAIRED: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.sum_of_squares not in {2, 3}:
            raise ProtocolError(f"sum_of_squares must be 2 or 3, got {self.sum_of_squares}")
        refuse_tukey(self.adjustment)

    @property
    def chosen_visits(self) -> tuple[str, ...]:
        """Those of the plan."""
        return self.visits

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference in mean change from baseline, of each arm against the reference."""
        return Effect(
            scale=Scale.DIFFERENCE,
            interval=interval_of(self.adjustment, of=arms - 1),
            p_adjusted_by=adjusted_by(self.adjustment, of=arms - 1),
            agrees=limits_agree(self.adjustment, of=arms - 1),
            standardised_by=StandardisedBy.POOLED_CHANGE,
        )

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The baseline, and every visit after it that is analysed."""
        return from_baseline(outcome, self.analysed_visits(outcome))
