"""Every outcome of all participants together, at each visit: what a pooled report has of outcomes."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from trialkit.grammar import counted
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import RowTable
from trialkit.protocol.trial.summing_up import SummedUp
from trialkit.protocol.trial.visits import Visit
from trialkit.report.content.claims import Claim, ClaimSource
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import DASH, confidence, mean_sd_words, number
from trialkit.report.tables.cells import (
    count_cell,
    events_cell,
    mean_cell,
    median_cell,
    printed_cell,
)
from trialkit.report.tables.levels import median_level_cell
from trialkit.report.tables.rates import RATE, rate_words
from trialkit.report.tables.row_looks import row_look
from trialkit.report.tables.summaries import factor_notes, summary_cell, summary_words
from trialkit.report.words.en.rates import rate_unit
from trialkit.report.words.en.wording import lowered
from trialkit.results.lookup import ResultIndex, Shelf, Statistics, Term, value
from trialkit.results.vocabulary import Stat

_NOTHING = Cell(text=DASH)


def described_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """The outcomes at every visit at which they are asked; None where none is."""
    groups = tuple(
        group for each in protocol.outcomes if (group := _group(each, protocol, index)).rows
    )
    if not groups:
        return None
    kinds = {_by(each) for each in protocol.outcomes if each.kind.is_mean}
    label = lowered(protocol.population(_population(index)).label)
    return Table(
        anchor="table-described",
        caption="Outcomes of all participants together, at every visit",
        stub="Outcome and visit",
        heads=(
            ColumnHead(text="With data"),
            ColumnHead(text=f"{summary_words(kinds)}, or n/N (%){_or_rate(protocol)}"),
            ColumnHead(text="Median (quartiles)"),
            ColumnHead(text="Lowest to highest"),
            ColumnHead(text=f"Change from baseline, {mean_sd_words(small=True)}"),
        ),
        groups=groups,
        notes=(
            f"Of participants with data ({label} population). No arms are compared.",
            *factor_notes(kinds),
        ),
        claims=(Claim(item="26", part="number with data", source=ClaimSource.DATA),),
    )


def _or_rate(protocol: Protocol) -> str:
    """That some outcomes have a rate, with its limits."""
    if any(each.kind.is_rate for each in protocol.outcomes):
        return f", or events, rate ({confidence(protocol.plan.confidence_level)} CI)"
    return ", or events, rate" if any(each.kind.counts_events for each in protocol.outcomes) else ""


def _by(outcome: Outcome) -> SummedUp:
    """What stands in the first column: means, beside medians, but for geometric means."""
    by = outcome.summed_up
    return SummedUp.MEAN if by is SummedUp.MEDIAN else by


def _population(index: ResultIndex) -> str:
    """In whom outcomes are described."""
    first = index.addresses(Shelf.DESCRIPTIVE)[0]
    return next(iter(index.at(first).values())).population


def _group(outcome: Outcome, protocol: Protocol, index: ResultIndex) -> RowGroup:
    unit = f", {outcome.unit}" if outcome.unit else ""
    look = row_look(
        protocol,
        RowTable.OUTCOMES,
        outcome.code,
        label=f"{outcome.label}{unit}",
        digits=outcome.digits,
    )
    return RowGroup(
        head=look.label,
        note=look.footnote,
        rows=tuple(_rows(outcome, look.digits, protocol, index)),
    )


def _rows(outcome: Outcome, digits: int, protocol: Protocol, index: ResultIndex) -> Iterator[Row]:
    """One row a visit, from the first at which the outcome was measured."""
    for visit in protocol.visits:
        found = _described(outcome, visit, protocol, index, term=Term.VALUE)
        if found:
            change = _described(outcome, visit, protocol, index, term=Term.CHANGE)
            described = _CELLS[outcome.kind.summary](found, change, outcome, digits)
            cells = (count_cell(found), *described)
            yield Row(head=visit.label, indented=True, cells=cells)


def _described(
    outcome: Outcome, visit: Visit, protocol: Protocol, index: ResultIndex, *, term: Term
) -> Statistics:
    return index.find(
        Shelf.DESCRIPTIVE,
        outcome=outcome.code,
        visit=visit.code,
        term=term,
        arm=protocol.reference.code,
    )


def _share(found: Statistics, _: Statistics, __: Outcome, ___: int) -> tuple[Cell, ...]:
    return events_cell(found), _NOTHING, _NOTHING, _NOTHING


def _middle(
    found: Statistics, change: Statistics, outcome: Outcome, digits: int
) -> tuple[Cell, ...]:
    ends = (number(value(found, stat), digits=digits) for stat in (Stat.MIN, Stat.MAX))
    return (
        summary_cell(found, _by(outcome), digits=digits),
        median_cell(found, digits=digits),
        printed_cell(" to ".join(ends), found, Stat.MIN, Stat.MAX)
        if Stat.MIN in found
        else _NOTHING,
        mean_cell(change, digits=digits) if Stat.MEAN in change else _NOTHING,
    )


def _rate(found: Statistics, _: Statistics, outcome: Outcome, digits: int) -> tuple[Cell, ...]:
    if Stat.RATE not in found:
        return _share(found, _, outcome, digits)
    events = counted(int(value(found, Stat.N_EVENTS) or 0), "event")
    words = f"{events}, {rate_words(found, digits=digits)} per {rate_unit(outcome)}"
    return printed_cell(words, found, Stat.N_EVENTS, *RATE), _NOTHING, _NOTHING, _NOTHING


def _level(found: Statistics, _: Statistics, __: Outcome, ___: int) -> tuple[Cell, ...]:
    return _NOTHING, median_level_cell(found), _NOTHING, _NOTHING


_CELLS: Mapping[Summary, Callable[[Statistics, Statistics, Outcome, int], tuple[Cell, ...]]] = (
    MappingProxyType(
        {
            Summary.MEAN: _middle,
            Summary.PROPORTION: _share,
            Summary.RATE: _rate,
            Summary.LEVELS: _level,
            Summary.TIME: _share,
            Summary.RECURRENCE: _rate,
        }
    )
)
"""The cells of a visit after the number with data: four, whatever the outcome is summed up by."""
