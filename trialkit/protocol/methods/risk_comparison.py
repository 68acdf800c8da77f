"""What the methods share that compare two risks by their difference and ratios."""

from dataclasses import dataclass

from trialkit.protocol.methods.comparisons import IntervalMethod, OddsRatioMethod, RatioInterval
from trialkit.protocol.methods.risk_measures import RiskMeasures, risk_measures
from trialkit.protocol.methods.specification import Specification


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskComparison(Specification):
    """A method that states risk difference, risk ratio and odds ratio of two independent arms."""

    interval: IntervalMethod = IntervalMethod.NEWCOMBE
    """Of the risk difference."""
    ratio_interval: RatioInterval | None = None
    odds_ratio_method: OddsRatioMethod | None = None

    @property
    def measures(self) -> RiskMeasures:
        """How the limits of each measure are found, whether or not the plan says it."""
        return risk_measures(
            self.interval,
            ratio_interval=self.ratio_interval,
            odds_ratio_method=self.odds_ratio_method,
        )
