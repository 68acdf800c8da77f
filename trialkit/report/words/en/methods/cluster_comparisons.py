"""Comparisons that allow for clusters, in English."""

from trialkit.protocol.methods.cluster_comparisons import (
    ClusterCovarianceModel,
    ClusterIntercepts,
    ClusterMeansComparison,
    ClusterModel,
    PartiallyNested,
)
from trialkit.protocol.methods.cluster_options import ClusterCovariance, ClusterWeights
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.mixed_models import MixedInference
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.terms import adjusted_for, response_label, time_points, value_of
from trialkit.report.words.en.wording import listing
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat

_ERRORS = {
    ClusterCovariance.CR0: (
        "cluster-robust standard errors (CR0) are compared with the normal distribution, which makes "
        "them too small with few"
    ),
    ClusterCovariance.CR1: (
        "cluster-robust standard errors (CR1, by m/(m − 1) for m of them) are compared with Student's "
        "t on m − 1 degrees of freedom"
    ),
    ClusterCovariance.CR1S: (
        "cluster-robust standard errors (CR1S, with Stata's factor for few) are compared with "
        "Student's t on one degree of freedom less than there are"
    ),
    ClusterCovariance.CR2: (
        "cluster-robust standard errors are bias-reduced (CR2) and compared with Student's t on "
        "Satterthwaite's degrees of freedom"
    ),
}
_SHOWN = frozenset({Stat.ICC, Stat.DESIGN_EFFECT})
_CORRELATION = (
    "; the intracluster correlation is that of the analysis of variance within arms, with Searle's "
    "limits, and the design effect that of these sizes"
)


_INFERENCE = {
    MixedInference.KENWARD_ROGER: "Kenward and Roger's standard errors and degrees of freedom",
    MixedInference.SATTERTHWAITE: "Satterthwaite's degrees of freedom",
}


def _plural(protocol: Protocol) -> str:
    """What the clusters are; a plan without them is refused before anything is said."""
    return protocol.clusters.plural if protocol.clusters else "clusters"


def _describe_means(specification: ClusterMeansComparison, told: Telling) -> str:
    when = time_points(told.outcomes, told.protocol)
    of = _plural(told.protocol)
    text = f"t test of the means of {of}, in the {value_of(specification.response, when)}, "
    text += (
        "each weighted by its participants"
        if specification.weights is ClusterWeights.SIZE
        else "each counted once"
    )
    return f"{text}, on two degrees of freedom less than there are {of} in both arms{_CORRELATION}"


def _describe_model(specification: ClusterCovarianceModel, told: Telling) -> str:
    return (
        f"{_modelled('least squares', specification, told)}; with participants in "
        f"{_plural(told.protocol)}, {_ERRORS[specification.covariance]}{_CORRELATION}"
    )


def _describe_intercepts(specification: ClusterIntercepts, told: Telling) -> str:
    return f"{_mixed(specification, told)}{_by_likelihood(specification.inference)}"


def _describe_nested(specification: PartiallyNested, told: Telling) -> str:
    clusters = told.protocol.clusters
    labels = [told.protocol.arm(code).label for code in clusters.arms] if clusters else []
    of = f" of {listing(labels)}" if labels else ""
    residuals = (
        "residual variances of each arm's own"
        if specification.residual_by_arm
        else "one residual variance"
    )
    return (
        f"{_mixed(specification, told)}{of}, and {residuals}"
        f"{_by_likelihood(specification.inference)}"
    )


def _modelled(model: str, specification: ClusterModel, told: Telling) -> str:
    """Of what a model is, and for what it is adjusted."""
    when = time_points(told.outcomes, told.protocol)
    adjusted = adjusted_for(specification.covariates, told.protocol) or ", without covariates"
    return f"{model} of the {value_of(specification.response, when)}{adjusted}"


def _mixed(specification: ClusterModel, told: Telling) -> str:
    lead = _modelled("linear mixed model", specification, told)
    return f"{lead}, with a random intercept of each of the {_plural(told.protocol)}"


def _by_likelihood(inference: MixedInference) -> str:
    return f", by restricted maximum likelihood; {_INFERENCE[inference]}{_CORRELATION}"


MEANS_WORDS: MethodWords[ClusterMeansComparison] = MethodWords(
    names={Method.CLUSTER_SUMMARIES: "t test of cluster means"},
    describe=_describe_means,
    tells=lambda _: _SHOWN,
    variant=lambda own: (
        f"{' weighted by size' if own.weights is ClusterWeights.SIZE else ''}, "
        f"{response_label(own.response)}"
    ),
    effect=lambda _: "difference between the means of clusters",
    effect_in_text=lambda _: "The difference between the means of clusters",
    response=lambda own: own.response,
)
MODEL_WORDS: MethodWords[ClusterCovarianceModel] = MethodWords(
    names={Method.CLUSTER_REGRESSION: "least squares with cluster-robust errors"},
    describe=_describe_model,
    tells=lambda _: _SHOWN,
    variant=lambda own: f" ({own.covariance.value}), {response_label(own.response)}",
    effect=lambda _: "adjusted difference (least squares, cluster-robust errors)",
    effect_in_text=lambda _: "The adjusted difference between arms",
    response=lambda own: own.response,
)
INTERCEPTS_WORDS: MethodWords[ClusterIntercepts] = MethodWords(
    names={Method.RANDOM_INTERCEPTS: "linear mixed model with random intercepts"},
    describe=_describe_intercepts,
    tells=lambda _: _SHOWN,
    variant=lambda own: f", {response_label(own.response)}",
    effect=lambda _: "adjusted difference (linear mixed model)",
    effect_in_text=lambda _: "The adjusted difference between arms",
    response=lambda own: own.response,
)
NESTED_WORDS: MethodWords[PartiallyNested] = MethodWords(
    names={Method.PARTIALLY_NESTED: "partially nested linear mixed model"},
    describe=_describe_nested,
    tells=lambda _: _SHOWN,
    variant=lambda own: f", {response_label(own.response)}",
    effect=lambda _: "adjusted difference (partially nested linear mixed model)",
    effect_in_text=lambda _: "The adjusted difference between arms",
    response=lambda own: own.response,
)
