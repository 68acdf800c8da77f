"""Two risks compared by their difference, their ratio and the ratio of their odds."""

from dataclasses import dataclass

from trialkit.analysis.proportions.risk_difference import Estimate
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeMeasures:
    """Each measure with its limits; whoever compares two risks derives from it."""

    risk_difference: Estimate
    risk_ratio: Estimate
    odds_ratio: Estimate

    @property
    def measures(self) -> tuple[tuple[Stat, Estimate], ...]:
        """Each by its name, in the order of the tables."""
        return (
            (Stat.RISK_DIFFERENCE, self.risk_difference),
            (Stat.RISK_RATIO, self.risk_ratio),
            (Stat.ODDS_RATIO, self.odds_ratio),
        )
