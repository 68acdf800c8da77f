"""What a plan may ask of a mixed model for repeated measures, whatever it makes of the baseline."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.repeated import (
    CoefficientCovariance,
    CovarianceStructure,
    Inference,
    Likelihood,
)
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedMeasuresModel(Specification):
    """The values of all visits together, their covariance by visit.

    Those in ``covariates_by_visit`` have an effect of their own at each visit. ``weights`` names a
    numeric characteristic. ``fallback`` lists covariance structures to use, in this order, if one
    before cannot be fitted; without it a failure is an error.
    """

    covariates: tuple[str, ...] = ()
    covariates_by_visit: tuple[str, ...] = ()
    covariance: CovarianceStructure = CovarianceStructure.UNSTRUCTURED
    fallback: tuple[CovarianceStructure, ...] = ()
    covariance_by: str = ""
    """``arm`` or a characteristic whose levels have a covariance matrix each."""
    weights: str = ""
    likelihood: Likelihood = Likelihood.REML
    inference: Inference = Inference.KENWARD_ROGER_LINEAR
    coefficient_covariance: CoefficientCovariance | None = None
    visits: tuple[str, ...] = ()
    """The visits after baseline that are analysed; all where none is named."""

    SUPPOSES: ClassVar[Supposition] = Supposition.AT_RANDOM
    OF_BASELINE: ClassVar[tuple[str, ...]] = (
        "covariates",
        "covariates_by_visit",
        "weights",
        "covariance_by",
    )
    IS_REPEATED: ClassVar[bool] = True
    HOLDS_MARGINS: ClassVar[bool] = True

    def __post_init__(self) -> None:
        both = set(self.covariates) & set(self.covariates_by_visit)
        if both:
            raise ProtocolError(
                f"{', '.join(sorted(both))} stands in covariates and in covariates_by_visit; "
                "the second holds the first"
            )

    @property
    def chosen_visits(self) -> tuple[str, ...]:
        """Those of the plan."""
        return self.visits

    @property
    def is_spatial(self) -> bool:
        """Whether a structure of the covariance reads how many days lie between the visits."""
        return CovarianceStructure.SPATIAL_EXPONENTIAL in (self.covariance, *self.fallback)

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference between marginal means at the time point."""
        return Effect(scale=Scale.DIFFERENCE)
