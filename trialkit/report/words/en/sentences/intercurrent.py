"""Intercurrent events in words: what is done about each, and what became of which values."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from trialkit.protocol.coded_events import recorded_events
from trialkit.protocol.methods.estimands import Estimand, IntercurrentEvent, Strategy
from trialkit.protocol.trial.composites import CompositeRule
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.wording import lowered
from trialkit.results.intercurrent import Treated

_RULES: Mapping[Strategy, str] = MappingProxyType(
    {
        Strategy.TREATMENT_POLICY: "values after it are kept as observed",
        Strategy.HYPOTHETICAL: "values after it are set missing",
        Strategy.WHILE_ON_TREATMENT: "the last value before it stands for those after it",
        Strategy.PRINCIPAL_STRATUM: "values after it are kept as observed",
    }
)
_COMPOSITES: Mapping[str, str] = MappingProxyType(
    {
        "": "it counts as failure",
        CompositeRule.FAILURE: "it counts as failure",
        CompositeRule.WORST: "it counts as the worst value of the scale",
    }
)
_TREATED: Mapping[Treated, str] = MappingProxyType(
    {
        Treated.KEPT: "kept as observed",
        Treated.NOT_OBSERVED: "not observed",
        Treated.SET_MISSING: "set missing",
        Treated.RANKED_WORST: "ranked below every value",
        Treated.CARRIED: "replaced by the last value before",
        Treated.NOT_KNOWN: "set missing, since it is not known whether they lie after it",
        Treated.NOTHING_BEFORE: "set missing, since no value lies before it",
    }
)
_COUNTED: Mapping[str, str] = MappingProxyType(
    {
        "": "counted as failure",
        CompositeRule.FAILURE: "counted as failure",
        CompositeRule.WORST: "counted as the worst value",
    }
)


def event_label(event: IntercurrentEvent, protocol: Protocol) -> str:
    """What an event of an estimand is called: the label of its code, or its own words."""
    recorded = protocol.intercurrent_event(event.event)
    return event.event if recorded is None else recorded.label


def rule_words(event: IntercurrentEvent) -> str:
    """What is done about the values after an event that is recorded."""
    if event.strategy is Strategy.COMPOSITE:
        return _COMPOSITES.get(event.value, f"it counts as a value of {event.value}")
    return _RULES[event.strategy]


def events_in_words(estimand: Estimand, protocol: Protocol) -> Iterator[str]:
    """Each event with its strategy; of those that are recorded what is done, and what is supposed."""
    for event in estimand.intercurrent_events:
        said = [event.strategy.value]
        recorded = protocol.intercurrent_event(event.event)
        if recorded is not None:
            said.append(rule_words(event) if recorded.recorded_by else "no form records it")
        if event.assumption:
            said.append(f"supposed: {lowered(event.assumption).removesuffix('.')}")
        yield f"{event_label(event, protocol)} ({'; '.join(said)})"


def handled_events(estimand: str, protocol: Protocol) -> str:
    """What the analyses of an estimand do about the events that are recorded; blank without any."""
    parts = [
        f"{lowered(event_label(event, protocol))} ({event.strategy.value}: {rule_words(event)})"
        for event in recorded_events(estimand, protocol)
    ]
    return f"Intercurrent events: {'; '.join(parts)}." if parts else ""


def treated_words(event: IntercurrentEvent, treated: Treated, protocol: Protocol) -> str:
    """What an analysis made of values after an event, as ``stopped the training: set missing``."""
    counted = _COUNTED.get(event.value, f"counted as {event.value}")
    done = counted if treated is Treated.COUNTED_AS else _TREATED[treated]
    return f"{lowered(event_label(event, protocol))}: {done}"
