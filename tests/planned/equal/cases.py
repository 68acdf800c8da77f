"""The analyses that the plans get: every method, each response, each population."""

from collections.abc import Iterator
from itertools import islice

from tests.planned.equal.worlds import Planned
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.cluster_comparisons import (
    ClusterCovarianceModel,
    ClusterIntercepts,
    ClusterMeansComparison,
    PartiallyNested,
)
from trialkit.protocol.methods.cluster_models import ClusterGee, ClusterGlmm
from trialkit.protocol.methods.cluster_options import (
    ClusterCovariance,
    ClusterWeights,
    SummaryScale,
)
from trialkit.protocol.methods.comparisons import (
    Alternative,
    BootstrapLimits,
    IntervalMethod,
    MissingRank,
    MissingRule,
    OddsRatioMethod,
    ProportionTest,
    RatioInterval,
    Standardiser,
    TwoGroupEstimate,
)
from trialkit.protocol.methods.complier_effect import ComplierEffect
from trialkit.protocol.methods.constrained_longitudinal import ConstrainedLongitudinal
from trialkit.protocol.methods.gee import Gee
from trialkit.protocol.methods.generalised_models import (
    GeeCovariance,
    RatioLimits,
    ReferenceDistribution,
    RiskVariance,
    WhenSeparated,
    WorkingCorrelation,
)
from trialkit.protocol.methods.glmm import Glmm
from trialkit.protocol.methods.imputation import DrawMethod, ImputationStrategy
from trialkit.protocol.methods.linear_models import (
    Comparisons,
    ContrastAdjustment,
    OutcomeScale,
    RobustCovariance,
)
from trialkit.protocol.methods.log_binomial import LogBinomialRegression
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.modified_poisson import ModifiedPoisson
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.paired_proportion_comparison import PairedProportionComparison
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.quantile_difference import QuantileDifference
from trialkit.protocol.methods.repeated import CovarianceStructure, Inference, Likelihood
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.protocol.methods.within_arms import WithinArms

AGE, SEX = "demographics.age_years", "demographics.sex"
OF_LEVELS = (
    Method.PROPORTIONAL_ODDS,
    Method.WIN_PROBABILITY,
    Method.WIN_ODDS,
    Method.WIN_RATIO,
    Method.NET_BENEFIT,
    Method.VAN_ELTEREN,
)
"""The methods of ordinal outcomes, which have trials of their own in ``test_levels.py``."""
POPULATIONS = ("itt", "per_protocol", "safety")
RANKS_AND_MEANS = (
    Method.WELCH_T,
    Method.STUDENT_T,
    Method.MANN_WHITNEY,
    Method.MANN_WHITNEY_ASYMPTOTIC,
    Method.MANN_WHITNEY_CORRECTED,
    Method.PERMUTATION,
    Method.ONE_WAY_ANOVA,
    Method.WELCH_ANOVA,
    Method.KRUSKAL_WALLIS,
)
EITHER = (Response.CHANGE, Response.FINAL)


def of_numbers() -> Iterator[Specification]:
    """The methods of continuous outcomes, each of those that read a response with both."""
    for response in EITHER:
        for method in RANKS_AND_MEANS:
            yield MeanComparison(method=method, response=response)
        yield Ancova(response=response)
        yield Subgroups(by=SEX, response=response)
        yield QuantileDifference(response=response)
        yield Rerandomisation(response=response, replicates=999, seed=3)
        yield TrimmedMean(response=response, replicates=999, seed=9)
        yield Bootstrap(response=response, replicates=999, seed=4)
        yield MarginComparison(method=Method.NON_INFERIORITY, margin=4, response=response)
        yield MarginComparison(method=Method.EQUIVALENCE, margin=30, response=response, alpha=0.05)
    yield MixedAnova()
    yield MultipleImputation(strategy=ImputationStrategy.JUMP_TO_REFERENCE)
    robust = Ancova(covariates=("baseline", SEX), robust=RobustCovariance.HC3)
    yield MultipleImputation(draws=DrawMethod.BAYES, samples=6, seed=8, model=robust)
    yield WithinArms(method=Method.PAIRED_T)
    yield WithinArms(method=Method.SIGNED_RANK)
    yield ResponderComparison(missing=MissingRule.NON_RESPONDER, improved_by=6)
    yield ResponderComparison(missing=MissingRule.OBSERVED_ONLY, improved_by_share=0.1)
    yield ResponderComparison(
        missing=MissingRule.OBSERVED_ONLY,
        improved_by=6,
        interval=IntervalMethod.MIETTINEN_NURMINEN,
        odds_ratio_method=OddsRatioMethod.WOOLF,
    )


def of_few() -> Iterator[Specification]:
    """What is costly, or is asked with other options than usual, in one population."""
    yield Mmrm()
    yield Mmrm(
        response=Response.FINAL,
        covariates=(AGE, SEX),
        covariance=CovarianceStructure.COMPOUND_SYMMETRY,
        inference=Inference.SATTERTHWAITE,
    )
    yield ConstrainedLongitudinal()
    for model in (MixedAnova, Mmrm, ConstrainedLongitudinal):
        yield model(visits=("W8", "W12"))
    yield ConstrainedLongitudinal(
        covariates=(AGE, SEX),
        covariance=CovarianceStructure.HETEROGENEOUS_AR1,
        likelihood=Likelihood.ML,
        inference=Inference.SATTERTHWAITE,
    )
    yield Ancova(
        covariates=(AGE, SEX),
        scale=OutcomeScale.LOG,
        comparisons=Comparisons.ALL_PAIRS,
        adjustment=ContrastAdjustment.TUKEY,
    )
    yield Ancova(covariates=(), response=Response.CHANGE)
    yield MixedAnova(sum_of_squares=2, adjustment=ContrastAdjustment.HOLM)
    yield MeanComparison(
        method=Method.STUDENT_T,
        alternative=Alternative.LESS,
        standardiser=Standardiser.REFERENCE,
    )
    yield MeanComparison(method=Method.MANN_WHITNEY, alternative=Alternative.GREATER)
    # without the baseline value a change and a final value give other differences
    for response in EITHER:
        yield Subgroups(by=SEX, covariates=(AGE,), response=response)
    yield Subgroups(by=AGE, cut_points=(56,), covariates=("baseline", AGE))
    yield QuantileDifference(quantile=0.6, covariates=("baseline", AGE, SEX))
    yield Rerandomisation(
        response=Response.FINAL, covariates=("baseline", AGE), replicates=999, seed=5
    )
    yield TrimmedMean(replicates=999, trim=0.4, missing=MissingRank.LEFT_OUT, restricted=False)
    yield Bootstrap(estimator=TwoGroupEstimate.HEDGES_G, replicates=999, seed=6)
    yield Bootstrap(estimator=TwoGroupEstimate.PROBABILITY_OF_SUPERIORITY, replicates=999)
    yield Bootstrap(interval=BootstrapLimits.BC, replicates=999, seed=7)
    yield Bootstrap(interval=BootstrapLimits.PERCENTILE, replicates=999, seed=8)
    yield Bootstrap(
        estimator=TwoGroupEstimate.MEDIAN_DIFFERENCE, replicates=999, response=Response.FINAL
    )


def of_events() -> Iterator[Specification]:
    """The methods of binary outcomes."""
    yield ProportionComparison()
    yield ProportionComparison(
        interval=IntervalMethod.MIETTINEN_NURMINEN, test=ProportionTest.CHI_SQUARE
    )
    yield ProportionComparison(
        interval=IntervalMethod.MIETTINEN_NURMINEN,
        ratio_interval=RatioInterval.KATZ,
        odds_ratio_method=OddsRatioMethod.CONDITIONAL,
    )
    yield ProportionComparison(
        ratio_interval=RatioInterval.MIETTINEN_NURMINEN,
        odds_ratio_method=OddsRatioMethod.MIETTINEN_NURMINEN,
    )
    yield StratifiedProportions(strata=SEX)
    yield Logistic(covariates=(SEX,))
    yield Logistic(limits=RatioLimits.WALD, when_separated=WhenSeparated.LIKELIHOOD)
    yield StandardisedRiskComparison(covariates=(AGE, SEX))
    yield StandardisedRiskComparison(variance=RiskVariance.HC3)
    yield ModifiedPoisson(covariates=(SEX,), variance=RobustCovariance.HC1)
    yield LogBinomialRegression()
    random = DrawMethod.APPROXIMATE_BAYES
    yield MultipleImputation(draws=random, samples=5, seed=2, covariates=(SEX,))
    yield Subgroups(by=SEX)
    yield Subgroups(
        by=SEX, interval=IntervalMethod.MEE, odds_ratio_method=OddsRatioMethod.CONDITIONAL
    )
    yield Subgroups(by=AGE, cut_points=(56,))
    yield MarginComparison(method=Method.NON_INFERIORITY, margin=0.15)
    yield MarginComparison(method=Method.EQUIVALENCE, margin=0.35, alpha=0.1)


def of_events_over_visits() -> Iterator[Specification]:
    """The models of events at several visits, of which each population has too few for all."""
    yield Gee(correlation=WorkingCorrelation.INDEPENDENCE, covariance=GeeCovariance.ROBUST)
    yield Gee(compared_with=ReferenceDistribution.NORMAL)
    yield Glmm(nodes=41)
    yield Gee(visits=("W8", "W12"))


def of_clusters() -> Iterator[Specification]:
    """What allows for clusters; they are of the arms that were allocated."""
    for response in EITHER:
        yield ClusterMeansComparison(response=response)
        yield ClusterCovarianceModel(response=response)
        yield ClusterIntercepts(response=response)
        yield PartiallyNested(response=response)
    # it is of the arms that were allocated, too
    for response in EITHER:
        yield ComplierEffect(covariates=(), response=response)
    yield ComplierEffect(covariates=("baseline", AGE, SEX), robust=None)
    yield ClusterMeansComparison(weights=ClusterWeights.SIZE)
    yield ClusterMeansComparison(scale=SummaryScale.RATIO)
    yield ClusterCovarianceModel(covariates=(AGE, SEX), covariance=ClusterCovariance.CR1)
    yield ClusterCovarianceModel(covariates=(), covariance=ClusterCovariance.CR0)
    yield PartiallyNested(residual_by_arm=True)
    yield ClusterIntercepts(groupings=(SEX,))


def of_events_in_clusters() -> Iterator[Specification]:
    """The same of events."""
    yield ClusterMeansComparison()
    yield ClusterCovarianceModel(covariates=(SEX,))
    yield ClusterGee(covariates=(SEX,), covariance=GeeCovariance.KAUERMANN_CARROLL)
    yield ClusterGee(correlation=WorkingCorrelation.INDEPENDENCE, covariance=GeeCovariance.ROBUST)
    yield ClusterGee(compared_with=ReferenceDistribution.NORMAL)
    yield ClusterGlmm(nodes=31)


def few_cases(outcome: str) -> dict[str, Planned]:
    """The methods of a continuous outcome, of which there are few participants."""
    return _named(
        [Planned(specification=s, outcome=outcome, population="itt") for s in of_numbers()]
    )


def cases(*, paired_events: bool, everywhere: bool = True) -> dict[str, Planned]:
    """The analyses by their ids; who asks a binary outcome at baseline asks how it changed too.

    Each in every population, or if not ``everywhere`` in one: the populations take turns.
    """
    found: list[Planned] = []
    turns = 1 if everywhere else len(POPULATIONS)

    def plan(specification: Specification, outcome: str, population: str) -> None:
        found.append(Planned(specification=specification, outcome=outcome, population=population))

    for place, population in enumerate(POPULATIONS):
        outcome = "walk" if population == "safety" else "function"
        for each in islice(of_numbers(), place % turns, None, turns):
            plan(each, outcome, population)
        for each in islice(of_events(), place % turns, None, turns):
            plan(each, "improved", population)
        if paired_events:
            for method in (Method.MCNEMAR, Method.MCNEMAR_EXACT):
                plan(PairedProportionComparison(method=method), "improved", population)
    plan(ResponderComparison(missing=MissingRule.NON_RESPONDER), "function", "safety")
    for each in of_clusters():
        plan(each, "function", "itt")
    for each in of_events_in_clusters():
        plan(each, "improved", "itt")
    plan(MixedAnova(), "walk", "itt")
    for each in of_few():
        plan(each, "function", "safety")
    for each in of_events_over_visits():
        plan(each, "improved", "itt")
    # the residuals of a model, and the changes, are drawn of primary analyses alone
    drawn = (
        MeanComparison(method=Method.WELCH_T, response=Response.FINAL),
        Ancova(response=Response.CHANGE, covariates=("baseline", AGE)),
        Mmrm(response=Response.FINAL, covariates=(AGE,)),
    )
    found += [
        Planned(
            specification=each,
            outcome="function",
            population="safety",
            role=AnalysisRole.PRIMARY,
        )
        for each in drawn
    ]
    return _named(found)


def _named(found: list[Planned]) -> dict[str, Planned]:
    return {
        f"{number}-{each.specification.method.value}-{each.outcome}-{each.population}": each
        for number, each in enumerate(found)
    }
