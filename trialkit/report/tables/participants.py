"""Counts of participants: who is analysed, and which values are missing and why."""

from dataclasses import replace

from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.people import PopulationRule
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import count, fraction_percent
from trialkit.report.tables.cells import arm_head, count_cell, printed_cell
from trialkit.report.words.en.sentences.pooled import unless_pooled
from trialkit.report.words.en.wording import number_word
from trialkit.results.flow import Stage
from trialkit.results.lookup import Before, ResultIndex, Shelf, Statistics, ids, value
from trialkit.results.vocabulary import Stat

FEWEST_JOINED = 3
"""So many outcomes of which nothing is missing stand in one row."""
AS_ALLOCATED = "Participants left out are counted in the arm they were allocated to."


def populations_table(protocol: Protocol, index: ResultIndex) -> Table:
    """Each population: how many of each arm are in it, and why others are not."""
    groups = []
    for population in protocol.populations:
        size = Row(
            head="In the population",
            indented=True,
            cells=tuple(
                count_cell(index.find(Shelf.POPULATIONS, term=population.code, arm=arm.code))
                for arm in protocol.arms
            ),
        )
        head = f"{population.label} \N{EN DASH} {population.definition}"
        rows = (size, *_exclusion_rows(population, protocol, index))
        groups.append(RowGroup(head=head, rows=rows))
    return Table(
        anchor="table-populations",
        caption="Analysis populations, and randomised participants who are not in them",
        stub="Population and reason",
        heads=tuple(arm_head(arm, None) for arm in protocol.arms),
        groups=tuple(groups),
        notes=(
            *(() if protocol.is_pooled else (AS_ALLOCATED,)),
            *_as_allocated_so_far(protocol, index),
        ),
        supplementary=True,
        claims=(Claim(item="21b", part="populations", source=ClaimSource.DATA),),
    )


def _as_allocated_so_far(protocol: Protocol, index: ResultIndex) -> tuple[str, ...]:
    """How many stand in an arm although it is still to come whether they received it."""
    if not any(each.reads_receipt for each in protocol.populations):
        return ()
    found = {
        arm.label: value(index.find(Shelf.FLOW, term=Stage.RECEIPT_TO_COME, arm=arm.code), Stat.N)
        for arm in protocol.arms
    }
    if not any(found.values()):
        return ()
    counts = ", ".join(f"{label} {count(number)}" for label, number in found.items())
    note = (
        "What was received is still to be recorded at the data cut of some participants, who count "
    )
    return (f"{note}as if they had received what they were allocated to ({counts}).",)


def _exclusion_rows(
    population: PopulationRule, protocol: Protocol, index: ResultIndex
) -> list[Row]:
    """Each reason with its counts; that nobody is left out is said too."""
    before = f"{population.code}: "
    terms = {
        address.term: f"Not in it: {address.term.removeprefix(before)}"
        for address in index.addresses(Shelf.POPULATIONS)
        if address.term.startswith(before)
    }
    return [
        Row(
            head=words,
            indented=True,
            cells=tuple(
                count_cell(index.find(Shelf.POPULATIONS, term=term, arm=arm.code), Stat.N_EXCLUDED)
                for arm in protocol.arms
            ),
        )
        for term, words in (terms or {population.code: "Not in it"}).items()
    ]


def missing_table(protocol: Protocol, index: ResultIndex) -> Table:
    """Missing values by outcome, visit and arm, of all that were expected, with reasons.

    What cannot exist, and what is still to come at the data cut, stands apart and is not missing.
    """
    places = [
        (visit, outcome)
        for visit in protocol.visits
        for outcome in protocol.outcomes
        if any(_missing(outcome, visit, arm.code, index) for arm in protocol.arms)
    ]
    apart = any(_apart(place, protocol, index) for place in places)
    groups = tuple(
        RowGroup(
            head=visit.label,
            rows=_missing_rows(
                [place for place in places if place[0] is visit], protocol, index, apart=apart
            ),
        )
        for visit in dict.fromkeys(visit for visit, _ in places)
    )
    by_arm = unless_pooled(protocol, ", by allocated arm")
    notes = [f"Missing of expected values, n/N (%){by_arm}."]
    if apart:
        notes.append(
            "Values that cannot exist and values that are still to come at the data cut are "
            "neither expected nor missing."
        )
    if any(_has_not_asked(place, protocol, index) for place in places):
        notes.append("Nor are values expected that the forms do not ask for.")
    return Table(
        anchor="table-missing",
        caption=f"Missing values by visit{unless_pooled(protocol, ', outcome and arm', ' and outcome')}, of all randomised participants",
        stub="Visit and outcome",
        heads=(
            *(arm_head(arm, None) for arm in protocol.arms),
            ColumnHead(text="Reasons", words=True),
            *((ColumnHead(text="Not expected", words=True),) if apart else ()),
        ),
        groups=groups,
        notes=tuple(notes),
        claims=(Claim(item="21c", part="amount", source=ClaimSource.DATA),),
    )


def _missing(outcome: Outcome, visit: Visit, arm: str, index: ResultIndex) -> Statistics:
    return index.find(Shelf.MISSING, outcome=outcome.code, visit=visit.code, term="", arm=arm)


def _missing_rows(
    places: list[tuple[Visit, Outcome]], protocol: Protocol, index: ResultIndex, *, apart: bool
) -> tuple[Row, ...]:
    """A row an outcome; of several that lack nothing and say the same, one row for all of them."""
    own: list[Row] = []
    alike: dict[tuple[tuple[str, str], ...], list[Row]] = {}
    for place in places:
        row = _missing_row(place, protocol, index, apart=apart)
        own.append(row)
        if _is_complete(place, protocol, index):
            said = tuple((cell.text, cell.note) for cell in row.cells)
            alike.setdefault(said, []).append(row)
    for rows in alike.values():
        if len(rows) >= FEWEST_JOINED:
            own = [row for row in own if row not in rows]
            own.append(_joined(rows, others=bool(own)))
    return tuple(own)


def _is_complete(place: tuple[Visit, Outcome], protocol: Protocol, index: ResultIndex) -> bool:
    """Whether everybody in every arm was expected to have a value, and has it."""
    visit, outcome = place
    found = [_missing(outcome, visit, arm.code, index) for arm in protocol.arms]
    lacks = any(value(each, Stat.N_MISSING) for each in found)
    return not lacks and _apart(place, protocol, index) is None


def _joined(rows: list[Row], *, others: bool) -> Row:
    """One row for outcomes of which each has these cells; behind it stand the results of all."""
    which = "Each of the other" if others else "Each of the"
    cells = (
        replace(each[0], results=tuple(name for cell in each for name in cell.results))
        for each in zip(*(row.cells for row in rows), strict=True)
    )
    head = f"{which} {number_word(len(rows))} outcomes"
    return Row(head=head, indented=True, cells=tuple(cells))


def _missing_row(
    place: tuple[Visit, Outcome], protocol: Protocol, index: ResultIndex, *, apart: bool
) -> Row:
    visit, outcome = place
    cells = []
    for arm in protocol.arms:
        found = _missing(outcome, visit, arm.code, index)
        text = fraction_percent(value(found, Stat.N_MISSING), value(found, Stat.N))
        cells.append(printed_cell(text, found, Stat.N_MISSING, Stat.N, Stat.PERCENT))
    cells.append(_reasons(place, protocol, index))
    if apart:
        cells.append(_apart(place, protocol, index) or Cell(text="none", words=True))
    return Row(head=outcome.label, indented=True, cells=tuple(cells))


def _reasons(place: tuple[Visit, Outcome], protocol: Protocol, index: ResultIndex) -> Cell:
    """Each arm's reasons with their counts."""
    visit, outcome = place
    parts: list[str] = []
    behind: list[str] = []
    for arm in protocol.arms:
        words = []
        for address in index.addresses(Shelf.MISSING, outcome=outcome.code):
            is_here = address.visit == visit.code and address.arm == arm.code
            if is_here and address.term.startswith(Before.REASON):
                found = index.at(address)
                times = count(value(found, Stat.N_MISSING))
                words.append(f"{address.term.removeprefix(Before.REASON)} {times}")
                behind += ids(found, Stat.N_MISSING)
        if words:
            parts.append(f"{arm.label}: {', '.join(words)}")
    return Cell(text="; ".join(parts) or "none missing", results=tuple(behind), words=True)


def _has_not_asked(place: tuple[Visit, Outcome], protocol: Protocol, index: ResultIndex) -> bool:
    visit, outcome = place
    found = (_missing(outcome, visit, arm.code, index) for arm in protocol.arms)
    return any(value(each, Stat.N_NOT_ASKED) for each in found)


def _apart(place: tuple[Visit, Outcome], protocol: Protocol, index: ResultIndex) -> Cell | None:
    """What is not expected in each arm; None when there is nothing of it."""
    visit, outcome = place
    kinds = {
        Stat.N_NOT_DUE: "not yet due at the data cut",
        Stat.N_NOT_APPLICABLE: "not applicable",
        Stat.N_NOT_ASKED: "not to be asked",
    }
    parts: list[str] = []
    behind: list[str] = []
    for arm in protocol.arms:
        found = _missing(outcome, visit, arm.code, index)
        some = [stat for stat in kinds if value(found, stat)]
        if some:
            words = ", ".join(f"{kinds[stat]} {count(value(found, stat))}" for stat in some)
            parts.append(f"{arm.label}: {words}")
            behind += ids(found, *some)
    return Cell(text="; ".join(parts), results=tuple(behind), words=True) if parts else None
