"""Which adverse events are drawn: any, by class and term, and each that was serious."""

from collections.abc import Iterator, Sequence
from functools import partial

from trialkit.drawing.looks import look
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.harms_drawing import ArmShare, EventRow, RiskDifference, draw_harms
from trialkit.report.numbers.numbers import confidence, number
from trialkit.report.tables.cells import INTERVAL, contrast_term
from trialkit.report.words.en.sentences.harms import (
    by_arm,
    event_words,
    limits_words,
    rare_words,
)
from trialkit.report.words.en.wording import capitalised
from trialkit.results.harms import EventFact
from trialkit.results.lookup import IN_LEVEL, Before, ResultIndex, Shelf, Term, value
from trialkit.results.vocabulary import Stat

MOST_EVENTS = 20


def harms_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """Each event by arm, the most frequent first, and each serious one; none when no arm is seen."""
    arms = [
        arm
        for arm in protocol.arms
        if value(index.find(Shelf.HARMS, term=Term.ANY_EVENT, arm=arm.code), Stat.N)
    ]
    if not arms or protocol.is_pooled:
        return ()
    terms = tuple(dict.fromkeys(each.term for each in index.addresses(Shelf.HARMS)))
    drawn = (_all_events(terms, arms, protocol, index), _serious(terms, arms, protocol, index))
    return tuple(figure for figure in drawn if figure is not None)


def _all_events(
    terms: Sequence[str], arms: list[Arm], protocol: Protocol, index: ResultIndex
) -> Figure | None:
    """Any event, and each term; where events have classes, under its own."""
    events = [term for term in terms if term.startswith(Before.EVENT)]
    if not events:
        return None
    frequent = _most_frequent(events, arms, index)
    rare = [term for term in terms if term == Term.OTHER_TERMS]
    parts = [
        _more(len(events)),
        "Events whose term was not recorded are in the first row alone."
        if EventFact.TERM.unknown in terms
        else "",
        f"{rare_words(protocol)}." if rare else "",
    ]
    return _figure(
        [Term.ANY_EVENT, *_by_class(terms, frequent, arms, index), *rare],
        arms,
        protocol,
        index,
        name="adverse_events",
        title="Adverse events by arm",
        lead="Adverse events",
        more=" ".join(filter(None, parts)),
    )


def _serious(
    terms: Sequence[str], arms: list[Arm], protocol: Protocol, index: ResultIndex
) -> Figure | None:
    """Any serious event, and each term that was serious in anybody."""
    events = [term for term in terms if term.startswith(Before.SERIOUS)]
    if not events:
        return None
    return _figure(
        [EventFact.SERIOUS.term, *_most_frequent(events, arms, index)],
        arms,
        protocol,
        index,
        name="serious_events",
        title="Serious adverse events by arm",
        lead="Serious adverse events",
        more=_more(len(events)),
    )


def _more(events: int) -> str:
    """That not all are drawn; the table of harms has them."""
    if events <= MOST_EVENTS:
        return ""
    return f"The {MOST_EVENTS} most frequent of {events} are drawn."


def _most_frequent(events: Sequence[str], arms: list[Arm], index: ResultIndex) -> list[str]:
    """Those that the most percent of any arm had."""
    ordered = sorted(events, key=lambda term: -max(_percent(term, arm, index) for arm in arms))
    return ordered[:MOST_EVENTS]


def _by_class(
    terms: Sequence[str], frequent: Sequence[str], arms: list[Arm], index: ResultIndex
) -> Iterator[str]:
    """The frequent terms under their classes, the most frequent class first; then those of none."""
    classes = [term for term in terms if term.startswith(Before.CLASS)]
    names = {term.removeprefix(Before.EVENT): place for place, term in enumerate(frequent)}
    shown = set[str]()
    whole = [term for term in classes if IN_LEVEL not in term]
    for one in sorted(whole, key=lambda term: -max(_percent(term, arm, index) for arm in arms)):
        lead = f"{one}{IN_LEVEL}"
        own = [term for term in classes if term.startswith(lead) and term[len(lead) :] in names]
        if own:
            yield one
            yield from sorted(own, key=lambda term: names[term[len(lead) :]])
            shown |= {term[len(lead) :] for term in own}
    yield from (term for term in frequent if term.removeprefix(Before.EVENT) not in shown)


def _figure(
    terms: Sequence[str],
    arms: list[Arm],
    protocol: Protocol,
    index: ResultIndex,
    *,
    name: str,
    title: str,
    lead: str,
    more: str,
) -> Figure:
    rows = [_event_row(term, arms, protocol, index) for term in terms]
    ratio = confidence(protocol.plan.confidence_level)
    description = "; ".join(
        f"{row.label}: "
        + ", ".join(f"{each.label} {number(each.percent, digits=0)}%" for each in row.shares)
        for row in rows
    )
    differences = (
        "."
        if protocol.is_crossover
        else f", and risk difference from the reference arm with {ratio} confidence intervals. "
        f"{limits_words(ratio)}."
    )
    caption = f"{lead}: participants with at least one, by {by_arm(protocol, index)}{differences}"
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_harms,
                rows,
                interval=ratio,
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=f"{caption} {more}".rstrip(),
    )


def _percent(term: str, arm: Arm, index: ResultIndex) -> float:
    found = index.find(Shelf.HARMS, term=term, arm=arm.code)
    return float(value(found, Stat.PERCENT) or 0.0)


def _event_row(term: str, arms: list[Arm], protocol: Protocol, index: ResultIndex) -> EventRow:
    differences = []
    for arm in arms:
        found = index.find(
            Shelf.HARMS,
            term=term,
            arm=contrast_term(arm, protocol),
            method=Stat.RISK_DIFFERENCE.value,
        )
        effect, low, high = (value(found, stat) for stat in INTERVAL)
        if effect is not None and low is not None and high is not None:
            differences.append(
                RiskDifference(
                    look=look(protocol.arm_codes.index(arm.code)),
                    estimate=100 * effect,
                    low=100 * low,
                    high=100 * high,
                )
            )
    return EventRow(
        label=capitalised(event_words(term)),
        bold=term.startswith(Before.CLASS) and IN_LEVEL not in term,
        shares=tuple(
            ArmShare(
                look=look(protocol.arm_codes.index(arm.code)),
                label=arm.label,
                percent=_percent(term, arm, index),
            )
            for arm in arms
        ),
        differences=tuple(differences),
    )
