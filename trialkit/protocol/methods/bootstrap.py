"""The bootstrap interval, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.comparisons import BootstrapLimits, Standardiser, TwoGroupEstimate
from trialkit.protocol.methods.effects import STANDARDISERS
from trialkit.protocol.methods.limits import refuse_few
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap(Specification):
    """The interval of a two-group estimate by the bootstrap: BCa, unless the plan says otherwise."""

    method: Method = Method.BOOTSTRAP
    response: Response = Response.CHANGE
    estimator: TwoGroupEstimate = TwoGroupEstimate.MEAN_DIFFERENCE
    interval: BootstrapLimits = BootstrapLimits.BCA
    replicates: int = 9_999
    seed: int = 1

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    WITHOUT_HEADLINE: ClassVar[frozenset[Method]] = frozenset({Method.BOOTSTRAP})

    def __post_init__(self) -> None:
        refuse_few(self.replicates, self.seed)

    @property
    def compares_pairs(self) -> bool:
        """Yes: two arms are resampled at a time."""
        return True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The estimate that is resampled; a bootstrap interval has no p value beside it."""
        is_g = self.estimator is TwoGroupEstimate.HEDGES_G
        return Effect(
            scale=_SCALES[self.estimator],
            has_headline_p=False,
            standardised_by=STANDARDISERS[Standardiser.POOLED, self.response] if is_g else None,
        )

    def _reads_baseline(self) -> bool:
        return reads_change(self.response)


_SCALES = {
    TwoGroupEstimate.MEAN_DIFFERENCE: Scale.DIFFERENCE,
    TwoGroupEstimate.MEDIAN_DIFFERENCE: Scale.DIFFERENCE,
    TwoGroupEstimate.MEAN_RATIO: Scale.RATIO,
    TwoGroupEstimate.HEDGES_G: Scale.STANDARDISED_DIFFERENCE,
    TwoGroupEstimate.PROBABILITY_OF_SUPERIORITY: Scale.PROBABILITY,
}
