"""Harms in every arm, as participants and as events; none is printed as none (CONSORT 27)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import RowTable
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import (
    confidence,
    count_percent,
    n_equals,
    percent_points,
)
from trialkit.report.tables.cells import (
    contrast_term,
    count_cell,
    points_cell,
    printed_cell,
    unsaid,
)
from trialkit.report.tables.row_looks import row_look
from trialkit.report.words.en.sentences.harms import (
    are_collected,
    at_least,
    by_arm,
    event_words,
    facts_not_collected,
    harms_of,
    lacks_of_harms,
    left_out,
    limits_words,
    rare_words,
)
from trialkit.report.words.en.sentences.pooled import unless_pooled
from trialkit.report.words.en.wording import alike, listing
from trialkit.results.harms import EventFact
from trialkit.results.lookup import (
    IN_LEVEL,
    Before,
    ResultIndex,
    Shelf,
    Statistics,
    Term,
    value,
)
from trialkit.results.vocabulary import Stat

MOST_PAIRED = 3
"""With more arms, participants and events share a cell and differences have a table of their own."""


_IN_A_NOTE = {EventFact.TERM.term, EventFact.START.term}
"""What is not collected of the events, and is no count of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmsColumns:
    """What the columns of the table are about."""

    protocol: Protocol
    index: ResultIndex
    arms: tuple[Arm, ...]
    terms: tuple[str, ...]
    confidence: str

    @property
    def compact(self) -> bool:
        """Whether an arm has one column only, since there are many."""
        return len(self.arms) > MOST_PAIRED

    @property
    def others(self) -> tuple[Arm, ...]:
        """The arms that are compared with the reference."""
        if self.protocol.is_crossover:
            return ()
        return tuple(arm for arm in self.arms if not arm.reference)


def harms_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Participants with events and numbers of events; None when harms were not collected."""
    columns = _columns(protocol, index)
    if columns is None:
        return None
    groups = [_group(head, terms, columns) for head, terms in grouped(columns.terms)]
    return Table(
        anchor="table-harms",
        caption="Adverse events" + unless_pooled(protocol, f", by {by_arm(protocol, index)}"),
        stub="Event",
        spanning=_spanning(columns),
        heads=_heads(columns),
        groups=tuple(groups),
        notes=_notes(columns),
        claims=(
            Claim(
                item="27",
                part="harms",
                source=ClaimSource.DATA,
                lacks=lacks_of_harms(protocol, index),
            ),
            Claim(
                item="13a",
                part="analysed for harms",
                source=ClaimSource.DATA,
                checklist="harms",
                lacks=lacks_of_harms(protocol, index, facts=()),
            ),
        ),
    )


def harms_differences_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """The risk differences of a trial with so many arms that the table of harms has no room."""
    columns = _columns(protocol, index)
    if columns is None or not columns.compact or not columns.others:
        return None
    return Table(
        anchor="table-harms-differences",
        caption="Adverse events: risk difference from the reference arm, percentage points "
        f"({columns.confidence} CI)",
        stub="Event",
        heads=tuple(ColumnHead(text=_versus(arm, columns)) for arm in columns.others),
        groups=(
            RowGroup(
                head="",
                rows=tuple(
                    _named(term, _differences(term, columns), columns) for term in columns.terms
                ),
            ),
        ),
        notes=(*_method(columns), *_not_counted(columns)),
        supplementary=True,
    )


def _spanning(columns: HarmsColumns) -> tuple[ColumnHead, ...]:
    if columns.compact:
        return ()
    arms = (ColumnHead(text=_arm_words(arm, columns.index), span=2) for arm in columns.arms)
    return (*arms, *_over(columns))


def _heads(columns: HarmsColumns) -> tuple[ColumnHead, ...]:
    if columns.compact:
        return tuple(ColumnHead(text=_arm_words(arm, columns.index)) for arm in columns.arms)
    pairs = (
        ColumnHead(text=text) for _ in columns.arms for text in ("Participants, n (%)", "Events, n")
    )
    return (*pairs, *(ColumnHead(text=_versus(arm, columns)) for arm in columns.others))


def _over(columns: HarmsColumns) -> tuple[ColumnHead, ...]:
    if not columns.others:
        return ()
    words = f"Risk difference, percentage points ({columns.confidence} CI)"
    return (ColumnHead(text=words, span=len(columns.others)),)


def _versus(arm: Arm, columns: HarmsColumns) -> str:
    return "vs reference" if len(columns.others) == 1 else f"{arm.label} vs reference"


def _columns(protocol: Protocol, index: ResultIndex) -> HarmsColumns | None:
    """The arms that harms were counted in; None when they were not."""
    if not are_collected(protocol, index):
        return None
    arms = tuple(arm for arm in protocol.arms if harms_of(arm, index))
    codes = {arm.code for arm in arms}
    terms = (
        each.term
        for each in index.addresses(Shelf.HARMS)
        if each.arm in codes
        and each.term not in _IN_A_NOTE
        and not each.term.startswith(Before.RARE)
    )
    return HarmsColumns(
        protocol=protocol,
        index=index,
        arms=arms,
        terms=tuple(dict.fromkeys(terms)),
        confidence=confidence(protocol.plan.confidence_level),
    )


def grouped(terms: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The rows of the table under their heads: kinds of events, serious ones by term, and all by term.

    Where events have classes, terms stand under theirs; those of no class, and the rare ones, at the end.
    """
    leads = (Before.EVENT, Before.SERIOUS, Before.CLASS, Term.OTHER_TERMS)
    yield "Participants with at least one event", [x for x in terms if not x.startswith(leads)]
    serious = [term for term in terms if term.startswith(Before.SERIOUS)]
    if serious:
        yield "Serious events, by term", serious
    classes = [term for term in terms if term.startswith(Before.CLASS)]
    for whole in (term for term in classes if IN_LEVEL not in term):
        within = [term for term in classes if term.startswith(f"{whole}{IN_LEVEL}")]
        yield whole.removeprefix(Before.CLASS), [whole, *within]
    classed = {term.partition(IN_LEVEL)[2] for term in classes}
    single = [
        term
        for term in terms
        if term == Term.OTHER_TERMS
        or (term.startswith(Before.EVENT) and term.removeprefix(Before.EVENT) not in classed)
    ]
    if single:
        yield ("Other events" if classes else "By event"), single


def _arm_words(arm: Arm, index: ResultIndex) -> str:
    size = value(harms_of(arm, index), Stat.N)
    return arm.label if size is None else f"{arm.label} ({n_equals(size)})"


def _group(head: str, terms: list[str], columns: HarmsColumns) -> RowGroup:
    return RowGroup(head=head, rows=tuple(_row(term, columns) for term in terms))


def _row(term: str, columns: HarmsColumns) -> Row:
    cells: list[Cell] = []
    for arm in columns.arms:
        found = harms_of(arm, columns.index, term=term)
        people = count_percent(value(found, Stat.EVENTS), value(found, Stat.N))
        people = at_least(people, found)
        stated = (Stat.EVENTS, Stat.N, Stat.PERCENT, Stat.N_UNKNOWN)
        events = count_cell(found, Stat.N_EVENTS)
        if columns.compact:
            both = f"{people} [{events.text}]"
            cells.append(printed_cell(both, found, *stated, Stat.N_EVENTS))
        else:
            cells += [printed_cell(people, found, *stated), events]
    last = () if columns.compact else _differences(term, columns)
    return replace(_named(term, (*cells, *last), columns), indented=True)


def _named(term: str, cells: tuple[Cell, ...], columns: HarmsColumns) -> Row:
    """A row under the name and with the footnote that the protocol wants.

    Which events are not counted stands in a note of the table.
    """
    below = " ".join(_not_counted(columns))
    cells = tuple(unsaid(cell, below) for cell in cells)
    name = event_words(term)
    look = row_look(columns.protocol, RowTable.HARMS, name, label=name)
    return Row(head=look.label, note=look.footnote, cells=cells)


def _differences(term: str, columns: HarmsColumns) -> tuple[Cell, ...]:
    return tuple(points_cell(_difference(arm, term, columns)) for arm in columns.others)


def _difference(arm: Arm, term: str, columns: HarmsColumns) -> Statistics:
    return columns.index.find(
        Shelf.HARMS,
        term=term,
        arm=contrast_term(arm, columns.protocol),
        method=Stat.RISK_DIFFERENCE,
    )


def _notes(columns: HarmsColumns) -> tuple[str, ...]:
    """What the counts are, and how large a risk is compatible with none in an arm."""
    notes = ["Participants are counted once in each row; events can be several in one participant."]
    if columns.protocol.is_crossover:
        notes.append("Events are counted by sequence, and not assigned to a treatment.")
    if columns.compact:
        notes.append("Participants, n (%), and in brackets the number of events.")
    notes += [*_of_severity(columns), *_of_unknown(columns), *_of_unasked(columns)]
    limits: list[tuple[str, str]] = []
    for arm in columns.arms:
        none = [
            found
            for found in (harms_of(arm, columns.index, term=term) for term in columns.terms)
            if value(found, Stat.EVENTS) == 0 and Stat.CONF_HIGH in found
        ]
        if none:
            high = percent_points(value(none[0], Stat.CONF_HIGH))
            limits.append((f"{high}%|{n_equals(value(none[0], Stat.N))}", arm.label))
    if Term.OTHER_TERMS in columns.terms:
        notes.append(f"{rare_words(columns.protocol)}.")
    if not columns.compact:
        notes += _method(columns)
    if limits:
        told = []
        for words, labels in alike(limits).items():
            high, _, size = words.partition("|")
            each = " each" if len(labels) > 1 else ""
            told.append(f"{high} in {listing(labels)} ({size}{each})")
        notes.append(
            "Where nobody in an arm had an event, the risk may still be up to "
            f"{listing(told)} (upper exact {columns.confidence} limits)."
        )
    return tuple(notes)


def _method(columns: HarmsColumns) -> tuple[str, ...]:
    """By which method the differences have their limits, where any has."""
    differences = (
        _difference(arm, term, columns) for arm in columns.others for term in columns.terms
    )
    has_limits = any(Stat.CONF_LOW in each for each in differences)
    return (f"{limits_words(columns.confidence)}.",) if has_limits else ()


def _of_severity(columns: HarmsColumns) -> Iterator[str]:
    """By which of their events participants stand in a row of severity."""
    if any(term.startswith(Before.WORST) for term in columns.terms):
        lacking = {EventFact.SEVERITY.unknown, EventFact.SEVERITY.not_asked}
        known = " known" if lacking & set(columns.terms) else ""
        yield (
            f"By severity, participants are counted by the worst{known} of their events, and "
            "events by their own."
        )


def _of_unasked(columns: HarmsColumns) -> Iterator[str]:
    """What the form for harms does not ask, where no row of the table is about it."""
    lacking = facts_not_collected(columns.protocol, columns.index)
    if EventFact.TERM in lacking:
        yield "What the events were is not collected."
    if EventFact.START in lacking:
        yield (
            "When the events began is not collected: some may have begun before the randomisation."
        )


def _of_unknown(columns: HarmsColumns) -> Iterator[str]:
    """What a count means where it is not known of everybody, and which events no arm counts."""
    found = [
        harms_of(arm, columns.index, term=term) for arm in columns.arms for term in columns.terms
    ]
    if any(Stat.N_UNKNOWN in each for each in found):
        yield (
            "At least, none known: of some participants it is not known whether they had such "
            "an event; no limits and no difference are given."
        )
    if EventFact.START.unknown in columns.terms:
        yield "Events that may have begun before the randomisation are counted."
    yield from _not_counted(columns)


def _not_counted(columns: HarmsColumns) -> tuple[str, ...]:
    notes = left_out(columns.protocol, columns.index)
    return tuple(f"Not counted: {note}." for note in notes)
