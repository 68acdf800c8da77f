"""A comparison of means or ranks, as a plan may ask for it."""

from dataclasses import dataclass

from trialkit.protocol.methods.comparisons import Alternative, Standardiser
from trialkit.protocol.methods.method import Method, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanComparison:
    """Arms compared directly in their means or ranks."""

    method: Method
    response: Response = Response.CHANGE
    alternative: Alternative = Alternative.TWO_SIDED
    standardiser: Standardiser = Standardiser.POOLED
