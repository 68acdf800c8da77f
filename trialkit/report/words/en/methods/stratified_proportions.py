"""Proportions compared within strata, in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.report.words.en.terms import covariate_words, time_points
from trialkit.report.words.language.method_words import MethodWords, Telling


def _describe(specification: StratifiedProportions, told: Telling) -> str:
    return (
        f"proportions ({time_points(told.outcomes, told.protocol)}) pooled over the strata of "
        f"{covariate_words(specification.strata, told.protocol)} after Mantel and Haenszel, with "
        "the Cochran-Mantel-Haenszel test"
    )


WORDS: MethodWords[StratifiedProportions] = MethodWords(
    names={Method.COCHRAN_MANTEL_HAENSZEL: "Cochran-Mantel-Haenszel analysis"},
    describe=_describe,
)
