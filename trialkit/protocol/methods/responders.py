"""A comparison of responders, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.comparisons import MissingRule, ProportionTest
from trialkit.protocol.methods.measured_outcome import MeasuredOutcome
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.risk_comparison import RiskComparison
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderComparison(RiskComparison):
    """How many improved enough: by an amount, or by a share of their baseline value.

    Without ``improved_by`` and ``improved_by_share`` the outcome's minimal important change counts.
    """

    missing: MissingRule
    method: Method = Method.RESPONDERS
    improved_by: float | None = None
    improved_by_share: float | None = None
    test: ProportionTest = ProportionTest.CHI_SQUARE_N_MINUS_1

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    THRESHOLDS: ClassVar[tuple[str, ...]] = ("improved_by", "improved_by_share")
    IS_PAIRED: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.improved_by is not None and self.improved_by_share is not None:
            raise ProtocolError("give improved_by or improved_by_share, not both")
        if self.improved_by is not None and self.improved_by <= 0:
            raise ProtocolError(f"improved_by must be above 0, got {self.improved_by}")
        if self.improved_by_share is not None and not 0 < self.improved_by_share <= 1:
            raise ProtocolError(
                f"improved_by_share is a share from 0 to 1, such as 0.3, "
                f"got {self.improved_by_share}"
            )

    @property
    def supposes(self) -> Supposition:
        """That who lacks a value did not improve, or is like the others."""
        if self.missing is MissingRule.NON_RESPONDER:
            return Supposition.FAILURE
        return self.SUPPOSES

    @property
    def compares_pairs(self) -> bool:
        """Yes: who responds in an arm is that arm's alone."""
        return True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The risk difference; risk ratio and odds ratio stand beside it on scales of their own."""
        return self.tested_by(self.test)

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """None where who lacks a value counts as not improved."""
        if self.missing is MissingRule.NON_RESPONDER:
            return ()
        return (outcome.baseline, outcome.time_point)
