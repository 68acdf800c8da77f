"""A comparison of proportions in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.report.words.en.terms import INTERVALS, TESTS, time_points
from trialkit.report.words.language.method_words import MethodWords, Telling


def _describe(specification: ProportionComparison, told: Telling) -> str:
    return (
        f"difference between arms in the proportion ({time_points(told.outcomes, told.protocol)}) "
        f"with {INTERVALS[specification.interval]}; risk ratio and odds ratio stand beside it; p "
        f"from {TESTS[specification.test]}"
    )


def _compared(specification: ProportionComparison) -> str:
    return (
        f"Risk difference with {INTERVALS[specification.interval]}; p from "
        f"{TESTS[specification.test]}"
    )


WORDS: MethodWords[ProportionComparison] = MethodWords(
    names={Method.RISK_DIFFERENCE: "risk difference"}, describe=_describe, compared=_compared
)
