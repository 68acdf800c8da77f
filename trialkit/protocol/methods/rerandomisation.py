"""The re-randomisation test, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.comparisons import Alternative
from trialkit.protocol.methods.limits import refuse_few
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerandomisation(Specification):
    """The arms' difference among all allocations that the blocks and strata allowed."""

    method: Method = Method.RERANDOMISATION
    response: Response = Response.CHANGE
    covariates: tuple[str, ...] = ()
    replicates: int = 100_000
    seed: int = 1
    alternative: Alternative = Alternative.TWO_SIDED

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates",)
    PERMUTES_ARMS: ClassVar[bool] = True

    def __post_init__(self) -> None:
        refuse_few(self.replicates, self.seed)

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference in means, adjusted where there are covariates; a test without limits."""
        return Effect(
            scale=Scale.DIFFERENCE,
            interval=None,
            one_sided=self.alternative is not Alternative.TWO_SIDED,
        )

    def _reads_baseline(self) -> bool:
        return reads_change(self.response, self.covariates)
