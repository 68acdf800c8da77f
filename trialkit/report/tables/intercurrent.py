"""Intercurrent events: how they are recorded, who had them, and what the analyses made of values after them."""

from collections.abc import Iterator, Sequence

from trialkit.protocol.coded_events import recorded_events
from trialkit.protocol.methods.estimands import IntercurrentEvent
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import count_percent
from trialkit.report.tables.cells import arm_head, count_cell, printed_cell
from trialkit.report.words.en.sentences.intercurrent import treated_words
from trialkit.report.words.en.sentences.pooled import unless_pooled
from trialkit.report.words.en.wording import lowered
from trialkit.report.words.languages import short_name
from trialkit.results.collected import is_not_collected
from trialkit.results.intercurrent import EventCount, Treated, treated_term
from trialkit.results.lookup import ResultIndex, Shelf, Statistics, value
from trialkit.results.vocabulary import Stat

NOT_RECORDED = "nothing: not collected"
OBSERVED = (
    "Values, of participants in the population of the analysis. Tables of outcomes by visit and of "
    "missing values describe what was observed."
)


def recorded_events_table(protocol: Protocol) -> Table | None:
    """How each event of the protocol is recorded, and from which visit on it counts; None without any."""
    if not protocol.intercurrent_events:
        return None
    rows = tuple(
        Row(
            head=event.label,
            cells=tuple(Cell(text=text, words=True) for text in _recorded(event, protocol)),
        )
        for event in protocol.intercurrent_events
    )
    return Table(
        anchor="table-recorded-events",
        caption="Intercurrent events, and what records them",
        stub="Event",
        heads=tuple(
            ColumnHead(text=text, words=True)
            for text in ("Recorded by", "First visit that can be affected")
        ),
        groups=(RowGroup(head="", rows=rows),),
        notes=(
            "A visit is affected that lies after the event, by its own day or else by its planned one.",
        ),
        supplementary=True,
        shown_as_data=False,
    )


def _recorded(event: IntercurrentEventAsked, protocol: Protocol) -> tuple[str, str]:
    picked = "; ".join(f"{item} is {' or '.join(codes)}" for item, codes in event.picks.items())
    if not event.recorded_by:
        by = NOT_RECORDED
    elif event.item:
        by = f"at visits, where {event.form}.{picked}"
    else:
        by = f"the day {event.date}" + (f", where {picked}" if picked else "")
    first = event.from_visit and protocol.visit(event.from_visit).label
    return by, first or "the first after baseline"


def intercurrent_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Participants with each event by arm, by the first visit that is affected; None without events."""
    if not protocol.intercurrent_events:
        return None
    groups = tuple(
        RowGroup(head=event.label, rows=tuple(_rows(event.code, protocol, index)))
        for event in protocol.intercurrent_events
    )
    return Table(
        anchor="table-intercurrent",
        caption="Intercurrent events, participants" + unless_pooled(protocol, " by allocated arm"),
        stub="Event and first affected visit",
        heads=tuple(arm_head(arm, None) for arm in protocol.arms),
        groups=groups,
        notes=(
            (
                "Participants, n (%) of those randomised; of an event that happened again the first. A visit "
                "is affected that lies after the event."
            ),
        ),
    )


def _rows(event: str, protocol: Protocol, index: ResultIndex) -> Iterator[Row]:
    term = EventCount.ANY.of(event)
    found = [_at(index, term, arm.code) for arm in protocol.arms]
    yield Row(
        head="Participants with it",
        indented=True,
        cells=tuple(
            printed_cell(
                count_percent(value(each, Stat.EVENTS), value(each, Stat.N)),
                each, Stat.EVENTS, Stat.N, Stat.PERCENT,
            )
            for each in found
        ),
    )  # fmt: skip
    for visit in protocol.visits:
        yield from _counted(
            f"First affected: {lowered(visit.label)}",
            [_at(index, term, arm.code, visit.code) for arm in protocol.arms],
            Stat.N,
            found,
        )
    for which, words in (
        (EventCount.NO_VISIT, "No visit affected"),
        (EventCount.VISIT_NOT_KNOWN, "First affected visit not known, since a day is not"),
    ):
        at = [_at(index, which.of(event), arm.code) for arm in protocol.arms]
        yield from _counted(words, at, Stat.N, found)
    yield from _counted("Not known whether it happened", found, Stat.N_UNKNOWN, found)


def _counted(
    words: str, found: Sequence[Statistics], stat: Stat, asked: Sequence[Statistics]
) -> Iterator[Row]:
    """A row where any arm counts somebody; of an arm that nobody asks none is counted."""
    if not any(value(each, stat) for each in found):
        return
    cells = (
        printed_cell("", own, Stat.EVENTS)
        if is_not_collected(own, Stat.EVENTS)
        else count_cell(each, stat)
        for each, own in zip(found, asked, strict=True)
    )
    yield Row(head=words, indented=True, cells=tuple(cells))


def _at(index: ResultIndex, term: str, arm: str, visit: str = "") -> Statistics:
    return index.find(Shelf.INTERCURRENT, term=term, arm=arm, visit=visit, outcome="")


def treated_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """What each analysis made of values after events, by visit and arm; None where there are none."""
    groups = [
        RowGroup(head=_named(analysis, outcome, protocol), rows=rows)
        for analysis in protocol.plan.analyses
        for code in analysis.outcomes
        for outcome in [protocol.outcome(code)]
        if (rows := tuple(_treated(analysis, outcome, protocol, index)))
    ]
    if not groups:
        return None
    return Table(
        anchor="table-strategies",
        caption="Values after intercurrent events, and what the analyses made of them",
        stub="Analysis, visit and what was done",
        heads=tuple(arm_head(arm, None) for arm in protocol.arms),
        groups=tuple(groups),
        notes=(OBSERVED,),
    )


def _named(analysis: Analysis, outcome: Outcome, protocol: Protocol) -> str:
    """Analyses of one outcome may be alike in role and method, so that the id tells them."""
    method = short_name(analysis.specification, protocol)
    return f"{outcome.label}: {analysis.role.value}, {method} ({analysis.id})"


def _treated(
    analysis: Analysis, outcome: Outcome, protocol: Protocol, index: ResultIndex
) -> Iterator[Row]:
    events: tuple[IntercurrentEvent, ...] = recorded_events(analysis.estimand, protocol)
    for visit in protocol.visits:
        for event in events:
            for treated in Treated:
                term = treated_term(analysis.id, event.event, treated)
                found = [
                    index.find(
                        Shelf.INTERCURRENT,
                        outcome=outcome.code, visit=visit.code, term=term, arm=arm.code,
                    )
                    for arm in protocol.arms
                ]  # fmt: skip
                if any(found):
                    words = treated_words(event, treated, protocol)
                    yield Row(
                        head=f"{visit.label}, {words}",
                        indented=True,
                        cells=tuple(count_cell(each) for each in found),
                    )
