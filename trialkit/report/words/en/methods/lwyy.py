"""LWYY regression in English."""

from trialkit.protocol.methods.lwyy import Lwyy
from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.terms import adjusted_for, covariate_words
from trialkit.report.words.en.times import TIES, counted_from, ending_words
from trialkit.report.words.language.method_words import MethodWords, Telling

ROBUST = "Wald's limits and test by standard errors that are robust to how the events of a participant go together"


def _describe(specification: Lwyy, told: Telling) -> str:
    text = (
        "LWYY regression (proportional rates after Lin, Wei, Yang and Ying) of all events of a "
        f"participant ({counted_from(told.outcomes, told.protocol)})"
    )
    text += adjusted_for(specification.covariates, told.protocol) or ", without covariates"
    if specification.strata:
        strata = " and ".join(covariate_words(each, told.protocol) for each in specification.strata)
        text += f", stratified by {strata}"
    return (
        f"{text}; ties by {TIES[specification.ties]}; the effect is the rate ratio, which is that of the "
        f"mean numbers of events, with {ROBUST}{ending_words(told.outcomes)}"
    )


def _compared(specification: Lwyy) -> str:
    return f"LWYY regression: ties by {TIES[specification.ties]}; {ROBUST}"


WORDS: MethodWords[Lwyy] = MethodWords(
    names={Method.LWYY: "LWYY regression"},
    describe=_describe,
    effect=lambda _: "rate ratio (LWYY regression)",
    effect_in_text=lambda _: "The rate ratio",
    compared=_compared,
)
