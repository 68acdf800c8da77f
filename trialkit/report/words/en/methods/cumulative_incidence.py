"""The comparison of cumulative incidences in English."""

from trialkit.protocol.methods.cumulative_incidence import IncidenceComparison
from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.terms import covariate_words
from trialkit.report.words.en.times import (
    LIMITS_OF_SHARES,
    at_times,
    competing_words,
    counted_from,
)
from trialkit.report.words.language.method_words import MethodWords, Telling


def _describe(specification: IncidenceComparison, told: Telling) -> str:
    text = f"Gray's test of the cumulative incidence of the event ({counted_from(told.outcomes, told.protocol)})"
    if specification.strata:
        strata = " and ".join(covariate_words(each, told.protocol) for each in specification.strata)
        text += f", stratified by {strata}"
    at = at_times(specification.at, told.outcomes, told.protocol)
    difference = "their crude difference" if specification.strata else "their difference"
    return (
        f"{text}; the effect is {difference} in percentage points at {at} (Aalen and Johansen), with "
        f"{LIMITS_OF_SHARES[specification.limits]}{competing_words(told.outcomes)}"
    )


def _compared(specification: IncidenceComparison) -> str:
    when = "the time point" if specification.at is None else f"{specification.at:g}"
    stratified = "stratified " if specification.strata else ""
    return (
        f"Cumulative incidence (Aalen and Johansen): differences at {when}, {LIMITS_OF_SHARES[specification.limits]}; p by "
        f"Gray's {stratified}test of the whole curves"
    )


WORDS: MethodWords[IncidenceComparison] = MethodWords(
    names={Method.CUMULATIVE_INCIDENCE: "comparison of cumulative incidences"},
    describe=_describe,
    effect=lambda _: "difference of cumulative incidences",
    effect_in_text=lambda _: "The difference of cumulative incidences",
    compared=_compared,
)
