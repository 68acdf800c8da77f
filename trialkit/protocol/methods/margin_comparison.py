"""Non-inferiority and equivalence, as a plan may ask for them."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_kinds import KINDS, Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.results.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginComparison(Specification):
    """Whether the arms differ by less than a margin."""

    method: Method
    margin: float
    response: Response = Response.CHANGE
    alpha: float = 0.025
    """One-sided level of each test against the margin."""

    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.MEAN, Summary.PROPORTION})
    OF_MEANS: ClassVar[tuple[str, ...]] = ("response",)

    def __post_init__(self) -> None:
        if self.margin <= 0:
            raise ProtocolError(f"margin is a size and must be above 0, got {self.margin}")
        if not 0 < self.alpha < 0.5:
            raise ProtocolError(f"alpha must lie between 0 and 0.5, got {self.alpha}")

    @property
    def margin_question(self) -> MarginQuestion:
        """What its method asks of the margin."""
        return MarginQuestion(self.method.value)

    @property
    def compares_pairs(self) -> bool:
        """Yes: each arm is held against the reference by itself."""
        return True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference held against the margin: one-sided p, and a two-sided 1 - 2 alpha interval."""
        return Effect(scale=KINDS[outcome].scale, one_sided=True)

    def _reads_baseline(self) -> bool:
        return reads_change(self.response)
