"""The analysis of covariance in English."""

from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.linear_models import MarginalWeights, OutcomeScale
from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.terms import (
    adjusted_for,
    response_label,
    several_arms,
    time_points,
    value_of,
)
from trialkit.report.words.language.method_words import MethodWords, Telling


def _is_ratio(specification: Ancova) -> bool:
    return specification.scale is OutcomeScale.LOG


def _describe(specification: Ancova, told: Telling) -> str:
    when = time_points(told.outcomes, told.protocol)
    text = f"analysis of covariance of the {value_of(specification.response, when)}"
    if _is_ratio(specification):
        text += " on the logarithmic scale, so that effects are ratios of geometric means"
    text += adjusted_for(specification.covariates, told.protocol) or ", without covariates"
    kind = "ratio" if _is_ratio(specification) else "difference"
    text += f"; the effect is the adjusted {kind} between arms"
    if specification.weights is MarginalWeights.PROPORTIONAL:
        text += (
            "; in adjusted means each level of a categorical covariate counts as often as it occurs"
        )
    if specification.robust is not None:
        text += f"; standard errors are heteroscedasticity consistent ({specification.robust})"
    return text + several_arms(specification.comparisons, specification.adjustment)


def _effect(specification: Ancova) -> str:
    if _is_ratio(specification):
        return "adjusted ratio of geometric means (analysis of covariance of logarithms)"
    return "adjusted difference (analysis of covariance)"


def _effect_in_text(specification: Ancova) -> str:
    if _is_ratio(specification):
        return "The adjusted ratio of geometric means"
    return "The adjusted difference between arms"


WORDS: MethodWords[Ancova] = MethodWords(
    names={Method.ANCOVA: "analysis of covariance"},
    describe=_describe,
    variant=lambda own: f", {response_label(own.response)}",
    effect=_effect,
    effect_in_text=_effect_in_text,
    response=lambda own: own.response,
)
