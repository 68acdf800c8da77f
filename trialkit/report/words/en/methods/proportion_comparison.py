"""A comparison of proportions in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.report.words.en.terms import TESTS, risks_compared, tested_beside, time_points
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat


def _describe(specification: ProportionComparison, told: Telling) -> str:
    return (
        f"proportions ({time_points(told.outcomes, told.protocol)}) compared by "
        f"{risks_compared(specification.measures)}; p from {TESTS[specification.test]}"
    )


def _compared(specification: ProportionComparison) -> str:
    agrees = specification.tested_by(specification.test).agrees
    return tested_beside(specification.measures, specification.test, agrees=agrees)


WORDS: MethodWords[ProportionComparison] = MethodWords(
    names={Method.RISK_DIFFERENCE: "risk difference"},
    describe=_describe,
    tells=lambda _: frozenset({Stat.RISK_DIFFERENCE, Stat.RISK_RATIO, Stat.ODDS_RATIO}),
    compared=_compared,
)
