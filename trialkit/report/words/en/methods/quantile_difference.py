"""The difference of medians and other quantiles in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.quantile_difference import QuantileDifference
from trialkit.report.numbers.numbers import plain
from trialkit.report.words.en.terms import (
    adjusted_for,
    response_label,
    time_points,
    value_of,
)
from trialkit.report.words.language.method_words import MethodWords, Telling

_NAMED = {0.25: "lower quartile", 0.5: "median", 0.75: "upper quartile"}


def _called(specification: QuantileDifference) -> str:
    quantile = specification.quantile
    return _NAMED.get(quantile, f"quantile {plain(quantile)}")


def _describe(specification: QuantileDifference, told: Telling) -> str:
    when = time_points(told.outcomes, told.protocol)
    alike = " among participants of the same covariates" if specification.covariates else ""
    return (
        f"quantile regression of the {_called(specification)} of the "
        f"{value_of(specification.response, when)}"
        f"{adjusted_for(specification.covariates, told.protocol)}; the effect is the difference between "
        f"arms in it{alike}; limits and p by inverting the rank score test, which takes the spread to be "
        "the same in all arms"
    )


def _effect(specification: QuantileDifference) -> str:
    adjusted = "adjusted " if specification.covariates else ""
    return f"{adjusted}difference in the {_called(specification)} (quantile regression)"


def _effect_in_text(specification: QuantileDifference) -> str:
    adjusted = "adjusted " if specification.covariates else ""
    return f"The {adjusted}difference between arms in the {_called(specification)}"


WORDS: MethodWords[QuantileDifference] = MethodWords(
    names={Method.QUANTILE_DIFFERENCE: "quantile regression"},
    describe=_describe,
    variant=lambda own: f", {_called(own)}, {response_label(own.response)}",
    effect=_effect,
    effect_in_text=_effect_in_text,
    called=lambda own: f"difference in the {_called(own)}",
    response=lambda own: own.response,
)
