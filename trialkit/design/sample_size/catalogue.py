"""Every situation by the name that the protocol and the command line use."""

from dataclasses import fields
from types import MappingProxyType

from trialkit.design.sample_size.ancova import Ancova, AncovaF
from trialkit.design.sample_size.anova import MixedAnova, OneWayAnova
from trialkit.design.sample_size.association import ChiSquare, Correlation, LinearModelF
from trialkit.design.sample_size.cluster import ClusterMeans, ClusterProportions
from trialkit.design.sample_size.cluster_rates import ClusterRates
from trialkit.design.sample_size.crossover import TwoPeriodMeans
from trialkit.design.sample_size.factorial import TwoByTwo
from trialkit.design.sample_size.log_rank import LogRank
from trialkit.design.sample_size.margins import (
    EquivalenceMeans,
    EquivalenceProportions,
    NonInferiorityMeans,
    NonInferiorityProportions,
)
from trialkit.design.sample_size.mmrm import Mmrm
from trialkit.design.sample_size.ordered_levels import OrdinalOdds
from trialkit.design.sample_size.proportions import TwoProportions
from trialkit.design.sample_size.ranks import MannWhitney, SignedRank
from trialkit.design.sample_size.rates import NegativeBinomialRates
from trialkit.design.sample_size.situation import Situation
from trialkit.design.sample_size.t_tests import PairedT, TwoSampleT
from trialkit.protocol.sizing.specifications import SIZE_SPECIFICATIONS, SizeSpecification

_ALL: tuple[type[Situation], ...] = (
    TwoSampleT,
    PairedT,
    OneWayAnova,
    Ancova,
    AncovaF,
    MixedAnova,
    Mmrm,
    TwoProportions,
    NonInferiorityMeans,
    EquivalenceMeans,
    NonInferiorityProportions,
    EquivalenceProportions,
    ClusterMeans,
    TwoPeriodMeans,
    ClusterProportions,
    ClusterRates,
    TwoByTwo,
    LogRank,
    NegativeBinomialRates,
    OrdinalOdds,
    MannWhitney,
    SignedRank,
    Correlation,
    ChiSquare,
    LinearModelF,
)
SITUATIONS = MappingProxyType({kind.method: kind for kind in _ALL})


def situation_of(specification: SizeSpecification) -> Situation:
    """The situation that a protocol's assumptions describe."""
    method = next(
        method for method, kind in SIZE_SPECIFICATIONS.items() if isinstance(specification, kind)
    )
    given = {each.name: getattr(specification, each.name) for each in fields(specification)}
    return SITUATIONS[method](**given)
