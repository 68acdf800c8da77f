"""Comparisons that allow for clusters of participants, as a plan may ask for them."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.protocol.methods.cluster_options import ClusterCovariance, ClusterWeights
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_models import MixedInference
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.results.effect import Effect, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterMeansComparison(Specification):
    """The means of clusters, compared by a t test."""

    method: Method = Method.CLUSTER_SUMMARIES
    response: Response = Response.FINAL
    weights: ClusterWeights = ClusterWeights.EQUAL

    READS_CLUSTERS: ClassVar[bool] = True

    @property
    def compares_pairs(self) -> bool:
        """Yes: the clusters of two arms have a variance of their own."""
        return True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference of two arms' means over clusters."""
        return Effect(scale=Scale.DIFFERENCE)

    def _reads_baseline(self) -> bool:
        return reads_change(self.response)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterModel(Specification):
    """A model of participants in clusters, by which arms differ in their adjusted means.

    A covariate is ``baseline``, the outcome's own baseline value, or ``form.item``.
    """

    covariates: tuple[str, ...] = ("baseline",)
    response: Response = Response.FINAL

    READS_CLUSTERS: ClassVar[bool] = True
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates",)

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The adjusted difference of two arms."""
        return Effect(scale=Scale.DIFFERENCE)

    def _reads_baseline(self) -> bool:
        return reads_change(self.response, self.covariates)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterCovarianceModel(ClusterModel):
    """Least squares of participants, with errors that hold for clusters."""

    method: Method = Method.CLUSTER_REGRESSION
    covariance: ClusterCovariance = ClusterCovariance.CR2


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterIntercepts(ClusterModel):
    """A linear mixed model with a normal intercept of each cluster, by restricted likelihood."""

    method: Method = Method.RANDOM_INTERCEPTS
    inference: MixedInference = MixedInference.KENWARD_ROGER


@dataclass(frozen=True, slots=True, kw_only=True)
class PartiallyNested(ClusterModel):
    """A linear mixed model with intercepts of the clusters, which some of the arms have."""

    method: Method = Method.PARTIALLY_NESTED
    inference: MixedInference = MixedInference.KENWARD_ROGER
    residual_by_arm: bool = False

    CLUSTERS_IN_SOME_ARMS: ClassVar[bool] = True
