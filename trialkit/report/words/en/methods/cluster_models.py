"""Models of events, counts and times of participants in clusters, in English."""

from trialkit.protocol.methods.cluster_models import (
    ClusterCox,
    ClusterEventModel,
    ClusterGee,
    ClusterGlmm,
)
from trialkit.protocol.methods.generalised_models import ReferenceDistribution
from trialkit.protocol.methods.method import Method
from trialkit.report.words.en import rates
from trialkit.report.words.en.methods.cluster_comparisons import correlation_of, plural_of
from trialkit.report.words.en.methods.gee import CORRELATIONS, COVARIANCES
from trialkit.report.words.en.risk_models import adjusted_for_of_risks
from trialkit.report.words.en.terms import adjusted_for, covariate_words, time_points
from trialkit.report.words.en.times import TIES, censoring_words, counted_from
from trialkit.report.words.en.wording import listing
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat

_CLUSTERS = frozenset({Stat.ICC, Stat.DESIGN_EFFECT})


def _modelled(specification: ClusterEventModel, told: Telling) -> str:
    """What is modelled, and by what."""
    if any(each.kind.is_rate for each in told.outcomes):
        return rates.modelled(specification.covariates, told)
    when = time_points(told.outcomes, told.protocol)
    by = adjusted_for_of_risks(specification.covariates, told.protocol)
    return f"who has the event ({when}), {by}"


def _ratio(told: Telling) -> str:
    return "rate ratio" if any(each.kind.is_rate for each in told.outcomes) else "odds ratio"


def _reference(specification: ClusterGee, clusters: str) -> str:
    if specification.compared_with is ReferenceDistribution.T:
        return f"Student's t ({clusters} less coefficients as degrees of freedom)"
    return "the normal distribution"


def _how(specification: ClusterGee, clusters: str) -> str:
    errors = COVARIANCES[specification.covariance].replace("participants", clusters)
    return (
        f"{CORRELATIONS[specification.correlation]} of participants of one cluster, {errors}, "
        f"limits and p by {_reference(specification, clusters)}"
    )


def _describe_gee(specification: ClusterGee, told: Telling) -> str:
    return (
        f"generalised estimating equations of {_modelled(specification, told)}, in "
        f"{plural_of(told.protocol)}; {_how(specification, plural_of(told.protocol))}; the effect is the "
        f"{_ratio(told)} of populations, not of one cluster{correlation_of(told)}"
    )


def _describe_glmm(specification: ClusterGlmm, told: Telling) -> str:
    return (
        f"generalised linear mixed model of {_modelled(specification, told)}, with a normal random "
        f"intercept of each of the {plural_of(told.protocol)}, by maximum likelihood with adaptive "
        f"Gauss-Hermite quadrature of {specification.nodes} nodes; limits and p are Wald's, and take no "
        f"account of how few clusters there are; the effect is the {_ratio(told)} within a cluster"
        f"{correlation_of(told)}"
    )


def _describe_cox(specification: ClusterCox, told: Telling) -> str:
    text = f"Cox regression of the time to the event ({counted_from(told.outcomes, told.protocol)})"
    text += adjusted_for(specification.covariates, told.protocol) or ", without covariates"
    if specification.strata:
        strata = [covariate_words(each, told.protocol) for each in specification.strata]
        text += f", stratified by {listing(strata)}"
    text += (
        f"; ties by {TIES[specification.ties]}; the effect is the hazard ratio with Wald's limits and "
        f"test by robust standard errors of {plural_of(told.protocol)} (Lin and Wei), which are compared "
        "with the normal distribution and too small with few of them"
    )
    return text + censoring_words(told.outcomes)


def _adjusted_odds(specification: ClusterEventModel) -> str:
    """Of events; a rate ratio is told by its scale."""
    return "The adjusted odds ratio" if specification.covariates else ""


GEE_WORDS: MethodWords[ClusterGee] = MethodWords(
    names={Method.CLUSTER_GEE: "generalised estimating equations of clusters"},
    describe=_describe_gee,
    tells=lambda _: _CLUSTERS | {Stat.ODDS_RATIO},
    compared=lambda own: f"Generalised estimating equations of clusters: {_how(own, 'clusters')}",
    effect=lambda own: (
        f"rate ratio (generalised estimating equations of clusters; {_how(own, 'clusters')})"
    ),
    effect_in_text=_adjusted_odds,
)
GLMM_WORDS: MethodWords[ClusterGlmm] = MethodWords(
    names={Method.CLUSTER_GLMM: "generalised linear mixed model of clusters"},
    describe=_describe_glmm,
    tells=lambda _: _CLUSTERS | {Stat.ODDS_RATIO},
    compared=lambda own: (
        "Mixed model with a random intercept of each cluster (adaptive Gauss-Hermite quadrature of "
        f"{own.nodes} nodes), with Wald's limits and p"
    ),
    effect=lambda _: "rate ratio within a cluster (generalised linear mixed model)",
    effect_in_text=_adjusted_odds,
)
COX_WORDS: MethodWords[ClusterCox] = MethodWords(
    names={Method.CLUSTER_COX: "Cox regression with cluster-robust errors"},
    describe=_describe_cox,
    effect=lambda _: "hazard ratio (Cox regression, cluster-robust errors)",
    effect_in_text=lambda _: "The hazard ratio",
    compared=lambda own: (
        f"Cox regression: ties by {TIES[own.ties]}; Wald's limits and test by errors robust for clusters"
    ),
)
