"""Restricted mean times in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.restricted_mean import RestrictedMean
from trialkit.protocol.methods.time_to_event import RestrictedContrast
from trialkit.report.words.en.times import at_times, censoring_words, counted_from
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import OTHER_RESTRICTED

_CONTRASTS = {
    RestrictedContrast.DIFFERENCE: "difference",
    RestrictedContrast.RATIO: "ratio",
}
_TESTED = {
    RestrictedContrast.DIFFERENCE: "the difference, beside which stands the ratio with its limits",
    RestrictedContrast.RATIO: "the ratio (by its logarithm), beside which stands the difference with its limits",
}


def _describe(specification: RestrictedMean, told: Telling) -> str:
    return (
        f"comparison of restricted mean times without the event, the areas under the Kaplan-Meier curves up to "
        f"{at_times(specification.at, told.outcomes, told.protocol)} "
        f"({counted_from(told.outcomes, told.protocol)}); the effect is {_TESTED[specification.contrast]}; normal "
        f"limits and test, with Greenwood's variance{censoring_words(told.outcomes)}"
    )


def _other(specification: RestrictedMean) -> frozenset[str]:
    """The measure that stands beside the one that is tested."""
    return frozenset(
        OTHER_RESTRICTED[each] for each in RestrictedContrast if each is not specification.contrast
    )


def _effect(specification: RestrictedMean) -> str:
    return f"{_CONTRASTS[specification.contrast]} of restricted mean times without the event"


def _compared(specification: RestrictedMean) -> str:
    until = "the time point" if specification.at is None else f"{specification.at:g}"
    return (
        f"Restricted mean times without the event, up to {until}, by the areas under the Kaplan-Meier curves; "
        "normal limits and test, with Greenwood's variance"
    )


WORDS: MethodWords[RestrictedMean] = MethodWords(
    names={Method.RESTRICTED_MEAN: "comparison of restricted mean times"},
    describe=_describe,
    tells=_other,
    effect=_effect,
    effect_in_text=lambda own: f"The {_effect(own)}",
    called=_effect,
    compared=_compared,
)
