"""Every calculation of a sample size, by its name in the protocol.

Alternatives with other data are other classes. A difference is experimental minus reference. ``allocation`` lists the arms' shares, the reference
first, as in the protocol: ``(1, 2)`` gives two experimental participants for each reference one.
"""

from typing import TypeAlias

from trialkit.protocol.sizing.anova import MixedAnova, OneWayAnova
from trialkit.protocol.sizing.association import ChiSquare, Correlation, LinearModelF
from trialkit.protocol.sizing.clusters import ClusterMeans, ClusterProportions, ClusterRates
from trialkit.protocol.sizing.crossover import TwoPeriodMeans
from trialkit.protocol.sizing.design import SampleSizeMethod
from trialkit.protocol.sizing.factorial import TwoByTwo
from trialkit.protocol.sizing.margins import (
    EquivalenceMeans,
    EquivalenceProportions,
    NonInferiorityMeans,
    NonInferiorityProportions,
)
from trialkit.protocol.sizing.means import Ancova, AncovaF, PairedT, TwoSampleT
from trialkit.protocol.sizing.mmrm import Mmrm
from trialkit.protocol.sizing.ordered_levels import OrdinalOdds
from trialkit.protocol.sizing.proportions import TwoProportions
from trialkit.protocol.sizing.ranks import MannWhitney, SignedRank
from trialkit.protocol.sizing.rates import NegativeBinomialRates
from trialkit.protocol.sizing.survival import LogRank

SizeSpecification: TypeAlias = (
    TwoSampleT
    | PairedT
    | OneWayAnova
    | Ancova
    | AncovaF
    | MixedAnova
    | Mmrm
    | TwoProportions
    | NonInferiorityMeans
    | EquivalenceMeans
    | NonInferiorityProportions
    | EquivalenceProportions
    | ClusterMeans
    | ClusterProportions
    | ClusterRates
    | TwoByTwo
    | TwoPeriodMeans
    | LogRank
    | NegativeBinomialRates
    | OrdinalOdds
    | MannWhitney
    | SignedRank
    | Correlation
    | ChiSquare
    | LinearModelF
)

SIZE_SPECIFICATIONS: dict[SampleSizeMethod, type[SizeSpecification]] = {
    SampleSizeMethod.TWO_SAMPLE_T: TwoSampleT,
    SampleSizeMethod.PAIRED_T: PairedT,
    SampleSizeMethod.ONE_WAY_ANOVA: OneWayAnova,
    SampleSizeMethod.ANCOVA: Ancova,
    SampleSizeMethod.ANCOVA_F: AncovaF,
    SampleSizeMethod.MIXED_ANOVA: MixedAnova,
    SampleSizeMethod.MMRM: Mmrm,
    SampleSizeMethod.TWO_PROPORTIONS: TwoProportions,
    SampleSizeMethod.NON_INFERIORITY_MEANS: NonInferiorityMeans,
    SampleSizeMethod.EQUIVALENCE_MEANS: EquivalenceMeans,
    SampleSizeMethod.NON_INFERIORITY_PROPORTIONS: NonInferiorityProportions,
    SampleSizeMethod.EQUIVALENCE_PROPORTIONS: EquivalenceProportions,
    SampleSizeMethod.CLUSTER_MEANS: ClusterMeans,
    SampleSizeMethod.CROSSOVER_MEANS: TwoPeriodMeans,
    SampleSizeMethod.CLUSTER_PROPORTIONS: ClusterProportions,
    SampleSizeMethod.CLUSTER_RATES: ClusterRates,
    SampleSizeMethod.FACTORIAL_MEANS: TwoByTwo,
    SampleSizeMethod.LOG_RANK: LogRank,
    SampleSizeMethod.NEGATIVE_BINOMIAL_RATES: NegativeBinomialRates,
    SampleSizeMethod.PROPORTIONAL_ODDS: OrdinalOdds,
    SampleSizeMethod.MANN_WHITNEY: MannWhitney,
    SampleSizeMethod.SIGNED_RANK: SignedRank,
    SampleSizeMethod.CORRELATION: Correlation,
    SampleSizeMethod.CHI_SQUARE: ChiSquare,
    SampleSizeMethod.LINEAR_MODEL_F: LinearModelF,
}
