"""The mixed model for repeated measures, as a plan may ask for it."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.measured_outcome import MeasuredOutcome
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.repeated import (
    CoefficientCovariance,
    CovarianceStructure,
    Inference,
    Likelihood,
)
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Mmrm(Specification):
    """The values at all visits after baseline together, their covariance by visit.

    ``covariates`` are as for ANCOVA; those in ``covariates_by_visit`` have an effect of their own at
    each visit. ``weights`` names a numeric characteristic. ``fallback`` lists covariance structures
    to use, in this order, if one before cannot be fitted; without it a failure is an error.
    """

    method: Method = Method.MMRM
    response: Response = Response.CHANGE
    covariates: tuple[str, ...] = ("baseline",)
    covariates_by_visit: tuple[str, ...] = ()
    covariance: CovarianceStructure = CovarianceStructure.UNSTRUCTURED
    fallback: tuple[CovarianceStructure, ...] = ()
    covariance_by: str = ""
    """``arm`` or a characteristic whose levels have a covariance matrix each."""
    weights: str = ""
    likelihood: Likelihood = Likelihood.REML
    inference: Inference = Inference.KENWARD_ROGER_LINEAR
    coefficient_covariance: CoefficientCovariance | None = None

    OF_BASELINE: ClassVar[tuple[str, ...]] = (
        "covariates",
        "covariates_by_visit",
        "weights",
        "covariance_by",
    )
    IS_REPEATED: ClassVar[bool] = True

    def __post_init__(self) -> None:
        both = set(self.covariates) & set(self.covariates_by_visit)
        if both:
            raise ProtocolError(
                f"{', '.join(sorted(both))} stands in covariates and in covariates_by_visit; "
                "the second holds the first"
            )

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference between marginal means at the time point."""
        return Effect(scale=Scale.DIFFERENCE)

    def needed_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """The baseline alone, if anything: whatever was observed after it is used."""
        return (outcome.baseline,) if self.uses_baseline(outcome) else ()

    def one_of_visits(self, outcome: MeasuredOutcome) -> tuple[str, ...]:
        """Any visit after baseline."""
        return outcome.later

    def _reads_baseline(self) -> bool:
        return reads_change(self.response, (*self.covariates, *self.covariates_by_visit))
