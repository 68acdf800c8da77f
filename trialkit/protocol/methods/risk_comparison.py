"""What the methods share that compare two risks by their difference and ratios."""

from dataclasses import dataclass, replace

from trialkit.protocol.methods.comparisons import (
    IntervalMethod,
    OddsRatioMethod,
    ProportionTest,
    RatioInterval,
)
from trialkit.protocol.methods.effects import OF_RISKS
from trialkit.protocol.methods.risk_measures import (
    OF_THE_N_MINUS_1_TEST,
    RiskMeasures,
    risk_measures,
)
from trialkit.protocol.methods.specification import Specification
from trialkit.results.effect import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskComparison(Specification):
    """A method that states risk difference, risk ratio and odds ratio of two independent arms."""

    interval: IntervalMethod = IntervalMethod.MIETTINEN_NURMINEN
    """Of the risk difference; by default that which belongs to the default test."""
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

    def tested_by(self, test: ProportionTest) -> Effect:
        """The risk difference beside this test; the ratios stand beside it on scales of their own."""
        is_score = test is ProportionTest.CHI_SQUARE_N_MINUS_1
        return replace(OF_RISKS, agrees=is_score and self.measures == OF_THE_N_MINUS_1_TEST)
