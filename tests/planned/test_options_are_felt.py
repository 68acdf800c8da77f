"""Every option of every method changes the results that it should change, and no others.

The table says which: for each part of an analysis the statistics that differ, and by their brackets
in what. ``se`` is another number in every row; ``estimate[note]`` is the same number with another
note; ``p_adjusted[other]`` is there on one side alone; what has a question mark depends on the data.
**What the table does not name is identical, to the last row.** Options are found by introspection:
a new one without a line here fails, and so does one that changes nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Any

import pytest

from tests.conftest import few_at_once
from tests.planned.feeling import (
    AGE,
    ALONE,
    SEX,
    SIDE,
    Felt,
    Key,
    Row,
    Tried,
    part_of,
    tried,
)
from tests.variations import CASES, changed, pairs
from trialkit.protocol.compared import compared
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.cluster_comparisons import (
    ClusterCovarianceModel,
    ClusterIntercepts,
    ClusterMeansComparison,
    PartiallyNested,
)
from trialkit.protocol.methods.cluster_models import ClusterCox, ClusterGee, ClusterGlmm
from trialkit.protocol.methods.cluster_options import SummaryScale
from trialkit.protocol.methods.comparisons import (
    IntervalMethod,
    MissingRule,
    TwoGroupEstimate,
)
from trialkit.protocol.methods.complier_effect import ComplierEffect
from trialkit.protocol.methods.constrained_longitudinal import ConstrainedLongitudinal
from trialkit.protocol.methods.cox import Cox
from trialkit.protocol.methods.crossover_comparisons import (
    CrossoverDifference,
    CrossoverModel,
    CrossoverPreference,
)
from trialkit.protocol.methods.cumulative_incidence import IncidenceComparison
from trialkit.protocol.methods.delta_grid import DeltaGrid
from trialkit.protocol.methods.diagnostics import Check
from trialkit.protocol.methods.exact_rates import ExactRateComparison
from trialkit.protocol.methods.factorial import FactorialComparison, FactorialRiskComparison
from trialkit.protocol.methods.fine_gray import SubdistributionHazards
from trialkit.protocol.methods.gee import Gee
from trialkit.protocol.methods.generalised_models import (
    CountVariance,
    RatioLimits,
    WorkingCorrelation,
)
from trialkit.protocol.methods.glmm import Glmm
from trialkit.protocol.methods.imputation import CovariateFill, DrawMethod, ImputationStrategy
from trialkit.protocol.methods.linear_models import (
    Comparisons,
    RobustCovariance,
)
from trialkit.protocol.methods.log_binomial import LogBinomialRegression
from trialkit.protocol.methods.log_rank import LogRank
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.lwyy import Lwyy
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.mean_cumulative import MeanCumulativeComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.milestone import Milestone
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.modified_poisson import ModifiedPoisson
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.protocol.methods.odds_comparison import OddsComparison
from trialkit.protocol.methods.pair_comparison import NextPriority, PairComparison
from trialkit.protocol.methods.paired_proportion_comparison import PairedProportionComparison
from trialkit.protocol.methods.poisson import PoissonComparison
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.pwp import Pwp
from trialkit.protocol.methods.quantile_difference import QuantileDifference
from trialkit.protocol.methods.repeated import (
    CoefficientCovariance,
    CovarianceStructure,
    Inference,
)
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.restricted_mean import RestrictedMean
from trialkit.protocol.methods.risk_comparison import RiskComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.stratified_ranks import StratifiedRanks
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.methods.time_to_event import TiedEvents
from trialkit.protocol.methods.tipping_point import TippingPoint
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.results.effect import Scale

Where = Callable[[Tried, str], bool]


def anywhere(_: Tried, __: str) -> bool:
    return True


def two_arms(trial: Tried, _: str) -> bool:
    return len(trial.protocol.arms) == 2


def three_arms(trial: Tried, _: str) -> bool:
    return len(trial.protocol.arms) == 3


def several_visits(trial: Tried, _: str) -> bool:
    return len(trial.protocol.visits) > 2


def of_means(trial: Tried, outcome: str) -> bool:
    return not trial.protocol.outcome(outcome).kind.is_proportion


def of_values(trial: Tried, outcome: str) -> bool:
    return trial.protocol.outcome(outcome).kind.is_mean


def of_risks(trial: Tried, outcome: str) -> bool:
    return trial.protocol.outcome(outcome).kind.is_proportion


def too_few(trial: Tried, _: str) -> bool:
    return trial.name == "too few"


def unmeasured(trial: Tried, _: str) -> bool:
    return trial.name == "without a baseline"


def separated(trial: Tried, _: str) -> bool:
    return trial.name == "separated"


def has_threshold(trial: Tried, outcome: str) -> bool:
    return trial.protocol.outcome(outcome).minimal_important_change is not None


def named(*names: str) -> Where:
    return lambda trial, _: trial.name in names


@dataclass(frozen=True)
class FeltOption(Felt):
    """What a change of one option of a method changes."""

    one = ALONE
    values: tuple[Any, ...] = ()
    """The other values; none: all that the option admits."""
    where: Where = anywhere

    def ends(self) -> list[Specification]:
        if self.values:
            return [replace(self.of, **{self.field: each}) for each in self.values]
        return list(changed(self.of, self.field, characteristics=(AGE, SEX)))


NOTHING: dict[str, str] = {}
LIMITS = "conf_low conf_high"
EFFECT = f"estimate {LIMITS}"
MEASURES = ("risk_difference", "risk_ratio", "odds_ratio")
SE_AND_LIMITS = f"se {LIMITS}"
MEAN = f"estimate {SE_AND_LIMITS}"
MEAN_PERHAPS = MEAN.replace("estimate", "estimate[value?]", 1)
"""Of an option that may leave a mean where it is: in balanced data, or for one arm alone."""
TEST = f"estimate se statistic p_value {LIMITS}"
SE_AND_TEST = f"se statistic p_value {LIMITS}"
F = "statistic p_value"
ALL_OTHER = "[other]"
"""Every row of the part is there on one side alone."""
SIMULTANEOUS = (
    "estimate[interval_kind] conf_low[value,interval_kind] conf_high[value,interval_kind] "
    "conf_level[interval_kind] p_adjusted[other]"
)
ONE_SIDED = (
    "estimate[interval_kind] conf_low[value,interval_kind] conf_high[value,interval_kind] "
    "conf_level[interval_kind] p_value[value,interval_kind]"
)
RESIDUALS = {
    "check normality_of_residuals": F,
    "check homogeneity_of_variance": F,
    "check influential_subject": "statistic[value?,note?,other?]",
    "residuals": "residuals quantiles",
}
"""Another model leaves another rest."""
SIZES = "n_clusters[value?] cluster_size[value?] cluster_size_cv[value?]"
"""The clusters, where who is analysed depends on what the trial's data lack."""
WHO = "n[value?] n_excluded[value?,note?]"
"""The numbers analysed, where who is analysed depends on what the trial's data lack."""

ANCOVA = [
    FeltOption(
        Ancova(),
        "covariates",
        {
            "numbers": WHO,
            "means": f"{MEAN} df[value?]",
            "contrasts": f"{TEST} df[value?]",
            **RESIDUALS,
            "check homogeneity_of_variance": f"{F} df_den[value?]",
            "check homogeneity_of_slopes": ALL_OTHER,
        },
        values=((), (AGE,), (SEX,)),
    ),
    # beside the baseline value a change and a final value differ by what the model knows
    FeltOption(Ancova(), "response", {"means": EFFECT, "residuals": "residuals"}),
    FeltOption(
        Ancova(covariates=()),
        "response",
        {"means": MEAN, "contrasts": TEST, **RESIDUALS},
    ),
    FeltOption(Ancova(), "comparisons", NOTHING, where=two_arms),
    FeltOption(
        Ancova(),
        "comparisons",
        {"contrasts of others": ALL_OTHER},
        where=three_arms,
    ),
    FeltOption(Ancova(), "adjustment", {"contrasts": "p_adjusted[other]"}, where=two_arms),
    FeltOption(Ancova(), "adjustment", {"contrasts": SIMULTANEOUS}, where=three_arms),
    FeltOption(
        Ancova(comparisons=Comparisons.ALL_PAIRS),
        "adjustment",
        {"contrasts": SIMULTANEOUS, "contrasts of others": SIMULTANEOUS},
        where=three_arms,
    ),
    # levels are weighted in a mean, and cancel in a difference
    FeltOption(Ancova(), "weights", NOTHING),
    FeltOption(Ancova(covariates=("baseline", SEX)), "weights", {"means": MEAN}),
    FeltOption(
        Ancova(),
        "robust",
        {
            "means": SE_AND_LIMITS,
            "contrasts": SE_AND_TEST,
            "check homogeneity_of_slopes": F,
        },
    ),
    # ratios of geometric means go by another name than differences: EG / CG
    FeltOption(
        Ancova(),
        "scale",
        {
            "means": MEAN,
            "contrasts": ALL_OTHER,
            **RESIDUALS,
            "check homogeneity_of_slopes": F,
        },
    ),
]

MIXED_ANOVA = [
    # types II and III differ where arms are unequal, and there in the mean over the arms
    FeltOption(MixedAnova(), "sum_of_squares", NOTHING, where=two_arms),
    FeltOption(
        MixedAnova(),
        "sum_of_squares",
        {"visit": f"{F} p_value_gg p_value_hf partial_eta_squared generalised_eta_squared"},
        where=three_arms,
    ),
    FeltOption(MixedAnova(), "adjustment", {"contrasts": "p_adjusted[other]"}, where=two_arms),
    FeltOption(MixedAnova(), "adjustment", {"contrasts": SIMULTANEOUS}, where=three_arms),
]

COMPLIERS = [
    FeltOption(
        ComplierEffect(),
        "covariates",
        {
            "numbers": WHO,
            "contrasts": "estimate[value,note?] se[value,note?] df[value?,note?] statistic[value,note?] "
            "p_value[value,note?] conf_low[value,note?] conf_high[value,note?] conf_level[note?]",
            "first stage": "?",
        },
        values=((), (AGE,), (SEX,)),
    ),
    FeltOption(
        ComplierEffect(covariates=()),
        "response",
        {
            "numbers": WHO,
            "contrasts": "estimate[value,note?] se[value,note?] df[value?,note?] statistic[value,note?] "
            "p_value[value,note?] conf_low[value,note?] conf_high[value,note?] conf_level[note?]",
            "first stage": "?",
        },
    ),
    # beside the baseline value a change and a final value differ by what the model knows
    FeltOption(ComplierEffect(), "response", NOTHING),
    # where all did as allocated the first stage is exact, whatever its errors
    FeltOption(
        ComplierEffect(),
        "robust",
        {
            "contrasts": "estimate[note?] se[value,note?] df[note?] statistic[value,note?] "
            "p_value[value,note?] conf_low[value,note?] conf_high[value,note?] conf_level[note?]",
            "first stage": "?",
        },
    ),
]
QUANTILE = (
    "estimate[value,note?] conf_low[value?,note?,status?] conf_high[value?,note?,status?] df[value?,note?] "
    "statistic[value?,note?] p_value[value?,note?] conf_level[note?]"
)
QUANTILES = [
    FeltOption(
        QuantileDifference(),
        "quantile",
        {"contrasts": QUANTILE.replace("estimate[value", "estimate[value?")},
        values=(0.25, 0.75, 0.1),
    ),
    FeltOption(
        QuantileDifference(),
        "covariates",
        {"numbers": WHO, "contrasts": QUANTILE.replace("estimate[value", "estimate[value?")},
        values=((AGE,), (SEX,), ("baseline",)),
    ),
    FeltOption(
        QuantileDifference(),
        "response",
        {"numbers": WHO, "contrasts": QUANTILE.replace("estimate[value", "estimate[value?")},
    ),
    # beside the baseline value a change and a final value differ by what the model knows
    FeltOption(QuantileDifference(covariates=("baseline",)), "response", NOTHING),
]

TRIMMED = TrimmedMean(replicates=999)
TRIMMED_DRAWN = {
    "contrasts": "estimate[note?] p_value[value?,note?] conf_low[value?,note?,status?] "
    "conf_high[value?,note?,status?] conf_level[note?]"
}
TRIMMED_TEST = {
    "contrasts": TRIMMED_DRAWN["contrasts"].replace("estimate[", "estimate[value?,"),
    "kept after trimming": "n[value?,note?] mean[value?,note?]",
}
SOME_MISSING = named("three arms", "made up")
NONE_MISSING = named("example", "template")
TRIMMED_MEANS = [
    FeltOption(TRIMMED, "response", {**TRIMMED_TEST, "kept after trimming": "mean[value]"}),
    FeltOption(TRIMMED, "missing", {"numbers": WHO, **TRIMMED_TEST}, where=SOME_MISSING),
    # where nobody lacks a value nobody ranks below all
    FeltOption(TRIMMED, "missing", NOTHING, where=NONE_MISSING),
    FeltOption(TRIMMED, "trim", TRIMMED_TEST, values=(0.4, 0.45)),
    FeltOption(
        TRIMMED, "restricted", TRIMMED_DRAWN, where=named("template", "three arms", "made up")
    ),
    # where no block is known arms are permuted among all in any case
    FeltOption(TRIMMED, "restricted", NOTHING, where=named("example")),
    FeltOption(
        TRIMMED, "replicates", TRIMMED_DRAWN, where=named("example", "three arms", "made up")
    ),
    FeltOption(TRIMMED, "seed", TRIMMED_DRAWN, where=named("example", "three arms", "made up")),
    # where all allocations are looked at, none is drawn
    FeltOption(TRIMMED, "replicates", NOTHING, where=named("template")),
    FeltOption(TRIMMED, "seed", NOTHING, where=named("template")),
]

ODDS_TEST = f"statistic p_value {EFFECT}"
PROPORTIONALITY = "check proportionality_of_odds"
ODDS = [
    FeltOption(
        OddsComparison(),
        "covariates",
        {
            "numbers": WHO,
            "contrasts": ODDS_TEST,
            "group": F,
            PROPORTIONALITY: "?",
        },
        values=((AGE,), (SEX,), ("baseline",)),
    ),
    FeltOption(
        OddsComparison(),
        "limits",
        {"contrasts": f"{LIMITS} statistic p_value df[other]"},
    ),
]
PAIR_METHODS = (
    Method.WIN_PROBABILITY,
    Method.WIN_ODDS,
    Method.WIN_RATIO,
    Method.NET_BENEFIT,
)
DECIDED = (
    "estimate[value?,note,status?] statistic[value?,note] p_value[value?,note,status?] df[value?,note] "
    "conf_low[value?,note] conf_high[value?,note] conf_level[note]"
)
PAIRS = [
    FeltOption(
        PairComparison(method=method),
        "then",
        {"contrasts": DECIDED, "decided": ALL_OTHER},
        values=((NextPriority(outcome="pain"),), (NextPriority(outcome="pain", more_than=5),)),
    )
    for method in PAIR_METHODS
]
RANKS = [
    FeltOption(
        StratifiedRanks(strata=(SEX,)),
        "strata",
        {
            "contrasts": "estimate[value,note] se[value,note] statistic[value,note] p_value[value,note] "
            "conf_low[value,note] conf_high[value,note] conf_level[note]"
        },
        values=((SIDE,), (SEX, SIDE)),
    ),
]

MMRM_FIT = {
    "fit": "log_likelihood aic bic",
    "covariance": "covariance correlation[value?]",
    "means": f"{MEAN} df",
    "contrasts": f"{TEST} df",
    "baseline": f"{F} df_den",
    "arm": f"{F} df_den",
    "visit": f"{F} df_den",
    "arm:visit": f"{F} df_den",
    "residuals": "residuals quantiles",
}
"""Another model of the same response."""
LOOSE_FIT = {
    name: stats.replace("df_den", "df_den[value?]").replace(" df", " df[value?]")
    if stats.endswith(" df")
    else stats.replace("df_den", "df_den[value?]")
    for name, stats in MMRM_FIT.items()
}
"""The same, where degrees of freedom may be those of the design alone."""
BY_NAME = {"baseline": ALL_OTHER, AGE: ALL_OTHER, SEX: ALL_OTHER}
SATTERTHWAITE = Mmrm(inference=Inference.SATTERTHWAITE)
COEFFICIENTS = {
    "means": SE_AND_LIMITS,
    "contrasts": SE_AND_TEST,
    "baseline": F,
    "arm": F,
    "visit": F,
    "arm:visit": F,
}
"""Another covariance of the same coefficients."""

MMRM = [
    FeltOption(
        Mmrm(),
        "response",
        {"means": EFFECT, "baseline": F, "residuals": "residuals"},
        where=several_visits,
    ),
    FeltOption(
        Mmrm(covariates=()),
        "response",
        {**LOOSE_FIT, "baseline": ""},
        where=several_visits,
    ),
    FeltOption(
        Mmrm(),
        "covariates",
        {**MMRM_FIT, **BY_NAME, "numbers": WHO},
        values=((), (AGE,), (SEX,)),
        where=several_visits,
    ),
    FeltOption(
        Mmrm(),
        "covariates_by_visit",
        {
            **MMRM_FIT,
            "numbers": WHO,
            AGE: ALL_OTHER,
            SEX: ALL_OTHER,
            f"{AGE}:visit": ALL_OTHER,
            f"{SEX}:visit": ALL_OTHER,
        },
        values=((AGE,), (SEX,)),
        where=several_visits,
    ),
    FeltOption(
        Mmrm(),
        "covariance",
        {**MMRM_FIT, "fit": "log_likelihood[value,note] aic[value,note] bic[value,note]"},
        where=named("three arms"),
    ),
    # one visit has one variance, whatever its structure is called
    FeltOption(
        Mmrm(),
        "covariance",
        {"fit": "log_likelihood[note] aic[note] bic[note]"},
        values=(CovarianceStructure.TOEPLITZ, CovarianceStructure.COMPOUND_SYMMETRY),
        where=named("example"),
    ),
    # what stands behind a structure that can be fitted is not used
    FeltOption(
        Mmrm(),
        "fallback",
        NOTHING,
        values=((CovarianceStructure.AR1,), (CovarianceStructure.TOEPLITZ,)),
        where=several_visits,
    ),
    # where it cannot; everybody there has every value, so that the means are those of the data
    FeltOption(
        Mmrm(covariates=(), fallback=(CovarianceStructure.AR1,)),
        "fallback",
        {
            **COEFFICIENTS,
            "baseline": "",
            "fit": "log_likelihood[value,note] aic[value,note] bic[value,note]",
            "covariance": "covariance correlation[value?]",
            "means": f"{SE_AND_LIMITS} df",
            "contrasts": f"{SE_AND_TEST} df",
            "arm": f"{F} df_den[value?]",
            "visit": f"{F} df_den[value?]",
            "arm:visit": f"{F} df_den[value?]",
        },
        values=((CovarianceStructure.COMPOUND_SYMMETRY,),),
        where=too_few,
    ),
    FeltOption(
        Mmrm(),
        "covariance_by",
        {**MMRM_FIT, "covariance": ALL_OTHER},
        values=("arm", SEX),
        where=several_visits,
    ),
    FeltOption(
        Mmrm(), "weights", {**MMRM_FIT, "numbers": WHO}, values=(AGE,), where=several_visits
    ),
    FeltOption(
        SATTERTHWAITE,
        "likelihood",
        LOOSE_FIT,
        where=several_visits,
    ),
    # degrees of freedom, and with them the covariance that goes by the same name
    FeltOption(
        Mmrm(),
        "inference",
        {
            "means": f"{SE_AND_LIMITS} df[value?]",
            "contrasts": f"{SE_AND_TEST} df[value?]",
            "baseline": f"{F} df_den[value?]",
            "arm": f"{F} df_den[value?]",
            "visit": f"{F} df_den[value?]",
            "arm:visit": f"{F} df_den[value?]",
        },
        where=several_visits,
    ),
    FeltOption(
        Mmrm(inference=Inference.RESIDUAL, coefficient_covariance=CoefficientCovariance.EMPIRICAL),
        "inference",
        {
            "means": f"{LIMITS} df",
            "contrasts": f"p_value {LIMITS} df",
            "baseline": "p_value df_den",
            "arm": "p_value df_den",
            "visit": "p_value df_den",
            "arm:visit": "p_value df_den",
        },
        values=(Inference.BETWEEN_WITHIN,),
        where=several_visits,
    ),
    FeltOption(
        Mmrm(inference=Inference.BETWEEN_WITHIN),
        "coefficient_covariance",
        COEFFICIENTS,
        values=(
            CoefficientCovariance.EMPIRICAL,
            CoefficientCovariance.JACKKNIFE,
            CoefficientCovariance.BIAS_REDUCED,
        ),
        where=several_visits,
    ),
    # what belongs to an inference anyway
    FeltOption(
        Mmrm(),
        "coefficient_covariance",
        NOTHING,
        values=(CoefficientCovariance.KENWARD_ROGER_LINEAR,),
        where=several_visits,
    ),
    FeltOption(
        Mmrm(inference=Inference.KENWARD_ROGER),
        "coefficient_covariance",
        NOTHING,
        values=(CoefficientCovariance.KENWARD_ROGER,),
        where=several_visits,
    ),
    FeltOption(
        SATTERTHWAITE,
        "coefficient_covariance",
        NOTHING,
        values=(CoefficientCovariance.MODEL_BASED,),
        where=several_visits,
    ),
]

JUMP = MultipleImputation(strategy=ImputationStrategy.JUMP_TO_REFERENCE)
BY_RUBIN = MultipleImputation(draws=DrawMethod.APPROXIMATE_BAYES, samples=20, seed=1)
RESAMPLED = replace(BY_RUBIN, draws=DrawMethod.BOOTSTRAP)
IMPUTED_MEAN = "estimate[value?] se[value?] df[value?] conf_low[value?] conf_high[value?]"
IMPUTED_TEST = f"{IMPUTED_MEAN} statistic[value?] p_value[value?] missing_information[value?]"
IMPUTED_FIT = {"means": IMPUTED_MEAN, "contrasts": IMPUTED_TEST}
"""Other imputed values; of a visit at which nobody lacks one nothing changes."""
OTHER_MODEL = {**IMPUTED_FIT, "fit": "log_likelihood"}


def imputed_means(trial: Tried, outcome: str) -> bool:
    return trial.name == "made up" and of_values(trial, outcome)


def imputed_events(trial: Tried, outcome: str) -> bool:
    return trial.name == "made up" and of_risks(trial, outcome)


def named_means(trial: Tried, outcome: str) -> bool:
    return trial.name == "three arms" and of_values(trial, outcome)


IMPUTATION = [
    FeltOption(
        MultipleImputation(),
        "strategy",
        {**IMPUTED_FIT, "imputed": "n_imputed[note?]"},
        where=named_means,
    ),
    # somebody stopped and was seen again; others were not
    FeltOption(
        JUMP,
        "after",
        {**OTHER_MODEL, "fit": "log_likelihood[value?]", "imputed": "n_imputed[note?]"},
        values=(("missing",), ("stopped",)),
        where=imputed_means,
    ),
    FeltOption(
        JUMP,
        "strategies",
        {**IMPUTED_FIT, "imputed": "n_imputed[note?]"},
        values=({"stopped": ImputationStrategy.COPY_REFERENCE},),
        where=imputed_means,
    ),
    FeltOption(
        JUMP,
        "delta",
        {
            "means": "estimate[value?] se[value?] conf_low[value?] conf_high[value?]",
            "contrasts": IMPUTED_TEST,
        },
        values=({"A1": 5.0}, {"A2": {"V2": 3.0}}),
        where=imputed_means,
    ),
    FeltOption(
        BY_RUBIN,
        "draws",
        {
            "means": "estimate[value?] se df[value?,other?] conf_low conf_high",
            "contrasts": "?",
            "imputed": "n_imputations[value,note]",
        },
        values=(DrawMethod.NESTED_BOOTSTRAP, DrawMethod.BOOTSTRAP),
        where=imputed_means,
    ),
    FeltOption(BY_RUBIN, "draws", IMPUTED_FIT, values=(DrawMethod.BAYES,), where=imputed_means),
    FeltOption(
        BY_RUBIN,
        "samples",
        {
            **IMPUTED_FIT,
            "contrasts": "estimate[value?,note] se[value?,note] df[value?,note] statistic[value?,note] "
            "p_value[value?,note] conf_low[value?,note] conf_high[value?,note] conf_level[note] "
            "missing_information[value?,note]",
            "imputed": "n_imputations[value,note]",
        },
        values=(30,),
        where=imputed_means,
    ),
    FeltOption(BY_RUBIN, "seed", IMPUTED_FIT, values=(2,), where=imputed_means),
    FeltOption(
        RESAMPLED,
        "limits",
        {"means": LIMITS, "contrasts": f"p_value {LIMITS} statistic[other]"},
        where=imputed_means,
    ),
    FeltOption(
        BY_RUBIN,
        "covariates",
        {**OTHER_MODEL, "numbers": WHO, "imputed": "n_imputed[value?,note?]"},
        values=((AGE,), (SEX,)),
        where=imputed_means,
    ),
    FeltOption(
        BY_RUBIN,
        "covariates_by_visit",
        {**OTHER_MODEL, "numbers": WHO, "imputed": "n_imputed[value?,note?]"},
        values=((), ("baseline", AGE), (SEX,)),
        where=imputed_means,
    ),
    FeltOption(
        BY_RUBIN,
        "auxiliary",
        {**OTHER_MODEL, "numbers": WHO, "imputed": "n_imputed[value?,note?]"},
        values=((AGE,), (SEX,)),
        where=imputed_means,
    ),
    FeltOption(
        BY_RUBIN,
        "covariance",
        {**IMPUTED_FIT, "fit": "log_likelihood[value?,note]"},
        where=imputed_means,
    ),
    FeltOption(
        BY_RUBIN,
        "fallback",
        NOTHING,
        values=((CovarianceStructure.AR1,),),
        where=imputed_means,
    ),
    FeltOption(
        MultipleImputation(covariates_by_visit=(), fallback=(CovarianceStructure.AR1,)),
        "fallback",
        {"fit": "log_likelihood[value,note]"},
        values=((CovarianceStructure.COMPOUND_SYMMETRY,),),
        where=too_few,
    ),
    FeltOption(BY_RUBIN, "covariance_by_arm", OTHER_MODEL, where=imputed_means),
    FeltOption(BY_RUBIN, "likelihood", OTHER_MODEL, where=imputed_means),
    FeltOption(
        BY_RUBIN,
        "visits",
        {
            "means": "?",
            "contrasts": "?",
            "fit": "log_likelihood",
            "imputed": "n_imputed[other?]",
        },
        values=(("V2",),),
        where=imputed_means,
    ),
    FeltOption(
        replace(BY_RUBIN, auxiliary=(AGE,)),
        "baseline_fill",
        {
            "means": "?",
            "contrasts": "?",
            "fit": "log_likelihood",
            "numbers": "n[value?] n_excluded[value?,note?]",
            "imputed": "n_imputed[value?,note?,other?]",
        },
        where=unmeasured,
    ),
    FeltOption(
        replace(BY_RUBIN, auxiliary=(AGE,), baseline_fill=CovariateFill.MEAN),
        "baseline_fill",
        {
            "means": "?",
            "contrasts": "?",
            "fit": "log_likelihood",
            "imputed": "n_imputed[note?]",
        },
        values=(CovariateFill.REGRESSION,),
        where=unmeasured,
    ),
    # what analyses each data set
    FeltOption(
        BY_RUBIN,
        "model",
        {"means": ALL_OTHER, "contrasts": "?"},
        values=(Ancova(robust=RobustCovariance.HC3),),
        where=imputed_means,
    ),
    FeltOption(
        BY_RUBIN,
        "model",
        {"risk_difference": ALL_OTHER, "odds_ratio": ALL_OTHER},
        values=(Logistic(limits=RatioLimits.WALD),),
        where=imputed_events,
    ),
    FeltOption(
        BY_RUBIN,
        "delta",
        {"risk_difference": "?"},
        values=({"A1": 5.0},),
        where=imputed_events,
    ),
    FeltOption(
        BY_RUBIN,
        "strategies",
        {"risk_difference": "?", "imputed": "n_imputed[note?]"},
        values=({"missing": ImputationStrategy.COPY_REFERENCE},),
        where=imputed_events,
    ),
]

TIPPING = TippingPoint(
    arm="A1", deltas=DeltaGrid(first=-2, last=4, step=2), draws=DrawMethod.APPROXIMATE_BAYES,
    samples=20, seed=1,
)  # fmt: skip
JUMPING = replace(TIPPING, strategy=ImputationStrategy.JUMP_TO_REFERENCE)
MOVED = (
    "estimate[value?] se[value?] p_value[value?] conf_low[value?] conf_high[value?] "
    "tipping_delta[value?,note?]"
)
POINTS = {"contrasts": MOVED, "residuals": "tipping_contours[value?]"}
"""Other numbers at each delta, and so other tipping points."""
OTHER_POINTS = {**POINTS, "fit": "log_likelihood"}
OTHERS_IN_IT = {**OTHER_POINTS, "numbers": WHO, "imputed": "n_imputed[value?,note?]"}
OTHER_GRID = {"contrasts": "?", "residuals": "tipping_contours[value?]"}

TIPPING_POINTS = [
    *(
    FeltOption(of, option, changes, values=values, where=imputed_means)
    for of, option, changes, values in (
        (TIPPING, "arm", OTHER_GRID, ("A2", "A0")),
        (TIPPING, "deltas", OTHER_GRID, (DeltaGrid(first=-2, last=4),)),
        (TIPPING, "other_deltas", OTHER_GRID, (DeltaGrid(first=0, last=2),)),
        (
            TIPPING, "strategy",
            {**POINTS, "fit": "log_likelihood[value?]", "imputed": "n_imputed[note?]"}, (),
        ),
        (
            JUMPING, "after",
            {**OTHER_POINTS, "fit": "log_likelihood[value?]", "imputed": "n_imputed[note?]"},
            (("missing",), ("stopped",)),
        ),
        (
            JUMPING, "strategies", {**POINTS, "imputed": "n_imputed[note?]"},
            ({"stopped": ImputationStrategy.COPY_REFERENCE},),
        ),
        (
            TIPPING, "draws", {**POINTS, "imputed": "n_imputations[value,note]"},
            (DrawMethod.NESTED_BOOTSTRAP, DrawMethod.BOOTSTRAP),
        ),
        (TIPPING, "draws", POINTS, (DrawMethod.BAYES,)),
        (TIPPING, "samples", {**POINTS, "imputed": "n_imputations[value,note]"}, (30,)),
        (TIPPING, "seed", POINTS, (2,)),
        (
            replace(TIPPING, draws=DrawMethod.BOOTSTRAP), "limits",
            {"contrasts": f"p_value[value?] {LIMITS} tipping_delta[value?,note?]",
             "residuals": "tipping_contours[value?]"},
            (),
        ),
        (TIPPING, "covariates", OTHERS_IN_IT, ((AGE,), (SEX,))),
        (TIPPING, "covariates_by_visit", OTHERS_IN_IT, ((), ("baseline", AGE), (SEX,))),
        (TIPPING, "auxiliary", OTHERS_IN_IT, ((AGE,), (SEX,))),
        (TIPPING, "covariance", {**POINTS, "fit": "log_likelihood[value?,note]"}, ()),
        (TIPPING, "fallback", NOTHING, ((CovarianceStructure.AR1,),)),
        (TIPPING, "covariance_by_arm", OTHER_POINTS, (True,)),
        (TIPPING, "likelihood", OTHER_POINTS, ()),
        (
            TIPPING, "visits", {**OTHER_POINTS, "imputed": "n_imputed[other?]"},
            (("V2",),),
        ),
    )
    ),
    FeltOption(
        replace(TIPPING, auxiliary=(AGE,)), "baseline_fill",
        {
            **OTHER_POINTS, "numbers": "n[value?] n_excluded[value?,note?]",
            "contrasts": "?", "imputed": "n_imputed[value?,note?,other?]",
        },
        where=unmeasured,
    ),
    FeltOption(
        replace(TIPPING, auxiliary=(AGE,), baseline_fill=CovariateFill.MEAN), "baseline_fill",
        {**OTHER_POINTS, "contrasts": "?", "imputed": "n_imputed[note?]"},
        values=(CovariateFill.REGRESSION,), where=unmeasured,
    ),
    # where a covariance cannot be fitted, the next one is
    FeltOption(
        TippingPoint(
            arm="A1", deltas=DeltaGrid(first=0, last=2), covariates_by_visit=(),
            fallback=(CovarianceStructure.AR1,),
        ),
        "fallback", {"fit": "log_likelihood[value,note]"},
        values=((CovarianceStructure.COMPOUND_SYMMETRY,),), where=too_few,
    ),
]  # fmt: skip

AT_BASELINE = {"means at baseline": "?"}
"""Where everybody has a baseline value their mean is estimated, whatever the model of the rest."""


def constrained(changes: dict[str, str]) -> dict[str, str]:
    """As for an MMRM, without the tests that this model has not: of a baseline, and of arms at all visits."""
    return {
        **{name: said for name, said in changes.items() if name not in {"baseline", "arm"}},
        **AT_BASELINE,
    }


CONSTRAINED_FIT, CONSTRAINED_LOOSE = constrained(MMRM_FIT), constrained(LOOSE_FIT)
CONSTRAINED_SOME = {
    **CONSTRAINED_LOOSE,
    "means": "estimate[value?] se[value?] df[value?] conf_low[value?] conf_high[value?]",
    "contrasts": "estimate[value?] se[value?] df[value?] statistic[value?] p_value[value?] "
    "conf_low[value?] conf_high[value?]",
    "residuals": "residuals quantiles[value?]",
}
"""The same, where a visit at which nobody lacks a value may be estimated as before."""
CONSTRAINED_SE = constrained(COEFFICIENTS)
CONSTRAINED_BY_NAME = {AGE: ALL_OTHER, SEX: ALL_OTHER}
CONSTRAINED_RANKED = ConstrainedLongitudinal(inference=Inference.SATTERTHWAITE)
OTHER_STRUCTURE = "log_likelihood[value,note] aic[value,note] bic[value,note]"

CONSTRAINED = [
    FeltOption(
        ConstrainedLongitudinal(),
        "covariates",
        {**CONSTRAINED_FIT, **CONSTRAINED_BY_NAME, "numbers": WHO},
        values=((AGE,), (SEX,)),
        where=several_visits,
    ),
    FeltOption(
        ConstrainedLongitudinal(),
        "covariates_by_visit",
        {
            **CONSTRAINED_FIT,
            **CONSTRAINED_BY_NAME,
            f"{AGE}:visit": ALL_OTHER,
            f"{SEX}:visit": ALL_OTHER,
            "numbers": WHO,
        },
        values=((AGE,), (SEX,)),
        where=several_visits,
    ),
    FeltOption(
        ConstrainedLongitudinal(),
        "covariance",
        {
            **CONSTRAINED_SOME,
            "covariance": "covariance[value?] correlation[value?]",
            "fit": OTHER_STRUCTURE,
        },
        where=named("three arms"),
    ),
    FeltOption(
        ConstrainedLongitudinal(),
        "fallback",
        NOTHING,
        values=((CovarianceStructure.AR1,), (CovarianceStructure.TOEPLITZ,)),
        where=several_visits,
    ),
    FeltOption(
        ConstrainedLongitudinal(fallback=(CovarianceStructure.AR1,)),
        "fallback",
        {**CONSTRAINED_LOOSE, "fit": OTHER_STRUCTURE, "means": "?", "contrasts": "?"},
        values=((CovarianceStructure.COMPOUND_SYMMETRY,),),
        where=too_few,
    ),
    FeltOption(
        ConstrainedLongitudinal(),
        "covariance_by",
        {**CONSTRAINED_FIT, "covariance": ALL_OTHER, "numbers": WHO},
        values=("arm", SEX),
        where=several_visits,
    ),
    FeltOption(
        ConstrainedLongitudinal(),
        "weights",
        {
            **CONSTRAINED_FIT,
            "contrasts": f"{TEST} df[value?]",
            "means": f"{MEAN} df[value?]",
            "numbers": WHO,
        },
        values=(AGE,),
        where=several_visits,
    ),
    FeltOption(CONSTRAINED_RANKED, "likelihood", CONSTRAINED_SOME, where=several_visits),
    FeltOption(
        ConstrainedLongitudinal(),
        "inference",
        {
            **AT_BASELINE,
            "means": f"se[value?] df[value?] {LIMITS}",
            "contrasts": f"se[value?] df[value?] statistic[value?] p_value {LIMITS}",
            "visit": "statistic[value?] p_value df_den[value?]",
            "arm:visit": "statistic[value?] p_value df_den[value?]",
        },
        where=several_visits,
    ),
    FeltOption(
        CONSTRAINED_RANKED,
        "inference",
        {
            **AT_BASELINE,
            "means": f"se[value?] df {LIMITS}",
            "contrasts": f"se[value?] df statistic[value?] p_value[value?] {LIMITS}",
            "visit": "statistic[value?] p_value df_den[value?]",
            "arm:visit": "statistic[value?] p_value df_den[value?]",
        },
        values=(Inference.BETWEEN_WITHIN, Inference.RESIDUAL),
        where=several_visits,
    ),
    FeltOption(
        ConstrainedLongitudinal(inference=Inference.BETWEEN_WITHIN),
        "coefficient_covariance",
        CONSTRAINED_SE,
        values=(
            CoefficientCovariance.EMPIRICAL,
            CoefficientCovariance.JACKKNIFE,
            CoefficientCovariance.BIAS_REDUCED,
        ),
        where=several_visits,
    ),
    FeltOption(
        ConstrainedLongitudinal(),
        "coefficient_covariance",
        NOTHING,
        values=(CoefficientCovariance.KENWARD_ROGER_LINEAR,),
    ),
    FeltOption(
        ConstrainedLongitudinal(inference=Inference.KENWARD_ROGER),
        "coefficient_covariance",
        NOTHING,
        values=(CoefficientCovariance.KENWARD_ROGER,),
    ),
    FeltOption(
        CONSTRAINED_RANKED,
        "coefficient_covariance",
        NOTHING,
        values=(CoefficientCovariance.MODEL_BASED,),
    ),
]


CHOSEN = (("W8", "W12"), ("W12",))
"""Visits of the trial of three arms, of which the last is the time point."""


OF_MIXED_ANOVA = (
    Check.NORMALITY,
    Check.EQUAL_VARIANCE,
    Check.EQUAL_COVARIANCE,
    Check.SPHERICITY,
    Check.PAIRWISE,
)


def of_chosen_visits() -> list[FeltOption]:
    """Fewer visits: other rows of everything, the visit left out on one side alone."""
    everything = {
        "numbers": WHO,
        "contrasts": "?",
        "visit": "?",
        "residuals": "?",
    }
    of_models = {"fit": "?", "covariance": "?", "means": "?", "arm:visit": "?"}
    where = named("three arms")
    return [
        FeltOption(
            MixedAnova(),
            "visits",
            {
                **everything,
                **dict.fromkeys(("group", "group:visit", "g"), "?"),
                **{f"check {each.value}": "?" for each in OF_MIXED_ANOVA},
            },
            values=CHOSEN,
            where=where,
        ),
        FeltOption(
            Mmrm(),
            "visits",
            {**everything, **of_models, "baseline": "?", "arm": "?"},
            values=CHOSEN,
            where=where,
        ),
        FeltOption(
            ConstrainedLongitudinal(),
            "visits",
            {**everything, **of_models, "means at baseline": "?"},
            values=CHOSEN,
            where=where,
        ),
        FeltOption(
            Gee(),
            "visits",
            {"numbers": WHO, "covariance": "?", "odds_ratio": "?"},
            values=(("W4", "W12"), ("W8", "W12")),
            where=IN_THREE_ARMS,
        ),
        FeltOption(
            Glmm(),
            "visits",
            {"numbers": WHO, "fit": "?", "odds_ratio": "?"},
            values=(("W4", "W12"),),
            where=IN_THREE_ARMS,
        ),
    ]


def ratios(of: RiskComparison, *others: str, where: Where = anywhere) -> Iterator[FeltOption]:
    """What says how risks are compared: the interval of the difference, which the ratios follow.

    ``others`` are parts in which all measures stand together.
    """
    of = replace(of, interval=IntervalMethod.NEWCOMBE)
    difference, ratio, odds = MEASURES
    # without an event in an arm Katz's and Woolf's limits do not exist, and a note says so
    said = "estimate[note?,status?] conf_level[note?,status?]"
    limits = f"conf_low[value?,note?,status?] conf_high[value?,note?,status?] {said}"
    # the conditional odds ratio, and the median-unbiased one, are other estimates too
    other = limits.replace("estimate[", "estimate[value?,")
    by_score = (IntervalMethod.MIETTINEN_NURMINEN, IntervalMethod.MEE)
    alone = tuple(each for each in IntervalMethod if each not in by_score)[1:]
    together = dict.fromkeys(others, other)
    every = {difference: limits, ratio: limits, odds: limits, **together}
    yield FeltOption(of, "interval", {difference: limits, **together}, values=alone, where=where)
    yield FeltOption(of, "interval", every, values=by_score, where=where)
    for start in (of, replace(of, interval=IntervalMethod.MIETTINEN_NURMINEN)):
        yield FeltOption(start, "ratio_interval", {ratio: limits, **together}, where=where)
        yield FeltOption(start, "odds_ratio_method", {odds: other, **together}, where=where)


SUBGROUPS = [
    FeltOption(
        Subgroups(by=SEX),
        "by",
        {
            "contrasts": EFFECT,
            "levels": ALL_OTHER,
            "interaction": "df_num[note] df_den[note] statistic[value,note] p_value[value,note]",
        },
        values=(SIDE,),
        where=lambda trial, outcome: named("made up")(trial, outcome) and of_means(trial, outcome),
    ),
    FeltOption(
        Subgroups(by=SEX),
        "by",
        {"levels": ALL_OTHER, "interaction": "df[note] statistic[value,note] p_value[value,note]"},
        values=(SIDE,),
        where=lambda trial, outcome: named("made up")(trial, outcome) and of_risks(trial, outcome),
    ),
    FeltOption(
        Subgroups(by=SEX),
        "covariates",
        {
            "numbers": WHO,
            "contrasts": EFFECT,
            "levels": f"{TEST} df[value?] n[value?]",
            "interaction": f"{F} df_den[value?]",
        },
        where=of_means,
    ),
    # other levels are other rows, and another covariate of the effect in all
    FeltOption(
        Subgroups(by=AGE, cut_points=(50,)),
        "cut_points",
        {
            "numbers": WHO,
            "contrasts": EFFECT,
            "levels": ALL_OTHER,
            "interaction": "df_num[value?] df_den[value?] statistic p_value",
        },
        values=((45.5,), (30, 52)),
        where=lambda trial, outcome: named("made up")(trial, outcome) and of_means(trial, outcome),
    ),
    FeltOption(
        Subgroups(by=AGE, cut_points=(50,)),
        "cut_points",
        {
            "levels": ALL_OTHER,
            "interaction": "df[value?] statistic p_value",
        },
        values=((45.5,), (30, 52)),
        where=lambda trial, outcome: named("made up")(trial, outcome) and of_risks(trial, outcome),
    ),
    # beside its levels the number itself may be a covariate
    FeltOption(
        Subgroups(by=AGE, cut_points=(50,), covariates=()),
        "covariates",
        {"contrasts": EFFECT, "levels": f"{TEST} df", "interaction": f"{F} df_den"},
        values=((AGE,),),
        where=lambda trial, outcome: named("made up")(trial, outcome) and of_means(trial, outcome),
    ),
    # proportions are compared as they are
    FeltOption(Subgroups(by=SEX), "covariates", NOTHING, where=of_risks),
    *ratios(Subgroups(by=SEX), "levels", where=of_risks),
    *(
        FeltOption(Subgroups(by=SEX), option, NOTHING, where=of_means)
        for option in Subgroups.OF_RISKS
    ),
    FeltOption(Subgroups(by=SEX), "response", NOTHING),
    FeltOption(
        Subgroups(by=SEX, covariates=()),
        "response",
        {"contrasts": EFFECT, "levels": TEST, "interaction": F},
        where=of_means,
    ),
]


def mean_comparisons() -> Iterator[FeltOption]:
    """The options of the comparisons of means and ranks, by what each method has."""
    g = ("hedges_g", "hedges_g_conf_low", "hedges_g_conf_high")
    other_g = {"g": " ".join(f"{each}[value,standardised_by,note]" for each in g)}
    rest = {"residuals": "residuals quantiles"}
    welch = MeanComparison(method=Method.WELCH_T)
    yield FeltOption(welch, "response", {"contrasts": f"{TEST} df", **other_g, **rest})
    student = MeanComparison(method=Method.STUDENT_T)
    yield FeltOption(student, "response", {"contrasts": TEST, **other_g, **rest})
    for start in (welch, student):
        yield FeltOption(start, "alternative", {"contrasts": ONE_SIDED})
        yield FeltOption(start, "standardiser", other_g)
    for method in (
        Method.MANN_WHITNEY,
        Method.MANN_WHITNEY_ASYMPTOTIC,
        Method.MANN_WHITNEY_CORRECTED,
    ):
        ranks = MeanComparison(method=method)
        yield FeltOption(
            ranks,
            "response",
            {"contrasts": "estimate conf_low[value?] conf_high[value?] se df statistic p_value"},
        )
        # limits from ranks are values of few people, and may stay where they are
        loose = ONE_SIDED.replace("low[value,", "low[value?,").replace(
            "high[value,", "high[value?,"
        )
        yield FeltOption(ranks, "alternative", {"contrasts": loose})
    permutation = MeanComparison(method=Method.PERMUTATION)
    yield FeltOption(permutation, "response", {"contrasts": "estimate p_value"})
    yield FeltOption(permutation, "alternative", {"contrasts": "p_value[value,interval_kind]"})
    yield FeltOption(MeanComparison(method=Method.KRUSKAL_WALLIS), "response", {"group": F})
    yield FeltOption(MeanComparison(method=Method.ONE_WAY_ANOVA), "response", {"group": F})
    yield FeltOption(
        MeanComparison(method=Method.WELCH_ANOVA), "response", {"group": f"{F} df_den[value]"}
    )


RERANDOMISED = Rerandomisation(replicates=999)
DRAWN = {"contrasts": "estimate[note] p_value[value,note]"}

RERANDOMISATION = [
    FeltOption(RERANDOMISED, "response", {"contrasts": "estimate[value,note] p_value[value,note]"}),
    FeltOption(
        RERANDOMISED,
        "covariates",
        {"numbers": WHO, "contrasts": "estimate[value,note?] p_value[value?,note?]"},
    ),
    FeltOption(
        RERANDOMISED,
        "alternative",
        {"contrasts": "estimate[note?] p_value[value?,interval_kind,note?]"},
    ),
    # where all allocations are looked at, none is drawn
    FeltOption(RERANDOMISED, "replicates", NOTHING, where=named("template", "three arms")),
    FeltOption(RERANDOMISED, "seed", NOTHING, where=named("template", "three arms")),
    FeltOption(RERANDOMISED, "replicates", DRAWN, where=named("made up")),
    FeltOption(RERANDOMISED, "seed", DRAWN, where=named("made up")),
]

RESAMPLED = Bootstrap(replicates=999)
OTHER_UNIT = (
    "estimate[value,note,scale,unit] se[value,note,scale,unit] conf_low[value,note,scale,unit] "
    "conf_high[value,note,scale,unit] conf_level[note,scale]"
)

BOOTSTRAP = [
    FeltOption(RESAMPLED, "response", {"contrasts": MEAN}),
    FeltOption(
        RESAMPLED,
        "interval",
        {
            # a correction may move a limit by less than the resamples lie apart
            "contrasts": "estimate[note] se[note] conf_low[value?,note] conf_high[value?,note] "
            "conf_level[note]"
        },
    ),
    FeltOption(
        RESAMPLED,
        "estimator",
        {
            "contrasts": "estimate[value,note] se[value,note] conf_low[value,note] "
            "conf_high[value,note] conf_level[note]"
        },
        values=(TwoGroupEstimate.MEDIAN_DIFFERENCE,),
        where=named("example", "three arms"),
    ),
    FeltOption(
        RESAMPLED,
        "estimator",
        {"contrasts": OTHER_UNIT},
        values=(TwoGroupEstimate.PROBABILITY_OF_SUPERIORITY,),
    ),
    FeltOption(
        replace(RESAMPLED, response=Response.FINAL),
        "estimator",
        {"contrasts": OTHER_UNIT},
        values=(TwoGroupEstimate.MEAN_RATIO,),
    ),
    FeltOption(
        RESAMPLED,
        "estimator",
        {
            "contrasts": "estimate[value,note,scale,unit,standardised_by] se[value,note,scale,unit] "
            "conf_low[value,note,scale,unit,standardised_by] "
            "conf_high[value,note,scale,unit,standardised_by] "
            "conf_level[note,scale,standardised_by]"
        },
        values=(TwoGroupEstimate.HEDGES_G,),
        where=named("example", "three arms"),
    ),
    FeltOption(
        RESAMPLED,
        "replicates",
        {
            "contrasts": "estimate[note] se[value,note] conf_low[value?,note] "
            "conf_high[value?,note] conf_level[note]"
        },
    ),
    FeltOption(RESAMPLED, "seed", {"contrasts": "se conf_low[value?] conf_high[value?]"}),
]

PAIRED_PROPORTIONS = [
    FeltOption(
        PairedProportionComparison(method=method),
        "interval",
        # where an arm has no event at one time, both give one of the limits alike
        {"risk_difference": "conf_low[value?] conf_high[value?]"},
        where=named("made up"),
    )
    for method in (Method.MCNEMAR, Method.MCNEMAR_EXACT)
]
PROPORTIONS = [
    *ratios(ProportionComparison()),
    FeltOption(ProportionComparison(), "test", {"test": ALL_OTHER}),
    FeltOption(
        StratifiedProportions(strata=SEX),
        "strata",
        {
            "risk_difference": EFFECT,
            "risk_ratio": EFFECT,
            "odds_ratio": EFFECT,
            "contrasts": "statistic[value,note] df[note] p_value[value,note]",
        },
        values=(SIDE,),
        where=named("made up"),
    ),
]

RATIO = "estimate se statistic p_value conf_low conf_high"
ONE_RATIO = {"numbers": WHO, "odds_ratio": RATIO}
# an estimate at infinity has no standard error, and that of the penalised model has one
PENALISED = (
    "estimate[value,note,status?] se[other] df[note] statistic[value,note] p_value[value,note] "
    "conf_low[value,note] conf_high[value,note] conf_level[note]"
)
STANDARDISED = StandardisedRiskComparison(covariates=(AGE,))
STANDARDISED_RISKS = {
    "numbers": WHO,
    "standardised risk": "estimate se conf_low[value?] conf_high[value?]",
    "risk_difference": RATIO,
    "risk_ratio": EFFECT,
    "odds_ratio": EFFECT,
}
RATIO_OR_ALIKE = RATIO.replace("estimate", "estimate[value?]")
IN_THREE_ARMS = named("three arms")

RISK_MODELS = [
    FeltOption(Logistic(), "covariates", ONE_RATIO),
    # Wald's test has no degrees of freedom
    FeltOption(
        Logistic(),
        "limits",
        {"odds_ratio": "df[other] statistic p_value conf_low conf_high"},
    ),
    # there is nothing to penalise, but where arms are told apart
    FeltOption(Logistic(), "when_separated", NOTHING),
    FeltOption(Logistic(), "when_separated", {"odds_ratio": PENALISED}, where=separated),
    FeltOption(
        StandardisedRiskComparison(), "covariates", STANDARDISED_RISKS, where=named("made up")
    ),
    FeltOption(
        StandardisedRiskComparison(),
        "covariates",
        STANDARDISED_RISKS,
        values=((AGE,),),
        where=IN_THREE_ARMS,
    ),
    # 1 of 6 and 5 of 6 have the event, with as many of each sex: both risks are moved alike
    FeltOption(
        StandardisedRiskComparison(),
        "covariates",
        {**STANDARDISED_RISKS, "risk_difference": RATIO_OR_ALIKE},
        values=((SEX,),),
        where=IN_THREE_ARMS,
    ),
    FeltOption(
        STANDARDISED,
        "variance",
        {
            "standardised risk": "se conf_low[value?] conf_high[value?]",
            "risk_difference": "se statistic p_value conf_low conf_high",
            "risk_ratio": LIMITS,
            "odds_ratio": LIMITS,
        },
    ),
    FeltOption(
        ModifiedPoisson(),
        "covariates",
        {"numbers": WHO, "risk_ratio": RATIO},
        where=named("made up"),
    ),
    FeltOption(
        ModifiedPoisson(),
        "covariates",
        {"numbers": WHO, "risk_ratio": RATIO},
        values=((AGE,),),
        where=IN_THREE_ARMS,
    ),
    # a covariate that is the same in two arms leaves the ratio of their risks, which collapses
    FeltOption(
        ModifiedPoisson(),
        "covariates",
        {"numbers": WHO, "risk_ratio": RATIO_OR_ALIKE},
        values=((SEX,),),
        where=IN_THREE_ARMS,
    ),
    FeltOption(ModifiedPoisson(), "variance", {"risk_ratio": SE_AND_TEST}),
    # beside sex the likelihood has no maximum with all risks below 1 in these trials
    FeltOption(
        LogBinomialRegression(),
        "covariates",
        {"numbers": WHO, "risk_ratio": RATIO},
        values=((AGE,),),
    ),
    FeltOption(
        LogBinomialRegression(),
        "limits",
        {"risk_ratio": "df[other] statistic p_value conf_low conf_high"},
    ),
]

OVER_VISITS = [
    FeltOption(
        Gee(),
        "covariates",
        {"numbers": WHO, "covariance": "correlation", "odds_ratio": f"{RATIO} df"},
    ),
    FeltOption(
        Gee(),
        "correlation",
        {
            "covariance": "correlation[value?,other?]",
            "odds_ratio": "estimate[value?] se[value?] statistic[value?] p_value[value?] "
            "conf_low[value?] conf_high[value?]",
        },
        where=IN_THREE_ARMS,
    ),
    FeltOption(Gee(), "covariance", {"odds_ratio": SE_AND_TEST}),
    FeltOption(Gee(), "compared_with", {"odds_ratio": "df[other] p_value conf_low conf_high"}),
    FeltOption(
        Glmm(),
        "covariates",
        {"numbers": WHO, "fit": "log_likelihood sd_intercept[value?]", "odds_ratio": RATIO},
    ),
    # where nobody has an intercept of their own, there is none to be integrated out
    FeltOption(Glmm(), "nodes", NOTHING, where=named("made up")),
    FeltOption(
        Glmm(),
        "nodes",
        {"fit": "log_likelihood sd_intercept", "odds_ratio": RATIO},
        where=IN_THREE_ARMS,
    ),
]

OBSERVED = ResponderComparison(missing=MissingRule.OBSERVED_ONLY, improved_by=9)
NOTED = "estimate[value?,note,status?] conf_low[value?,note,status?] conf_high[value?,note,status?]"
OTHER_RESPONDERS = dict.fromkeys(MEASURES, f"{NOTED} conf_level[note,status?]")

RESPONDERS = [
    FeltOption(
        OBSERVED,
        "missing",
        {
            "numbers": "n[value?] n_excluded[value?,note?]",
            "responders": "n[value?,note] events[note] percent[value?,note]",
            **OTHER_RESPONDERS,
            "test": "statistic[value?] p_value[value?]",
        },
    ),
    FeltOption(
        OBSERVED,
        "improved_by",
        {
            "responders": "n[note] events[value?,note] percent[value?,note]",
            **OTHER_RESPONDERS,
            "test": "statistic[value?] p_value[value?]",
        },
        values=(0.01, 16.0, 25.0),
    ),
    FeltOption(
        replace(OBSERVED, improved_by=None),
        "improved_by_share",
        {
            "responders": "n[note] events[value?,note] percent[value?,note]",
            **OTHER_RESPONDERS,
            "test": "statistic[value?] p_value[value?]",
        },
        where=has_threshold,
    ),
    FeltOption(
        replace(OBSERVED, improved_by=None, improved_by_share=0.3),
        "improved_by_share",
        {
            "responders": "n[note] events[value?,note] percent[value?,note]",
            **OTHER_RESPONDERS,
            "test": "statistic[value?] p_value[value?]",
        },
        values=(0.05, 0.6),
    ),
    *ratios(OBSERVED),
    FeltOption(OBSERVED, "test", {"test": ALL_OTHER}),
]


def margins() -> Iterator[FeltOption]:
    """The same for both questions, and for means and risks."""
    # of risks a margin is a share
    for method in (Method.NON_INFERIORITY, Method.EQUIVALENCE):
        start = MarginComparison(method=method, margin=0.1)
        yield FeltOption(
            start,
            "margin",
            {
                "contrasts": "estimate[note] statistic[value,note] p_value[value,note] "
                "conf_low[note] conf_high[note] conf_level[note] margin[value,note]"
            },
            values=(0.01, 0.05, 0.3),
        )
        yield FeltOption(
            start,
            "alpha",
            {
                "contrasts": "estimate[note?] statistic[note?] p_value[note?] conf_low[value,note?] "
                "conf_high[value,note?] conf_level[value,note?] margin[note?]"
            },
        )
        yield FeltOption(
            start,
            "response",
            {
                "contrasts": "estimate[value,note?] statistic[value,note?] p_value[value,note?] "
                "conf_low[value,note?] conf_high[value,note?] conf_level[note?] margin[note?]"
            },
            where=of_means,
        )
        # a response of yes and no has no change
        yield FeltOption(start, "response", NOTHING, where=of_risks)
        by_ancova = replace(start, model=Ancova())
        yield FeltOption(
            by_ancova,
            "model",
            {"numbers": WHO, "means": "?", "contrasts": "?", **dict.fromkeys(RESIDUALS, "?"),
             "check homogeneity_of_slopes": "?"},
            values=(Ancova(covariates=()), Ancova(covariates=("baseline", AGE))),
            where=of_means,
        )  # fmt: skip
        by_risks = replace(start, model=StandardisedRiskComparison())
        yield FeltOption(
            by_risks,
            "model",
            {"numbers": WHO, "standardised risk": "?", "contrasts": "?", "risk_ratio": "?",
             "odds_ratio": "?"},
            values=(StandardisedRiskComparison(covariates=(AGE,)),),
            where=of_risks,
        )  # fmt: skip
        yield FeltOption(
            by_risks, "scale", NOTHING, values=(Scale.PERCENTAGE_POINTS,), where=of_risks
        )
        # what is held is another estimate, and the one before stands beside it
        yield FeltOption(
            replace(by_risks, margin=0.9),
            "scale",
            {"contrasts": "?", "risk_difference": ALL_OTHER, "risk_ratio": ALL_OTHER},
            values=(Scale.RISK_RATIO,),
            where=of_risks,
        )
        yield FeltOption(
            replace(by_risks, margin=0.9),
            "scale",
            {"contrasts": "?", "risk_difference": ALL_OTHER, "odds_ratio": ALL_OTHER},
            values=(Scale.ODDS_RATIO,),
            where=of_risks,
        )


RATES = [
    FeltOption(
        PoissonComparison(),
        "covariates",
        {"contrasts": TEST, "dispersion": "dispersion"},
        values=((AGE,), (SEX,)),
    ),
    FeltOption(PoissonComparison(), "variance", {"contrasts": f"{SE_AND_TEST} df[other?]"}),
    FeltOption(
        PoissonComparison(variance=CountVariance.MODEL),
        "limits",
        {"contrasts": f"statistic p_value {LIMITS} df[other]"},
    ),
    FeltOption(
        NegativeBinomialComparison(),
        "covariates",
        {"contrasts": TEST, "dispersion": "theta theta_se"},
        values=((AGE,), (SEX,)),
    ),
    # limits with the dispersion held have Wald's test beside them
    FeltOption(
        NegativeBinomialComparison(),
        "limits",
        {"contrasts": f"statistic p_value {LIMITS} df[other]"},
        values=(RatioLimits.PROFILE,),
    ),
    FeltOption(
        NegativeBinomialComparison(),
        "limits",
        {"contrasts": LIMITS},
        values=(RatioLimits.PROFILE_DISPERSION_HELD,),
    ),
    FeltOption(
        ExactRateComparison(),
        "limits",
        {
            "contrasts": "estimate[interval_kind] conf_low[value,interval_kind] "
            "conf_high[value,interval_kind] conf_level[interval_kind] p_value"
        },
    ),
]


IN_FALLS = named("falls")
ALIKE = "icc conf_low conf_high design_effect[value?]"


def of_a_mixed_model(start: ClusterIntercepts | PartiallyNested) -> list[FeltOption]:
    """The options that models with intercepts of clusters share."""
    return [
        FeltOption(
            start,
            "covariates",
            {
                "numbers": WHO,
                "means": f"{MEAN} df",
                "contrasts": "estimate[value,note?] se[value,note?] df[value,note?] "
                "statistic[value,note?] p_value[value,note?] conf_low[value,note?] "
                "conf_high[value,note?] conf_level[note?]",
                "clusters": "?",
            },
            values=((), (AGE,), (SEX,)),
        ),
        FeltOption(
            replace(start, covariates=()),
            "response",
            {
                "numbers": WHO,
                "means": f"{MEAN} df[value?]",
                "contrasts": "estimate[value,note?] se[value,note?] df[value?,note?] "
                "statistic[value,note?] p_value[value,note?] conf_low[value,note?] "
                "conf_high[value,note?] conf_level[note?]",
                "clusters": f"{ALIKE} {SIZES}",
            },
        ),
        FeltOption(
            start,
            "inference",
            {
                "means": "se[value?] df conf_low conf_high",
                "contrasts": "se[value?] df statistic[value?] p_value conf_low conf_high",
            },
        ),
    ]


CLUSTERS = [
    FeltOption(
        ClusterMeansComparison(),
        "response",
        {"numbers": WHO, "contrasts": f"{TEST} df[value?]", "clusters": f"{ALIKE} {SIZES}"},
        where=of_values,
    ),
    FeltOption(ClusterMeansComparison(), "response", NOTHING, where=of_risks),
    FeltOption(ClusterMeansComparison(), "response", NOTHING, where=IN_FALLS),
    FeltOption(ClusterMeansComparison(), "weights", {"contrasts": TEST}, where=of_means),
    FeltOption(ClusterMeansComparison(), "weights", {"risk_difference": TEST}, where=of_risks),
    # of rates a plan has the ratio alone, and a class without an event has no logarithm of its risk
    FeltOption(
        ClusterMeansComparison(),
        "scale",
        {
            "contrasts": "estimate[value,unit,scale] se[value,unit,scale] statistic "
            "p_value[value,scale] conf_low[value,unit,scale] conf_high[value,unit,scale] "
            "conf_level[scale]"
        },
        where=of_values,
        values=(SummaryScale.RATIO,),
    ),
    FeltOption(ClusterMeansComparison(), "scale", NOTHING, where=IN_FALLS),
    FeltOption(
        ClusterCovarianceModel(),
        "covariates",
        {"numbers": WHO, "contrasts": f"{TEST} df", "clusters": "?"},
        where=of_values,
        values=((), (AGE,), (SEX,)),
    ),
    FeltOption(
        ClusterCovarianceModel(covariates=()),
        "covariates",
        {
            "numbers": WHO,
            "risk_difference": f"{TEST.replace('estimate', 'estimate[value?]')} df",
            "clusters": "?",
        },
        where=of_risks,
        values=((AGE,), (SEX,)),
    ),
    FeltOption(
        ClusterCovarianceModel(covariates=()),
        "response",
        {"numbers": WHO, "contrasts": f"{TEST} df[value?]", "clusters": f"{ALIKE} {SIZES}"},
        where=of_values,
    ),
    FeltOption(ClusterCovarianceModel(covariates=()), "response", NOTHING, where=of_risks),
    FeltOption(
        ClusterCovarianceModel(),
        "covariance",
        {"contrasts": f"{SE_AND_TEST} df[value?,other?]"},
        where=of_values,
    ),
    FeltOption(
        ClusterCovarianceModel(covariates=()),
        "covariance",
        {"risk_difference": f"{SE_AND_TEST} df[value?,other?]"},
        where=of_risks,
    ),
    *of_a_mixed_model(ClusterIntercepts()),
    *of_a_mixed_model(PartiallyNested()),
    FeltOption(
        ClusterIntercepts(),
        "groupings",
        {
            "numbers": WHO,
            "means": f"{MEAN_PERHAPS} df",
            "contrasts": "estimate[value?,note?] se[value?,note?] df[value?,note?] "
            "statistic[value?,note?] p_value[value?,note?] conf_low[value?,note?] "
            "conf_high[value?,note?] conf_level[note?]",
            "components": "sd[other] icc[other] conf_low[other] conf_high[other] conf_level[other]",
        },
        values=((SEX,),),
    ),
    FeltOption(
        PartiallyNested(),
        "residual_by_arm",
        {
            "means": f"{MEAN} df",
            "contrasts": "estimate[value,note?] se[value,note?] df[value,note?] "
            "statistic[value,note?] p_value[value,note?] conf_low[value,note?] "
            "conf_high[value,note?] conf_level[note?]",
        },
    ),
]


def _noted(stats: str) -> str:
    """Another number, of which the note says another time."""
    return " ".join(f"{each}[value,note]" for each in stats.split())


def _of_contrasts(stats: str) -> str:
    return f"{_noted(stats)} conf_level[note]"


AT_LEVELS = "n[value?] mean[value?] sd[value?] events[value?] percent[value?]"
"""Of who is at each level of a factor, where one who lacks a covariate is left out."""
CHECKED = {
    "check normality_of_residuals": F,
    "check homogeneity_of_variance": f"{F} df_den[value?]",
    "check influential_subject": "?",
    "residuals": "?",
}
FACTORIAL = [
    FeltOption(
        FactorialComparison(),
        "covariates",
        {
            **CHECKED,
            "numbers": "?",
            "factor levels": AT_LEVELS,
            "means": f"{MEAN} df[value?]",
            "contrasts": f"{TEST} df[value?]",
            "check homogeneity_of_slopes": "?",
        },
        values=((), (AGE,), (SEX,)),
    ),
    FeltOption(
        FactorialComparison(covariates=()),
        "response",
        {
            **CHECKED,
            "numbers": "?",
            "factor levels": "n[value?] mean sd",
            "means": f"{MEAN} df[value?]",
            "contrasts": f"{TEST} df[value?]",
        },
    ),
    FeltOption(
        FactorialComparison(),
        "robust",
        {
            "means": SE_AND_LIMITS,
            "contrasts": SE_AND_TEST,
            "check homogeneity_of_slopes": F,
        },
    ),
    FeltOption(
        FactorialRiskComparison(),
        "covariates",
        {
            "numbers": "?",
            "factor levels": AT_LEVELS,
            "standardised risk": MEAN,
            "risk_difference": TEST,
            "odds_ratio": EFFECT,
        },
        values=((AGE,), (SEX,)),
    ),
    FeltOption(
        FactorialRiskComparison(covariates=(AGE,)),
        "variance",
        {"standardised risk": SE_AND_LIMITS, "risk_difference": SE_AND_TEST},
    ),
]
WHOLE_TEST = f"{TEST} df[value?]"
NUISANCE = "df_num[value?] df_den[value?] statistic p_value"
CROSSOVER = [
    FeltOption(
        CrossoverDifference(),
        "response",
        {
            "numbers": WHO,
            "contrasts": WHOLE_TEST,
            "period": WHOLE_TEST,
            "carry-over": WHOLE_TEST,
        },
        where=named("crossover"),
    ),
    FeltOption(
        CrossoverModel(),
        "response",
        {
            "numbers": WHO,
            "means": f"{MEAN} df",
            "contrasts": f"{TEST} df",
            "period": NUISANCE,
            "sequence": NUISANCE,
        },
    ),
    FeltOption(
        CrossoverModel(),
        "covariates",
        {
            "numbers": WHO,
            "means": f"{MEAN} df",
            "contrasts": f"{TEST} df",
            "period": NUISANCE,
            "sequence": NUISANCE,
        },
        values=(("baseline",), (AGE,), (SEX,)),
    ),
    FeltOption(
        CrossoverModel(),
        "sequence",
        {
            "means": f"{MEAN_PERHAPS} df",
            "contrasts": f"{TEST} df",
            "period": NUISANCE,
            "sequence": ALL_OTHER,
        },
    ),
    FeltOption(
        CrossoverModel(),
        "carry_over",
        {
            "means": f"{MEAN} df",
            "contrasts": f"{TEST} df",
            "period": NUISANCE,
            "sequence": NUISANCE,
            "carry-over": ALL_OTHER,
        },
        where=named("williams"),
    ),
    FeltOption(
        CrossoverModel(),
        "inference",
        {
            "means": "se[value?] df conf_low conf_high",
            "contrasts": "se[value?] df statistic[value?] p_value conf_low conf_high",
            "period": "df_den statistic[value?] p_value",
            "sequence": "df_den statistic[value?] p_value",
        },
    ),
    FeltOption(CrossoverPreference(), "test", {"contrasts": "p_value"}),
]
OTHERS_IN_CLUSTERS = (
    "icc[value?] conf_low[value?] conf_high[value?] design_effect[value?] cluster_size[value?] "
    "cluster_size_cv[value?]"
)
"""Where a covariate lacks of somebody, the clusters are of others."""
NOTED_RATIO = (
    "estimate[value,note?] se[value,note?] statistic[value,note?] p_value[value,note?] "
    "conf_low[value,note?] conf_high[value,note?] conf_level[note?]"
)
EVENTS_IN_CLUSTERS = [
    FeltOption(
        ClusterGee(),
        "covariates",
        {
            "numbers": WHO,
            "covariance": "correlation",
            "odds_ratio": f"{RATIO} df",
            "clusters": OTHERS_IN_CLUSTERS,
        },
        where=of_risks,
    ),
    FeltOption(
        ClusterGee(),
        "correlation",
        {"covariance": ALL_OTHER, "odds_ratio": RATIO},
        where=of_risks,
        values=(WorkingCorrelation.INDEPENDENCE,),
    ),
    FeltOption(ClusterGee(), "covariance", {"odds_ratio": SE_AND_TEST}, where=of_risks),
    FeltOption(ClusterGee(), "covariance", {"contrasts": SE_AND_TEST}, where=IN_FALLS),
    FeltOption(
        ClusterGee(),
        "compared_with",
        {"odds_ratio": "df[other] p_value conf_low conf_high"},
        where=of_risks,
    ),
    FeltOption(
        ClusterGlmm(),
        "covariates",
        {
            "numbers": WHO,
            "fit": "log_likelihood[value,note?] sd_intercept[value?,note?]",
            "odds_ratio": NOTED_RATIO,
            "clusters": OTHERS_IN_CLUSTERS,
        },
        where=of_risks,
    ),
    # where no cluster has an intercept of its own, there is none to be integrated out
    FeltOption(ClusterGlmm(), "nodes", NOTHING, where=IN_THREE_ARMS),
    FeltOption(
        ClusterGlmm(),
        "nodes",
        {"fit": "log_likelihood[value?] sd_intercept", "contrasts": TEST},
        where=IN_FALLS,
    ),
]
HAZARDS = "check proportionality_of_hazards"
TIMES = [
    FeltOption(Cox(), "covariates", {"contrasts": TEST, HAZARDS: "?"}, values=((AGE,),)),
    FeltOption(Cox(), "strata", {"contrasts": TEST, HAZARDS: F}, values=((SEX,),)),
    FeltOption(Cox(), "ties", {"contrasts": TEST, HAZARDS: F}, values=(TiedEvents.BRESLOW,)),
    FeltOption(Cox(), "ties", {"contrasts": TEST, HAZARDS: ALL_OTHER}, values=(TiedEvents.EXACT,)),
    FeltOption(Cox(), "limits", {"contrasts": f"statistic p_value {LIMITS} se[other?] df[other?]"}),
    FeltOption(Cox(), "robust", {"contrasts": SE_AND_TEST}),
    FeltOption(ClusterCox(), "covariates", {"contrasts": TEST}, values=((AGE,),)),
    FeltOption(ClusterCox(), "strata", {"contrasts": TEST}, values=((SEX,),)),
    FeltOption(ClusterCox(), "ties", {"contrasts": TEST}),
    FeltOption(LogRank(), "strata", {"contrasts": TEST}, values=((SEX,),)),
    FeltOption(
        RestrictedMean(),
        "at",
        {"restricted mean": f"{_noted(MEAN)} conf_level[note]", "contrasts": _of_contrasts(TEST)},
        values=(7.0, 11.0),
    ),
    # the one that is tested is named by the method, the other by its own name
    FeltOption(
        RestrictedMean(),
        "contrast",
        {
            "contrasts": "estimate[value?,unit?,scale?,other?] se[value?,unit?,scale?] statistic[value?] "
            "p_value[value?,scale?] conf_low[value?,unit?,scale?,other?] "
            "conf_high[value?,unit?,scale?,other?] conf_level[scale?,other?]"
        },
    ),
    FeltOption(
        Milestone(),
        "at",
        {"without the event": f"{_noted(MEAN)} conf_level[note]", "contrasts": _of_contrasts(TEST)},
        values=(7.0,),
    ),
    FeltOption(Milestone(), "limits", {"without the event": LIMITS, "contrasts": f"{F} {LIMITS}"}),
    FeltOption(
        IncidenceComparison(),
        "at",
        {
            "with the event": f"{_noted(MEAN)} conf_level[note]",
            # Gray's test is of the whole curves
            "contrasts": f"{_noted(MEAN)} conf_level[note] statistic[note] df[note] p_value[note]",
        },
        values=(7.0,),
    ),
    FeltOption(IncidenceComparison(), "limits", {"with the event": LIMITS, "contrasts": LIMITS}),
    FeltOption(IncidenceComparison(), "strata", {"contrasts": F}, values=((SEX,),)),
    FeltOption(
        SubdistributionHazards(), "covariates", {"contrasts": TEST}, values=((AGE,), (SEX,))
    ),
]
NUMBERS_BY = "mean number of events"
RECURRENCES = [
    FeltOption(Lwyy(), "covariates", {"contrasts": TEST}, values=((AGE,),)),
    FeltOption(Lwyy(), "strata", {"contrasts": TEST}, values=((SEX,),)),
    FeltOption(Lwyy(), "ties", {"contrasts": TEST}, values=(TiedEvents.BRESLOW,)),
    FeltOption(Pwp(), "covariates", {"contrasts": TEST}, values=((AGE,), (SEX,))),
    FeltOption(Pwp(), "ties", {"contrasts": TEST}, values=(TiedEvents.BRESLOW,)),
    FeltOption(Pwp(), "clock", {"contrasts": TEST}),
    FeltOption(Pwp(), "last_stratum", {"contrasts": TEST}, values=(2, 3)),
    FeltOption(
        MeanCumulativeComparison(),
        "at",
        {
            "contrasts": "estimate[value,note] se[value,note] statistic[value,note] "
            "p_value[value,note] conf_low[value,note] conf_high[value,note] conf_level[note]",
            NUMBERS_BY: "estimate[value,note] conf_low[value,note] conf_high[value,note] conf_level[note]",
        },
        values=(4.0, 8.0),
    ),
    FeltOption(
        MeanCumulativeComparison(),
        "compare",
        {
            "contrasts": "estimate[value,scale] se[value,scale] statistic p_value[value,scale] "
            "conf_low[value,scale] conf_high[value,scale] conf_level[scale]"
        },
    ),
    FeltOption(MeanCumulativeComparison(), "limits", {NUMBERS_BY: LIMITS}),
]

TABLE = (
    *ANCOVA,
    *CLUSTERS,
    *CROSSOVER,
    *EVENTS_IN_CLUSTERS,
    *MIXED_ANOVA,
    *MMRM,
    *CONSTRAINED,
    *IMPUTATION,
    *TIPPING_POINTS,
    *COMPLIERS,
    *QUANTILES,
    *TRIMMED_MEANS,
    *of_chosen_visits(),
    *ODDS,
    *PAIRS,
    *RANKS,
    *SUBGROUPS,
    *mean_comparisons(),
    *RERANDOMISATION,
    *BOOTSTRAP,
    *PROPORTIONS,
    *PAIRED_PROPORTIONS,
    *RISK_MODELS,
    *OVER_VISITS,
    *RESPONDERS,
    *RATES,
    *margins(),
    *TIMES,
    *FACTORIAL,
    *RECURRENCES,
)


APART: dict[str, Where] = {
    "too few": too_few,
    "separated": separated,
    "without a baseline": unmeasured,
}
"""Trials that are there for one line of the table alone."""
FELT = [(method, option) for method, option in CASES if method is not Method.EXTERNAL]
"""What an external analysis reads is tried in tests/planned/methods/test_external.py."""


@pytest.fixture(scope="module")
def trials() -> tuple[Tried, ...]:
    return tried()


@pytest.mark.parametrize(("method", "option"), few_at_once(FELT, 12))
def test_an_option_changes_what_it_should_and_nothing_else(
    method: Method, option: str, trials: tuple[Tried, ...]
) -> None:
    lines = [each for each in TABLE if each.of.method is method and each.field == option]
    if not pairs(method, option):
        assert lines == []  # the method refuses every value but the one it has
        return
    assert any(each.changes for each in lines), "say in TABLE what it changes; if nothing, it goes"
    for felt in lines:
        looked = [
            (trial, outcome, end)
            for trial in trials
            if APART.get(trial.name, felt.where) is felt.where
            if felt.where not in APART.values() or trial.name in APART
            for outcome in trial.outcomes_for(felt.of)
            if felt.where(trial, outcome)
            for end in felt.ends()
        ]
        assert looked, f"no trial here can show {felt}"
        there: set[str] = set()
        for trial, outcome, end in looked:
            rows = trial.rows(felt.of, outcome), trial.rows(end, outcome)
            parts = partial(part_in, trial)
            assert felt.surprises(*rows, parts) == [], (trial.name, outcome, felt.of, end)
            there |= felt.there(*rows, parts)
        assert felt.named() <= there, f"no such part of {felt.of}"


@pytest.mark.parametrize(("method", "option"), FELT)
def test_every_value_of_an_option_is_tried(method: Method, option: str) -> None:
    possible = {
        value
        for one in pairs(method, option)
        for each in one
        if isinstance(value := getattr(each, option), Enum)
    }
    tried_here = {
        value
        for felt in TABLE
        if felt.of.method is method and felt.field == option
        for each in (felt.of, *felt.ends())
        if isinstance(value := getattr(each, option), Enum)
    }
    assert possible <= tried_here


def part_in(trial: Tried, key: Key, row: Row) -> str:
    """The part of a row, its contrasts those with the reference arm or those of others."""
    part = part_of(row)
    of_arms = not trial.protocol.factors
    reference = compared(trial.protocol).reference.code
    if of_arms and part == "contrasts" and reference not in key[4].split():
        return "contrasts of others"
    if part == "means" and key[3] == trial.protocol.baseline.code:
        return "means at baseline"
    return part
