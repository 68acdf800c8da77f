"""Which interval each measure of two risks has: the difference, and the two ratios beside it."""

from dataclasses import dataclass

from trialkit.protocol.methods.comparisons import (
    IntervalMethod,
    OddsRatioMethod,
    RatioInterval,
)
from trialkit.protocol.tables.choices import choose

SCORE_INTERVALS = frozenset({IntervalMethod.MIETTINEN_NURMINEN, IntervalMethod.MEE})


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskMeasures:
    """How the limits of each measure are found."""

    difference: IntervalMethod
    ratio: RatioInterval
    odds: OddsRatioMethod


OF_THE_N_MINUS_1_TEST = RiskMeasures(
    difference=IntervalMethod.MIETTINEN_NURMINEN,
    ratio=RatioInterval.MIETTINEN_NURMINEN,
    odds=OddsRatioMethod.MIETTINEN_NURMINEN,
)
"""At no effect the score statistic of each is the N - 1 chi-squared, so that all three leave out no
effect exactly where that test rejects it. No other test has limits of all three measures: an exact
p value, or one by another variance, is of another kind."""


def risk_measures(
    interval: IntervalMethod | str,
    *,
    ratio_interval: RatioInterval | str | None = None,
    odds_ratio_method: OddsRatioMethod | str | None = None,
) -> RiskMeasures:
    """What was asked; a ratio of which nothing was said has limits like those of the difference.

    Beside a score interval of the difference they are the score limits, which exist without events
    too; beside any other one Katz's and Woolf's. Raises :class:`AnalysisError` for a name that is
    not known.
    """
    difference = choose(IntervalMethod, interval, parameter="interval")
    by_score = difference in SCORE_INTERVALS
    if ratio_interval is None:
        ratio_interval = RatioInterval.MIETTINEN_NURMINEN if by_score else RatioInterval.KATZ
    if odds_ratio_method is None:
        odds_ratio_method = (
            OddsRatioMethod.MIETTINEN_NURMINEN if by_score else OddsRatioMethod.WOOLF
        )
    return RiskMeasures(
        difference=difference,
        ratio=choose(RatioInterval, ratio_interval, parameter="ratio_interval"),
        odds=choose(OddsRatioMethod, odds_ratio_method, parameter="odds_ratio_method"),
    )
