"""The mixed analysis of variance, as a plan may ask for it."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.limits import refuse_tukey
from trialkit.protocol.methods.linear_models import ContrastAdjustment
from trialkit.protocol.methods.method import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedAnova:
    """Arms between, visits within; the interaction is the question."""

    method: Method = Method.MIXED_ANOVA
    sum_of_squares: int = 3
    adjustment: ContrastAdjustment = ContrastAdjustment.NONE
    """How the contrasts of more than two arms at one visit answer for their number."""

    def __post_init__(self) -> None:
        if self.sum_of_squares not in {2, 3}:
            raise ProtocolError(f"sum_of_squares must be 2 or 3, got {self.sum_of_squares}")
        refuse_tukey(self.adjustment)
