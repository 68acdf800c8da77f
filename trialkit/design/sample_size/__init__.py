"""How many: one situation a class, each solved for the size, the power or the effect.

``TwoSampleT(difference=10, sd=24).solve_n(power=0.8, dropout=0.1)``
"""

from trialkit.design.sample_size.ancova import Ancova, AncovaF
from trialkit.design.sample_size.anova import (
    MixedAnova,
    OneWayAnova,
    cohen_f,
    f_from_partial_eta_squared,
    mixed_f,
)
from trialkit.design.sample_size.association import ChiSquare, Correlation, LinearModelF
from trialkit.design.sample_size.catalogue import SITUATIONS, situation_of
from trialkit.design.sample_size.checking import check_sample_size, recomputed
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
from trialkit.design.sample_size.sensitivity import power_curve, sensitivity_table
from trialkit.design.sample_size.situation import RequiredSize, Situation
from trialkit.design.sample_size.t_tests import PairedT, TwoSampleT

__all__ = [
    "SITUATIONS",
    "Ancova",
    "AncovaF",
    "ChiSquare",
    "ClusterMeans",
    "ClusterProportions",
    "ClusterRates",
    "Correlation",
    "EquivalenceMeans",
    "EquivalenceProportions",
    "LinearModelF",
    "LogRank",
    "MannWhitney",
    "MixedAnova",
    "Mmrm",
    "NegativeBinomialRates",
    "NonInferiorityMeans",
    "NonInferiorityProportions",
    "OneWayAnova",
    "OrdinalOdds",
    "PairedT",
    "RequiredSize",
    "SignedRank",
    "Situation",
    "TwoByTwo",
    "TwoPeriodMeans",
    "TwoProportions",
    "TwoSampleT",
    "check_sample_size",
    "cohen_f",
    "f_from_partial_eta_squared",
    "mixed_f",
    "power_curve",
    "recomputed",
    "sensitivity_table",
    "situation_of",
]
