"""Levels compared by one odds ratio, in English."""

from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.generalised_models import RatioLimits
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.odds_comparison import OddsComparison
from trialkit.report.words.en.terms import adjusted_for, time_points
from trialkit.report.words.language.method_words import MethodWords, Telling

_LIMITS = {
    RatioLimits.WALD: "limits and p are Wald's",
    RatioLimits.PROFILE: "limits are of the profile likelihood, and p is of the likelihood ratio test",
}
_ABOVE = "a ratio above 1 means higher levels under the experimental arm"


def _describe(specification: OddsComparison, told: Telling) -> str:
    text = (
        f"proportional odds model (cumulative logits) of the level ({time_points(told.outcomes, told.protocol)})"
        f"{adjusted_for(specification.covariates, told.protocol)}"
    )
    if BASELINE in specification.covariates:
        text += " (the level as a number, 1 for the lowest)"
    better = {each.direction is Direction.HIGHER for each in told.outcomes}
    which = {True: ", which are better", False: ", which are worse"}
    meant = which[better.pop()] if len(better) == 1 else ""
    return (
        f"{text}; the effect is the common odds ratio of a higher level, taken to be the same at every "
        f"cut between levels: {_ABOVE}{meant}; {_LIMITS[specification.limits]}"
    )


def _effect(specification: OddsComparison) -> str:
    return (
        f"{_called(specification)} (proportional odds model; {_ABOVE}; "
        f"{_LIMITS[specification.limits]})"
    )


def _called(specification: OddsComparison) -> str:
    adjusted = "adjusted " if specification.covariates else ""
    return f"{adjusted}common odds ratio of a higher level"


WORDS: MethodWords[OddsComparison] = MethodWords(
    names={Method.PROPORTIONAL_ODDS: "proportional odds model"},
    describe=_describe,
    effect=_effect,
    effect_in_text=lambda own: f"The {_called(own)}",
    called=_called,
)
