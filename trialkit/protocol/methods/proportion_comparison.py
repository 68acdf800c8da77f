"""A comparison of proportions, as a plan may ask for it."""

from dataclasses import dataclass

from trialkit.protocol.methods.comparisons import IntervalMethod, ProportionTest
from trialkit.protocol.methods.method import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionComparison:
    """Proportions compared, absolutely and relatively."""

    method: Method = Method.RISK_DIFFERENCE
    interval: IntervalMethod = IntervalMethod.NEWCOMBE
    test: ProportionTest = ProportionTest.FISHER_EXACT
