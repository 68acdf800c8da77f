"""Proportions compared within strata, in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.report.words.en.terms import covariate_words, time_points
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import Stat


def _describe(specification: StratifiedProportions, told: Telling) -> str:
    return (
        f"proportions ({time_points(told.outcomes, told.protocol)}) compared by risk difference, "
        "risk ratio and odds ratio, pooled over the strata of "
        f"{covariate_words(specification.strata, told.protocol)} after Mantel and Haenszel, with "
        "the Cochran-Mantel-Haenszel test"
    )


def _compared(_: StratifiedProportions) -> str:
    return (
        "Cochran-Mantel-Haenszel analysis: measures pooled after Mantel and Haenszel; p from the "
        "Cochran-Mantel-Haenszel test, which is of another kind than these intervals: the one may "
        "reject no effect where the other does not"
    )


WORDS: MethodWords[StratifiedProportions] = MethodWords(
    names={Method.COCHRAN_MANTEL_HAENSZEL: "Cochran-Mantel-Haenszel analysis"},
    describe=_describe,
    tells=lambda _: frozenset({Stat.RISK_DIFFERENCE, Stat.RISK_RATIO, Stat.ODDS_RATIO}),
    compared=_compared,
)
