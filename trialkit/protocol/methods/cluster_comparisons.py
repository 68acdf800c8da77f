"""Comparisons that allow for clusters of participants, as a plan may ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.cluster_options import (
    ClusterCovariance,
    ClusterSummary,
    ClusterWeights,
    SummaryScale,
)
from trialkit.protocol.methods.measured_outcome import BASELINE, MeasuredOutcome
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_models import MixedInference
from trialkit.protocol.methods.outcome_kinds import KINDS, Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification, reads_change
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.results.effect import Effect, Scale

SUMMARIES_OF_CLUSTERS: Mapping[Summary, ClusterSummary] = MappingProxyType(
    {
        Summary.MEAN: ClusterSummary.MEAN,
        Summary.PROPORTION: ClusterSummary.PROPORTION,
        Summary.RATE: ClusterSummary.RATE,
    }
)
"""The one number that stands for a cluster, by how the outcome is summarised."""
_RATIO_SCALES: Mapping[Summary, Scale] = MappingProxyType(
    {
        Summary.MEAN: Scale.RATIO,
        Summary.PROPORTION: Scale.RISK_RATIO,
        Summary.RATE: Scale.RATE_RATIO,
    }
)
_DIFFERENCES: Mapping[Summary, Scale] = MappingProxyType(
    {Summary.MEAN: Scale.DIFFERENCE, Summary.PROPORTION: Scale.PERCENTAGE_POINTS}
)
_EITHER = frozenset({Scale.DIFFERENCE, Scale.RATIO})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterMeansComparison(Specification):
    """The means, proportions or rates of clusters, compared by a t test."""

    method: Method = Method.CLUSTER_SUMMARIES
    response: Response = Response.FINAL
    weights: ClusterWeights = ClusterWeights.EQUAL
    scale: SummaryScale = SummaryScale.DIFFERENCE
    """Of rates a plan has the ratio alone, and says so."""

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset(SUMMARIES_OF_CLUSTERS)
    SCALES: ClassVar[Mapping[Summary, frozenset[Scale]]] = MappingProxyType(
        {
            Summary.MEAN: _EITHER,
            Summary.PROPORTION: _EITHER,
            Summary.RATE: frozenset({Scale.RATIO}),
        }
    )
    SCALE_UNSAID: ClassVar[Scale | None] = Scale.DIFFERENCE
    READS_CLUSTERS: ClassVar[bool] = True
    OF_MEANS: ClassVar[tuple[str, ...]] = ("response",)

    def scale_of(self, outcome: OutcomeType) -> SummaryScale:
        """On what scale the clusters of an outcome are compared."""
        if KINDS[outcome].summary is Summary.RATE:
            return SummaryScale.RATIO
        return self.scale

    def __post_init__(self) -> None:
        if self.scale is SummaryScale.RATIO and self.response is Response.CHANGE:
            raise ProtocolError(
                "a ratio is of logarithms, and a change may be below 0; take response = 'final'"
            )

    @property
    def compares_pairs(self) -> bool:
        """Yes: the clusters of two arms have a variance of their own."""
        return True

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The difference of two arms' means over clusters, or the ratio of their geometric means."""
        differs = self.scale_of(outcome) is SummaryScale.DIFFERENCE
        scales = _DIFFERENCES if differs else _RATIO_SCALES
        return Effect(scale=scales[KINDS[outcome].summary])

    def _reads_baseline(self) -> bool:
        return reads_change(self.response)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterModel(Specification):
    """A model of participants in clusters, by which arms differ in their adjusted means.

    A covariate is ``baseline``, the outcome's own baseline value, or ``form.item``.
    """

    covariates: tuple[str, ...] = ("baseline",)
    response: Response = Response.FINAL

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
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

    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset(_DIFFERENCES)
    OF_MEANS: ClassVar[tuple[str, ...]] = ("response",)

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The adjusted difference of two arms; of risks in percentage points."""
        return Effect(scale=_DIFFERENCES[KINDS[outcome].summary])

    def uses_baseline(self, outcome: MeasuredOutcome) -> bool:
        """Whether a value, or the event, at baseline is a covariate or what a change is from."""
        if outcome.kind.has_change:
            return self._reads_baseline()
        return BASELINE in self.covariates


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterIntercepts(ClusterModel):
    """A linear mixed model with a normal intercept of each cluster, by restricted likelihood."""

    method: Method = Method.RANDOM_INTERCEPTS
    inference: MixedInference = MixedInference.KENWARD_ROGER
    groupings: tuple[str, ...] = ()
    """Baseline characteristics, each level of which has an intercept too: sites beside therapists."""

    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates", "groupings")

    def __post_init__(self) -> None:
        for number, each in enumerate(self.groupings):
            if each in self.groupings[:number]:
                raise ProtocolError(f"groupings names {each} twice; name it once")
            if each in self.covariates:
                raise ProtocolError(
                    f"{each} is among the covariates and the groupings; name it once: a covariate has "
                    "coefficients of its levels, a grouping a variance between them"
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartiallyNested(ClusterModel):
    """A linear mixed model with intercepts of the clusters, which some of the arms have."""

    method: Method = Method.PARTIALLY_NESTED
    inference: MixedInference = MixedInference.KENWARD_ROGER
    residual_by_arm: bool = False

    CLUSTERS_IN_SOME_ARMS: ClassVar[bool] = True
