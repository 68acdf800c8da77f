"""Comparisons of treatments within the participants of a crossover trial, in English."""

from trialkit.protocol.methods.crossover_comparisons import (
    CrossoverDifference,
    CrossoverModel,
    CrossoverPreference,
)
from trialkit.protocol.methods.crossover_options import PreferenceTest
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_models import MixedInference
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.terms import BASELINE, covariate_words
from trialkit.report.words.en.wording import listing, lowered
from trialkit.report.words.language.method_words import MethodWords, Telling

_INFERENCE = {
    MixedInference.KENWARD_ROGER: "Kenward and Roger's standard errors and degrees of freedom",
    MixedInference.SATTERTHWAITE: "Satterthwaite's degrees of freedom",
}
_TESTS = {
    PreferenceTest.MAINLAND_GART: "Mainland and Gart's exact test, of those who had the event in one "
    "period alone",
    PreferenceTest.PRESCOTT: "Prescott's exact test, in which those who had it in both periods or in "
    "neither count, too",
}
_NO_CHOICE = (
    "the period and carry-over are estimated and reported, and no analysis is chosen by them"
)
_COMPLETE = "uses participants with a value at the end of both periods"


def _compared(response: Response, protocol: Protocol) -> str:
    """Which value of a period is compared, and where periods end."""
    value = (
        "change from the start to the end of each period"
        if response is Response.CHANGE
        else "value at the end of each period"
    )
    ends = [lowered(protocol.visit(each.time_point).label) for each in protocol.as_written.periods]
    known = {each.code for each in protocol.visits}
    return f"{value} ({listing(ends)})" if _all_known(protocol, known) else value


def _all_known(protocol: Protocol, known: set[str]) -> bool:
    return bool(protocol.periods) and all(each.time_point in known for each in protocol.periods)


def _describe_difference(specification: CrossoverDifference, told: Telling) -> str:
    return (
        f"treatments compared within participants in the {_compared(specification.response, told.protocol)}: "
        "half the difference between the second period and the first, compared between the two sequences "
        "by Student's t test, so that the effect is adjusted for the period; "
        f"{_NO_CHOICE}"
    )


def _describe_model(specification: CrossoverModel, told: Telling) -> str:
    named = ["the period", *(["the sequence"] if specification.sequence else [])]
    named += [_covariate(name, told.protocol) for name in specification.covariates]
    carried = ", with first-order carry-over in the model" if specification.carry_over else ""
    return (
        f"linear mixed model of the {_compared(specification.response, told.protocol)}, with a random "
        f"intercept of each participant, adjusted for {listing(named)}{carried}, by restricted maximum "
        f"likelihood; {_INFERENCE[specification.inference]}; the effect is the adjusted difference between "
        "treatments within participants"
    )


def _covariate(name: str, protocol: Protocol) -> str:
    """A covariate in words; the baseline of a crossover trial is that of each period."""
    if name == BASELINE:
        return "the value at the start of the period"
    return covariate_words(name, protocol)


def _describe_events(specification: CrossoverPreference, told: Telling) -> str:
    return (
        f"treatments compared within participants in the {_compared(Response.FINAL, told.protocol)}: in "
        "which period alone a participant had the event, compared between the two sequences; the effect is "
        "the odds ratio within participants, the root of the conditional odds ratio, with exact limits; p "
        f"from {_TESTS[specification.test]}; {_NO_CHOICE}"
    )


def _label(response: Response) -> str:
    return "change in the period" if response is Response.CHANGE else "value at its end"


DIFFERENCE_WORDS: MethodWords[CrossoverDifference] = MethodWords(
    names={Method.CROSSOVER_DIFFERENCE: "t test of two periods"},
    describe=_describe_difference,
    variant=lambda own: f", {_label(own.response)}",
    effect=lambda _: "difference between treatments within participants, adjusted for the period",
    effect_in_text=lambda _: "The difference between treatments within participants",
    missing=lambda _: _COMPLETE,
    response=lambda own: own.response,
)
MODEL_WORDS: MethodWords[CrossoverModel] = MethodWords(
    names={Method.CROSSOVER_MODEL: "linear mixed model of periods"},
    describe=_describe_model,
    variant=lambda own: f", {_label(own.response)}",
    effect=lambda _: (
        "adjusted difference between treatments within participants (linear mixed model)"
    ),
    effect_in_text=lambda _: "The adjusted difference between treatments within participants",
    missing=lambda _: (
        "uses participants with a value at the end of any period, with the periods that have one"
    ),
    response=lambda own: own.response,
)
EVENTS_WORDS: MethodWords[CrossoverPreference] = MethodWords(
    names={Method.CROSSOVER_EVENTS: "exact comparison of two periods"},
    describe=_describe_events,
    variant=lambda own: (
        ", Prescott's test" if own.test is PreferenceTest.PRESCOTT else ", Mainland and Gart's test"
    ),
    effect=lambda own: (
        f"odds ratio of the event within participants, with exact limits; p from {_TESTS[own.test]}, which "
        "is of another kind than the limits"
    ),
    effect_in_text=lambda _: "The odds ratio of the event within participants",
    missing=lambda _: _COMPLETE,
)
