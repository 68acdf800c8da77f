"""Intercurrent events in words: what is done about each, and what became of which values."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from trialkit.protocol.coded_events import recorded_events
from trialkit.protocol.methods.estimands import Estimand, IntercurrentEvent, Strategy
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.composites import CompositeRule, is_rank_alone
from trialkit.protocol.trial.outcomes import Outcome
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
        CompositeRule.FAILURE: "it counts as failure",
        CompositeRule.WORST: "it counts as the worst value of the scale",
    }
)
_RANKED = "it ranks below every value"
_WORSE = "it counts as worse than any result without it"
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


def rule_words(event: IntercurrentEvent, outcomes: Sequence[Outcome]) -> str:
    """What is done about the values of these outcomes after an event that is recorded."""
    if event.strategy is not Strategy.COMPOSITE:
        return _RULES[event.strategy]
    if not event.value:
        ranked = [each for each in outcomes if is_rank_alone(event, each)]
        words = [_COMPOSITES[CompositeRule.FAILURE]] if len(ranked) < len(outcomes) else []
        return " or ".join([*words, *([_RANKED] if ranked else [])]) or _WORSE
    return _COMPOSITES.get(event.value, f"it counts as a value of {event.value}")


def _asked_of(estimand: str, protocol: Protocol) -> tuple[Outcome, ...]:
    """The outcomes that the plan asks an estimand's question of."""
    return tuple(
        protocol.outcome(code)
        for analysis in protocol.plan.analyses
        if analysis.estimand == estimand
        for code in analysis.outcomes
    )


def events_in_words(estimand: Estimand, protocol: Protocol) -> Iterator[str]:
    """Each event with its strategy; of those that are recorded what is done, and what is supposed."""
    for event in estimand.intercurrent_events:
        said = [event.strategy.value]
        recorded = protocol.intercurrent_event(event.event)
        if recorded is not None:
            rule = rule_words(event, _asked_of(estimand.code, protocol))
            said.append(rule if recorded.recorded_by else "no form records it")
        if event.assumption:
            said.append(f"supposed: {lowered(event.assumption).removesuffix('.')}")
        yield f"{event_label(event, protocol)} ({'; '.join(said)})"


def handled_events(analysis: Analysis, protocol: Protocol) -> str:
    """What an analysis does about the events of its estimand that are recorded; blank without any."""
    outcomes = [protocol.outcome(code) for code in analysis.outcomes]
    parts = [
        f"{lowered(event_label(event, protocol))} ({event.strategy.value}; {rule_words(event, outcomes)})"
        for event in recorded_events(analysis.estimand, protocol)
    ]
    return f"Intercurrent events: {'; '.join(parts)}." if parts else ""


def treated_words(event: IntercurrentEvent, treated: Treated, protocol: Protocol) -> str:
    """What an analysis made of values after an event, as ``stopped the training: set missing``."""
    counted = _COUNTED.get(event.value, f"counted as {event.value}")
    done = counted if treated is Treated.COUNTED_AS else _TREATED[treated]
    return f"{lowered(event_label(event, protocol))}: {done}"
