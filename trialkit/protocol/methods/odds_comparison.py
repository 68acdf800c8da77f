"""A comparison of the odds of a higher level, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.measured_outcome import BASELINE, MeasuredOutcome
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class OddsComparison(Specification):
    """Levels compared by one odds ratio for every cut between them, adjusted for covariates.

    ``limits`` decides the p value, too: Wald's beside Wald's limits, that of the likelihood ratio beside
    profile limits, so that both say the same. A baseline level is a number, 1 for the lowest.
    """

    method: Method = Method.PROPORTIONAL_ODDS
    covariates: tuple[str, ...] = ()
    limits: RatioLimits = RatioLimits.WALD

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.LEVELS})
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates",)

    def __post_init__(self) -> None:
        if self.limits is RatioLimits.PROFILE_DISPERSION_HELD:
            raise ProtocolError(
                "an ordered outcome has no dispersion to be held; limits are 'wald' or 'profile'"
            )

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The common odds ratio of a higher level."""
        return Effect(scale=Scale.ODDS_RATIO)

    def uses_baseline(self, outcome: MeasuredOutcome) -> bool:
        """Whether the level at baseline is a covariate."""
        return BASELINE in self.covariates
