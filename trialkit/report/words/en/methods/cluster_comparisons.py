"""Comparisons that allow for clusters, in English."""

from trialkit.protocol.methods.cluster_comparisons import (
    ClusterCovarianceModel,
    ClusterIntercepts,
    ClusterMeansComparison,
    ClusterModel,
    PartiallyNested,
)
from trialkit.protocol.methods.cluster_options import (
    ClusterCovariance,
    ClusterWeights,
    SummaryScale,
)
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.mixed_models import MixedInference
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.risk_models import adjusted_for_of_risks
from trialkit.report.words.en.terms import (
    adjusted_for,
    covariate_words,
    response_label,
    time_points,
    value_of,
)
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


def plural_of(protocol: Protocol) -> str:
    """What the clusters are; a plan without them is refused before anything is said."""
    return protocol.clusters.plural if protocol.clusters else "clusters"


def _what_stands_for_a_cluster(specification: ClusterMeansComparison, told: Telling) -> str:
    """The one number of a cluster, and of which value."""
    when = time_points(told.outcomes, told.protocol)
    if any(each.kind.is_rate for each in told.outcomes):
        return f"rates of {plural_of(told.protocol)}, events over the time at risk ({when}), "
    if told.of_risks:
        return f"proportions of {plural_of(told.protocol)} with the event ({when}), "
    value = value_of(specification.response, when)
    return f"means of {plural_of(told.protocol)}, in the {value}, "


def _describe_means(specification: ClusterMeansComparison, told: Telling) -> str:
    of = plural_of(told.protocol)
    ratio = all(specification.scale_of(each.type) is SummaryScale.RATIO for each in told.outcomes)
    logarithms = "logarithms of the " if ratio else ""
    text = f"t test of the {logarithms}{_what_stands_for_a_cluster(specification, told)}"
    text += _weighted(specification.weights)
    text += f", on two degrees of freedom less than there are {of} in both arms"
    if ratio:
        risk = "risk ratio, the " if told.of_risks else ""
        text += f"; the effect is the {risk}ratio of geometric means over them"
    elif told.of_risks:
        text += "; the effect is the risk difference, that of the proportions' means over them"
    return text + correlation_of(told)


def correlation_of(told: Telling) -> str:
    """How the correlation within clusters was estimated, of outcomes that have one."""
    return "" if any(each.kind.is_rate for each in told.outcomes) else _CORRELATION


def _describe_model(specification: ClusterCovarianceModel, told: Telling) -> str:
    return (
        f"{_modelled('least squares', specification, told)}; with participants in "
        f"{plural_of(told.protocol)}, {_ERRORS[specification.covariance]}{_CORRELATION}"
    )


def _describe_intercepts(specification: ClusterIntercepts, told: Telling) -> str:
    return (
        f"{_mixed(specification, told)}{_of_groupings(specification, told)}"
        f"{_by_likelihood(specification.inference)}{_of_components(specification)}"
    )


def _of_groupings(specification: ClusterIntercepts, told: Telling) -> str:
    """What else has intercepts, beside the clusters."""
    named = [f"of each {covariate_words(each, told.protocol)}" for each in specification.groupings]
    if not named:
        return ""
    return f" and {listing(named)}, which cross or are nested as the data have them"


def _of_components(specification: ClusterIntercepts) -> str:
    if not specification.groupings:
        return ""
    return (
        ", and beside it that of each grouping in the model, given its fixed effects, with profile "
        "likelihood limits"
    )


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
    if told.of_risks:
        by = adjusted_for_of_risks(specification.covariates, told.protocol)
        return f"{model} of who has the event ({when}; the effect is the risk difference), {by}"
    adjusted = adjusted_for(specification.covariates, told.protocol) or ", without covariates"
    return f"{model} of the {value_of(specification.response, when)}{adjusted}"


def _mixed(specification: ClusterModel, told: Telling) -> str:
    lead = _modelled("linear mixed model", specification, told)
    return f"{lead}, with a random intercept of each of the {plural_of(told.protocol)}"


def _by_likelihood(inference: MixedInference) -> str:
    return f", by restricted maximum likelihood; {_INFERENCE[inference]}{_CORRELATION}"


GEOMETRIC = "ratio of geometric means of clusters"


def _effect_of_means(specification: ClusterMeansComparison) -> str:
    if specification.scale is SummaryScale.RATIO:
        return GEOMETRIC
    return "difference between the means of clusters"


def _weighted(weights: ClusterWeights) -> str:
    if weights is ClusterWeights.SIZE:
        return "each weighted by its participants"
    return "each counted once"


MEANS_WORDS: MethodWords[ClusterMeansComparison] = MethodWords(
    names={Method.CLUSTER_SUMMARIES: "t test of cluster summaries"},
    describe=_describe_means,
    tells=lambda own: (
        _SHOWN | {Stat.RISK_RATIO if own.scale is SummaryScale.RATIO else Stat.RISK_DIFFERENCE}
    ),
    variant=lambda own: (
        f"{' weighted by size' if own.weights is ClusterWeights.SIZE else ''}, "
        f"{response_label(own.response)}"
    ),
    effect=_effect_of_means,
    effect_in_text=lambda own: f"The {_effect_of_means(own)}",
    called=lambda own: GEOMETRIC if own.scale is SummaryScale.RATIO else "",
    compared=lambda own: (
        f"t test of the {'logarithms of the ' if own.scale is SummaryScale.RATIO else ''}summaries of "
        f"clusters, {_weighted(own.weights)}"
    ),
    response=lambda own: own.response,
)
MODEL_WORDS: MethodWords[ClusterCovarianceModel] = MethodWords(
    names={Method.CLUSTER_REGRESSION: "least squares with cluster-robust errors"},
    describe=_describe_model,
    tells=lambda _: _SHOWN | {Stat.RISK_DIFFERENCE},
    variant=lambda own: f" ({own.covariance.value}), {response_label(own.response)}",
    compared=lambda own: (
        f"Least squares of the event with cluster-robust errors ({own.covariance.value}): differences of "
        "risks"
    ),
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
