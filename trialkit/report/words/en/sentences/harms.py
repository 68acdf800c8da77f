"""Harms in words: who had events, of what kind, and what of them was not recorded."""

from collections.abc import Iterable

from trialkit.grammar import plural
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.text import PrintedNumber, Run
from trialkit.report.numbers.numbers import count, fraction_percent, plain
from trialkit.report.words.en.terms import LACKING
from trialkit.report.words.en.wording import capitalised, listing
from trialkit.results.collected import is_not_collected
from trialkit.results.effect import Status
from trialkit.results.flow import Stage
from trialkit.results.harms import EventFact, kind_words
from trialkit.results.lookup import (
    IN_LEVEL,
    Before,
    ResultIndex,
    Shelf,
    Statistics,
    Term,
    ids,
    value,
)
from trialkit.results.vocabulary import Stat

_ASKED = {
    EventFact.SERIOUS: "seriousness",
    EventFact.RELATED: "relation",
    EventFact.LED_TO_WITHDRAWAL: "leading to withdrawal",
    EventFact.SEVERITY: "severity",
    EventFact.TERM: "name",
    EventFact.START: "first day",
}
"""What each fact of an event is called where nobody asks for it."""
NOT_COLLECTED = "Harms were not collected: no form of the trial asks for adverse events."


def are_collected(protocol: Protocol, index: ResultIndex) -> bool:
    """Whether any arm has a form for harms."""
    return any(Stat.N in harms_of(arm, index) for arm in protocol.arms)


def facts_not_collected(protocol: Protocol, index: ResultIndex) -> tuple[EventFact, ...]:
    """What the form for harms does not ask of an event, of the arms that have a form."""
    nobody = without_form(protocol, index)
    asked = [arm for arm in protocol.arms if arm not in nobody]
    return tuple(
        fact
        for fact in EventFact
        if any(is_not_collected(harms_of(arm, index, term=fact.term), Stat.EVENTS) for arm in asked)
    )


def without_form(protocol: Protocol, index: ResultIndex) -> tuple[Arm, ...]:
    """The arms whose participants nobody asks about harms."""
    return tuple(
        arm for arm in protocol.arms if is_not_collected(harms_of(arm, index), Stat.EVENTS)
    )


def lacks_of_harms(
    protocol: Protocol, index: ResultIndex, facts: Iterable[EventFact] = EventFact
) -> str:
    """What of harms, and of these facts of an event, has no source; empty where all has."""
    if not are_collected(protocol, index):
        return "not collected"
    arms = [arm.label for arm in without_form(protocol, index)]
    lacking = facts_not_collected(protocol, index)
    named = [_ASKED[fact] for fact in facts if fact in lacking]
    lacks = [f"any event in {listing(arms)}"] if arms else []
    lacks += [listing(named)] if named else []
    return f"not collected: {'; '.join(lacks)}" if lacks else ""


def by_arm(protocol: Protocol, index: ResultIndex | None) -> str:
    """Which arm events are counted in: that received, as far as a form asks what it was."""
    found = [] if index is None else [_received(arm, index) for arm in protocol.arms]
    arm = "sequence" if protocol.is_crossover else "arm"
    if any(is_not_collected(each, Stat.N) for each in found):
        return (
            f"the {arm} that participants were allocated to (which they received is not collected)"
        )
    return f"the {arm} that participants received"


def _received(arm: Arm, index: ResultIndex) -> Statistics:
    return index.find(Shelf.FLOW, term=Stage.RECEIVED, arm=arm.code)


def event_words(term: str) -> str:
    """What a row of harms is called."""
    if term == Term.ANY_EVENT:
        return "Any adverse event"
    kind = kind_words(term)
    if kind is not None:
        return capitalised(kind)
    for before in (Before.WORST, Before.SEVERITY):
        if term.startswith(before):
            return capitalised(term.removeprefix(before))
    if term.startswith(Before.CLASS):
        name, _, within = term.removeprefix(Before.CLASS).partition(IN_LEVEL)
        return within or f"Any event: {name}"
    if term == Term.OTHER_TERMS:
        return capitalised(Term.OTHER_TERMS.value)
    return term.removeprefix(Before.SERIOUS).removeprefix(Before.EVENT)


def limits_words(level: str) -> str:
    """The method of the differences between arms, as tables and figures name it."""
    return f"Differences have Newcombe's hybrid score {level} limits"


def rare_words(protocol: Protocol) -> str:
    """What the terms that are printed together have in common."""
    percent = plain(protocol.harms.rare_below_percent)
    return (
        f"Other terms: those that fewer than {percent}% of every arm had and none of whose events was, or "
        "may have been, serious"
    )


def harms_of(arm: Arm, index: ResultIndex, *, term: str = Term.ANY_EVENT) -> Statistics:
    """An arm's count of a kind of event."""
    return index.find(Shelf.HARMS, term=term, arm=arm.code)


def at_least(said: str, found: Statistics, *, none: str = "none known") -> str:
    """A count as it is said, but where it is not known of everybody, as the least that it can be.

    By the worst severity it is no such bound: who is known to have had one may have had a worse.
    """
    if not value(found, Stat.N_UNKNOWN):
        return said
    if not value(found, Stat.EVENTS):
        return none
    return said if found[Stat.EVENTS].term.startswith(Before.WORST) else f"at least {said}"


def harms_result(protocol: Protocol, index: ResultIndex) -> tuple[Run, ...]:
    """How many had any adverse event, and any serious one, in each arm; or that nobody could."""
    if not are_collected(protocol, index):
        return (NOT_COLLECTED,)
    if not any(value(harms_of(arm, index), Stat.N) for arm in protocol.arms):
        return ("By the data cut nobody was at risk of an adverse event of any arm.",)
    return (
        "Participants with at least one adverse event: ",
        *_by_arm(protocol, index, term=Term.ANY_EVENT),
        ". ",
        *_serious(protocol, index),
        *(f" Not counted: {note}." for note in left_out(protocol, index)),
    )


def left_out(protocol: Protocol, index: ResultIndex) -> tuple[str, ...]:
    """How many events are in no arm's counts, and why; nothing where there are none."""
    found = (harms_of(arm, index) for arm in protocol.arms)
    notes = (each[Stat.N].note for each in found if Stat.N in each)
    return tuple(dict.fromkeys(filter(None, notes)))


def _serious(protocol: Protocol, index: ResultIndex) -> list[Run]:
    if EventFact.SERIOUS in facts_not_collected(protocol, index):
        return ["Whether they were serious was not collected."]
    return [
        "Serious adverse events: ",
        *_by_arm(protocol, index, term=EventFact.SERIOUS.term, unknown=EventFact.SERIOUS),
        ".",
    ]


def _by_arm(
    protocol: Protocol, index: ResultIndex, *, term: str, unknown: EventFact | None = None
) -> list[Run]:
    runs: list[Run] = []
    for arm in protocol.arms:
        found = harms_of(arm, index, term=term)
        text = fraction_percent(value(found, Stat.EVENTS), value(found, Stat.N), in_sentence=True)
        text = at_least(text, found, none=f"none known of {count(value(found, Stat.N))}")
        text = LACKING[Status.NOT_COLLECTED] if is_not_collected(found, Stat.EVENTS) else text
        runs += [
            f"{'; ' if runs else ''}{arm.label} ",
            PrintedNumber(text=text, results=ids(found, Stat.EVENTS, Stat.N, Stat.N_UNKNOWN)),
        ]
        if unknown is not None:
            runs += _not_of_events(harms_of(arm, index, term=unknown.unknown), unknown.not_known)
            runs += _not_of_events(harms_of(arm, index, term=unknown.not_asked), unknown.not_put)
    return runs


def _not_of_events(found: Statistics, words: str) -> list[Run]:
    """Of how many of an arm's events it is not recorded, or was not asked; nothing if of none."""
    events = value(found, Stat.N_EVENTS)
    if not events:
        return []
    number = PrintedNumber(text=count(events), results=ids(found, Stat.N_EVENTS))
    return [f" ({words} of ", number, f" {plural(events, 'event')})"]
