"""The specifications of all methods that a plan can name."""

from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.cluster_comparisons import (
    ClusterCovarianceModel,
    ClusterIntercepts,
    ClusterMeansComparison,
    PartiallyNested,
)
from trialkit.protocol.methods.cluster_models import ClusterCox, ClusterGee, ClusterGlmm
from trialkit.protocol.methods.complier_effect import ComplierEffect
from trialkit.protocol.methods.constrained_longitudinal import ConstrainedLongitudinal
from trialkit.protocol.methods.cox import Cox
from trialkit.protocol.methods.crossover_comparisons import (
    CrossoverDifference,
    CrossoverModel,
    CrossoverPreference,
)
from trialkit.protocol.methods.cumulative_incidence import IncidenceComparison
from trialkit.protocol.methods.exact_rates import ExactRateComparison
from trialkit.protocol.methods.external import External
from trialkit.protocol.methods.factorial import FactorialComparison, FactorialRiskComparison
from trialkit.protocol.methods.fine_gray import SubdistributionHazards
from trialkit.protocol.methods.gee import Gee
from trialkit.protocol.methods.glmm import Glmm
from trialkit.protocol.methods.log_binomial import LogBinomialRegression
from trialkit.protocol.methods.log_rank import LogRank
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.lwyy import Lwyy
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.mean_cumulative import MeanCumulativeComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.milestone import Milestone
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.modified_poisson import ModifiedPoisson
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.protocol.methods.odds_comparison import OddsComparison
from trialkit.protocol.methods.pair_comparison import PairComparison
from trialkit.protocol.methods.paired_proportion_comparison import PairedProportionComparison
from trialkit.protocol.methods.poisson import PoissonComparison
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.pwp import Pwp
from trialkit.protocol.methods.quantile_difference import QuantileDifference
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.restricted_mean import RestrictedMean
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.stratified_ranks import StratifiedRanks
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.methods.tipping_point import TippingPoint
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.protocol.methods.within_arms import WithinArms

SPECIFICATIONS: dict[Method, type[Specification]] = {
    Method.MIXED_ANOVA: MixedAnova,
    Method.ANCOVA: Ancova,
    Method.SUBGROUPS: Subgroups,
    Method.MMRM: Mmrm,
    Method.CONSTRAINED_LONGITUDINAL: ConstrainedLongitudinal,
    Method.MULTIPLE_IMPUTATION: MultipleImputation,
    Method.TIPPING_POINT: TippingPoint,
    Method.WELCH_T: MeanComparison,
    Method.STUDENT_T: MeanComparison,
    Method.MANN_WHITNEY: MeanComparison,
    Method.MANN_WHITNEY_ASYMPTOTIC: MeanComparison,
    Method.MANN_WHITNEY_CORRECTED: MeanComparison,
    Method.PERMUTATION: MeanComparison,
    Method.ONE_WAY_ANOVA: MeanComparison,
    Method.WELCH_ANOVA: MeanComparison,
    Method.KRUSKAL_WALLIS: MeanComparison,
    Method.PAIRED_T: WithinArms,
    Method.SIGNED_RANK: WithinArms,
    Method.MCNEMAR: PairedProportionComparison,
    Method.MCNEMAR_EXACT: PairedProportionComparison,
    Method.RERANDOMISATION: Rerandomisation,
    Method.COMPLIER_EFFECT: ComplierEffect,
    Method.QUANTILE_DIFFERENCE: QuantileDifference,
    Method.TRIMMED_MEAN: TrimmedMean,
    Method.BOOTSTRAP: Bootstrap,
    Method.RISK_DIFFERENCE: ProportionComparison,
    Method.COCHRAN_MANTEL_HAENSZEL: StratifiedProportions,
    Method.LOGISTIC: Logistic,
    Method.STANDARDISED_RISKS: StandardisedRiskComparison,
    Method.MODIFIED_POISSON: ModifiedPoisson,
    Method.LOG_BINOMIAL: LogBinomialRegression,
    Method.GEE: Gee,
    Method.GLMM: Glmm,
    Method.POISSON: PoissonComparison,
    Method.NEGATIVE_BINOMIAL: NegativeBinomialComparison,
    Method.EXACT_RATE_RATIO: ExactRateComparison,
    Method.PROPORTIONAL_ODDS: OddsComparison,
    Method.WIN_PROBABILITY: PairComparison,
    Method.WIN_ODDS: PairComparison,
    Method.WIN_RATIO: PairComparison,
    Method.NET_BENEFIT: PairComparison,
    Method.VAN_ELTEREN: StratifiedRanks,
    Method.RESPONDERS: ResponderComparison,
    Method.NON_INFERIORITY: MarginComparison,
    Method.EQUIVALENCE: MarginComparison,
    Method.CLUSTER_SUMMARIES: ClusterMeansComparison,
    Method.CLUSTER_REGRESSION: ClusterCovarianceModel,
    Method.RANDOM_INTERCEPTS: ClusterIntercepts,
    Method.PARTIALLY_NESTED: PartiallyNested,
    Method.FACTORIAL: FactorialComparison,
    Method.FACTORIAL_RISKS: FactorialRiskComparison,
    Method.CROSSOVER_DIFFERENCE: CrossoverDifference,
    Method.CROSSOVER_MODEL: CrossoverModel,
    Method.CROSSOVER_EVENTS: CrossoverPreference,
    Method.CLUSTER_GEE: ClusterGee,
    Method.CLUSTER_GLMM: ClusterGlmm,
    Method.CLUSTER_COX: ClusterCox,
    Method.COX: Cox,
    Method.LOG_RANK: LogRank,
    Method.RESTRICTED_MEAN: RestrictedMean,
    Method.MILESTONE: Milestone,
    Method.CUMULATIVE_INCIDENCE: IncidenceComparison,
    Method.FINE_GRAY: SubdistributionHazards,
    Method.LWYY: Lwyy,
    Method.PWP: Pwp,
    Method.MEAN_CUMULATIVE: MeanCumulativeComparison,
    Method.EXTERNAL: External,
}
