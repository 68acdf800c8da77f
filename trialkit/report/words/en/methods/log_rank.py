"""The log-rank test in English."""

from trialkit.protocol.methods.log_rank import LogRank
from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.terms import covariate_words
from trialkit.report.words.en.times import censoring_words, counted_from
from trialkit.report.words.en.wording import capitalised
from trialkit.report.words.language.method_words import MethodWords, Telling


def _describe(specification: LogRank, told: Telling) -> str:
    text = f"log-rank test of the time to the event ({counted_from(told.outcomes, told.protocol)})"
    if specification.strata:
        strata = " and ".join(covariate_words(each, told.protocol) for each in specification.strata)
        text += f", stratified by {strata}"
    return (
        f"{text}; the effect is Peto's estimate of the hazard ratio, from the same sums"
        f"{censoring_words(told.outcomes)}"
    )


def _compared(specification: LogRank) -> str:
    stratified = "stratified " if specification.strata else ""
    return capitalised(f"{stratified}log-rank test, with Peto's estimate of the hazard ratio")


WORDS: MethodWords[LogRank] = MethodWords(
    names={Method.LOG_RANK: "log-rank test"},
    describe=_describe,
    effect=lambda _: "hazard ratio (Peto's estimate)",
    effect_in_text=lambda _: "The hazard ratio",
    compared=_compared,
)
