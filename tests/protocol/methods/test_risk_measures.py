"""Each measure of risks has the interval that was asked for, and otherwise one of the same kind."""

import pytest

from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import IntervalMethod, OddsRatioMethod, RatioInterval
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.risk_measures import risk_measures

FOLLOWING = {
    "newcombe": ("katz", "woolf"),
    "newcombe_corrected": ("katz", "woolf"),
    "wald": ("katz", "woolf"),
    "wald_corrected": ("katz", "woolf"),
    "miettinen_nurminen": ("miettinen_nurminen", "miettinen_nurminen"),
    "mee": ("miettinen_nurminen", "miettinen_nurminen"),
}


@pytest.mark.parametrize("interval", list(IntervalMethod))
def test_ratios_follow_the_difference_unless_the_plan_says_otherwise(
    interval: IntervalMethod,
) -> None:
    found = risk_measures(interval)
    assert (found.difference, (found.ratio, found.odds)) == (interval, FOLLOWING[interval.value])
    assert ProportionComparison(interval=interval).measures == found
    for ratio in RatioInterval:
        for odds in OddsRatioMethod:
            named = risk_measures(interval, ratio_interval=ratio, odds_ratio_method=odds.value)
            assert (named.difference, named.ratio, named.odds) == (interval, ratio, odds)


def test_one_ratio_may_be_named_and_the_other_follow() -> None:
    planned = ProportionComparison(
        interval=IntervalMethod.MIETTINEN_NURMINEN, odds_ratio_method=OddsRatioMethod.CONDITIONAL
    )
    assert planned.measures.ratio is RatioInterval.MIETTINEN_NURMINEN
    assert planned.measures.odds is OddsRatioMethod.CONDITIONAL


@pytest.mark.parametrize("parameter", ["ratio_interval", "odds_ratio_method"])
def test_a_name_that_is_not_known_is_refused(parameter: str) -> None:
    with pytest.raises(AnalysisError, match=f"{parameter}='exact' is not known; known are"):
        risk_measures("newcombe", **{parameter: "exact"})
