"""The difference of medians, or of another quantile, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileDifference(Specification):
    """A quantile of the value at the outcome's time point, by quantile regression.

    A covariate is ``baseline``, the outcome's own baseline value, or ``form.item``.
    """

    method: Method = Method.QUANTILE_DIFFERENCE
    quantile: float = 0.5
    covariates: tuple[str, ...] = ()
    response: Response = Response.FINAL

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates",)

    def __post_init__(self) -> None:
        if not 0 < self.quantile < 1:
            raise ProtocolError(
                f"quantile lies between 0 and 1 (0.5 is the median), got {self.quantile}"
            )

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference of the quantile, its limits and p by one rank score test."""
        return Effect(scale=Scale.DIFFERENCE)

    def _reads_baseline(self) -> bool:
        return reads_change(self.response, self.covariates)
