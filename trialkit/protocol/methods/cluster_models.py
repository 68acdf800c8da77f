"""Models of events, counts and times of participants in clusters, as a plan may ask for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.generalised_models import (
    FEWEST_NODES,
    MOST_NODES,
    GeeCovariance,
    ReferenceDistribution,
    ResponseFamily,
    WorkingCorrelation,
)
from trialkit.protocol.methods.measured_outcome import BASELINE, MeasuredOutcome
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_kinds import KINDS, Summary
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.protocol.methods.time_to_event import TiedEvents
from trialkit.results.effect import Effect, Scale

FAMILIES: Mapping[Summary, ResponseFamily] = MappingProxyType(
    {Summary.PROPORTION: ResponseFamily.BINOMIAL, Summary.RATE: ResponseFamily.POISSON}
)
"""The distribution of an outcome, by how its kind is summarised: what is not named is not taken."""
_SCALES: Mapping[Summary, Scale] = MappingProxyType(
    {Summary.PROPORTION: Scale.ODDS_RATIO, Summary.RATE: Scale.RATE_RATIO}
)
_WITHOUT_ORDER = (WorkingCorrelation.EXCHANGEABLE, WorkingCorrelation.INDEPENDENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterEventModel(Specification):
    """Who has the event, or how many events, by arm and covariates, of participants in clusters.

    A covariate is ``baseline``, the event or their number at the baseline visit, or ``form.item``.
    """

    covariates: tuple[str, ...] = ()

    SUPPOSES: ClassVar[Supposition] = Supposition.COMPLETE_CASES
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset(FAMILIES)
    READS_CLUSTERS: ClassVar[bool] = True
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates",)

    def uses_baseline(self, outcome: MeasuredOutcome) -> bool:
        """Whether what was so at baseline is a covariate; an event has no change."""
        return BASELINE in self.covariates

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The odds ratio of an event, the rate ratio of a count."""
        return Effect(scale=_SCALES[KINDS[outcome].summary])


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterGee(ClusterEventModel):
    """The arms compared as populations, with errors that hold whatever is alike within clusters."""

    method: Method = Method.CLUSTER_GEE
    correlation: WorkingCorrelation = WorkingCorrelation.EXCHANGEABLE
    covariance: GeeCovariance = GeeCovariance.MANCL_DEROUEN
    compared_with: ReferenceDistribution = ReferenceDistribution.T

    def __post_init__(self) -> None:
        if self.correlation not in _WITHOUT_ORDER:
            raise ProtocolError(
                f"correlation {self.correlation.value!r} is of visits in their order; the participants "
                "of a cluster have none: take 'exchangeable' or 'independence'"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterGlmm(ClusterEventModel):
    """The arms compared within clusters of a given normal intercept."""

    method: Method = Method.CLUSTER_GLMM
    nodes: int = 25
    """Of the adaptive quadrature, by which the intercepts are integrated out."""

    def __post_init__(self) -> None:
        if not FEWEST_NODES <= self.nodes <= MOST_NODES:
            raise ProtocolError(
                f"nodes must lie between {FEWEST_NODES} and {MOST_NODES}, got {self.nodes}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterCox(Specification):
    """The ratio of two arms' hazards, with errors that hold whatever is alike within clusters."""

    method: Method = Method.CLUSTER_COX
    covariates: tuple[str, ...] = ()
    """Baseline characteristics, as ``form.item``."""
    strata: tuple[str, ...] = ()
    """Others, in each of whose levels the hazard has a course of its own."""
    ties: TiedEvents = TiedEvents.EFRON

    SUPPOSES: ClassVar[Supposition] = Supposition.CENSORED_AS_OTHERS
    SUMMARIES: ClassVar[frozenset[Summary]] = frozenset({Summary.TIME})
    READS_CLUSTERS: ClassVar[bool] = True
    OF_BASELINE: ClassVar[tuple[str, ...]] = ("covariates", "strata")

    def __post_init__(self) -> None:
        if BASELINE in self.covariates:
            raise ProtocolError(
                "a time to an event has no baseline value, and so no such covariate"
            )
        both = [each for each in self.covariates if each in self.strata]
        if both:
            raise ProtocolError(f"{both[0]} is among the covariates and the strata; name it once")
        if self.ties is TiedEvents.EXACT:
            raise ProtocolError(
                "ties 'exact' have no errors that hold for clusters; take 'efron' or 'breslow'"
            )

    def effect(self, outcome: OutcomeType, arms: int) -> Effect:
        """The hazard ratio."""
        return Effect(scale=Scale.HAZARD_RATIO)
