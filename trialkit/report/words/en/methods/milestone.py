"""The comparison of shares without the event at one time, in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.milestone import Milestone
from trialkit.protocol.methods.time_to_event import CurveLimits
from trialkit.report.words.en.times import (
    LIMITS_OF_SHARES,
    at_times,
    censoring_words,
    counted_from,
)
from trialkit.report.words.language.method_words import MethodWords, Telling

_TESTS = {
    CurveLimits.LOG_LOG: "p of the shares' complementary log-log (Klein)",
    CurveLimits.LOG: "p of the shares' logarithms (Klein)",
    CurveLimits.PLAIN: "p of the difference itself",
}


def _describe(specification: Milestone, told: Telling) -> str:
    return (
        f"comparison of the shares without the event at {at_times(specification.at, told.outcomes, told.protocol)} by the "
        f"Kaplan-Meier method ({counted_from(told.outcomes, told.protocol)}); the effect is their difference in percentage "
        f"points, with {LIMITS_OF_SHARES[specification.limits]} and Greenwood's variance; {_TESTS[specification.limits]}"
        f"{censoring_words(told.outcomes)}"
    )


def _compared(specification: Milestone) -> str:
    when = "the time point" if specification.at is None else f"{specification.at:g}"
    return (
        f"Shares without the event at {when} by the Kaplan-Meier method: {LIMITS_OF_SHARES[specification.limits]}; "
        f"{_TESTS[specification.limits]}"
    )


WORDS: MethodWords[Milestone] = MethodWords(
    names={Method.MILESTONE: "comparison of the shares without the event"},
    describe=_describe,
    effect=lambda _: "difference of the shares without the event",
    effect_in_text=lambda _: "The difference of the shares without the event",
    compared=_compared,
)
