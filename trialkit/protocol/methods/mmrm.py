"""The mixed model for repeated measures, as a plan may ask for it."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.repeated import (
    CoefficientCovariance,
    CovarianceStructure,
    Inference,
    Likelihood,
)
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Mmrm:
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
