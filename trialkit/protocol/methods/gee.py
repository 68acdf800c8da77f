"""Generalised estimating equations, as a plan may ask for them."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.generalised_models import (
    GeeCovariance,
    ReferenceDistribution,
    WorkingCorrelation,
)
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.repeated_events import RepeatedEventModel
from trialkit.protocol.methods.suppositions import Supposition


@dataclass(frozen=True, slots=True, kw_only=True)
class Gee(RepeatedEventModel):
    """The arms compared at each visit as populations, with errors that hold whatever the correlation."""

    method: Method = Method.GEE
    correlation: WorkingCorrelation = WorkingCorrelation.EXCHANGEABLE
    covariance: GeeCovariance = GeeCovariance.MANCL_DEROUEN
    compared_with: ReferenceDistribution = ReferenceDistribution.T

    SUPPOSES: ClassVar[Supposition] = Supposition.GIVEN_COVARIATES
    """The equations have no likelihood by which earlier values could count."""
