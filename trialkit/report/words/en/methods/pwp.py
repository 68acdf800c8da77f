"""PWP regression in English."""

from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.pwp import Pwp
from trialkit.protocol.methods.time_to_event import RecurrentClock
from trialkit.report.words.en.methods.lwyy import ROBUST
from trialkit.report.words.en.terms import adjusted_for
from trialkit.report.words.en.times import TIES, counted_from, ending_words
from trialkit.report.words.language.method_words import MethodWords, Telling

_CLOCKS = {
    RecurrentClock.TOTAL: "time counts from the origin (total time)",
    RecurrentClock.GAP: "time counts from the event before (gap time)",
}


def _strata(specification: Pwp) -> str:
    last = specification.last_stratum
    if last is None:
        return "a stratum for each number of earlier events"
    if last == 1:
        return "one stratum of all events"
    return f"a stratum for each number of earlier events, with one for {last - 1} or more"


def _describe(specification: Pwp, told: Telling) -> str:
    adjusted = adjusted_for(specification.covariates, told.protocol) or ", without covariates"
    return (
        "PWP regression (Prentice, Williams and Peterson) of all events of a participant "
        f"({counted_from(told.outcomes, told.protocol)}){adjusted}; {_CLOCKS[specification.clock]}, with "
        f"{_strata(specification)}; ties by {TIES[specification.ties]}; the effect is the ratio of the hazards "
        "of the next event of participants who had equally many before, which is no effect on the rate, with "
        f"{ROBUST}{ending_words(told.outcomes)}"
    )


def _compared(specification: Pwp) -> str:
    return (
        f"PWP regression: {_CLOCKS[specification.clock]}, {_strata(specification)}; "
        f"ties by {TIES[specification.ties]}; {ROBUST}"
    )


WORDS: MethodWords[Pwp] = MethodWords(
    names={Method.PWP: "PWP regression"},
    describe=_describe,
    effect=lambda own: f"hazard ratio of the next event (PWP regression, {own.clock.value} time)",
    effect_in_text=lambda _: "The hazard ratio of the next event",
    called=lambda _: "hazard ratio of the next event",
    compared=_compared,
)
