"""How many values each analysis imputed, by visit and arm, and by what is supposed of them."""

from collections.abc import Iterator

from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import count
from trialkit.report.tables.cells import arm_head
from trialkit.report.words.en.wording import capitalised
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import ResultIndex, Statistics, ids, value
from trialkit.results.notes import not_due_imputed, strategies_imputed
from trialkit.results.vocabulary import Stat

NO_DATA = (
    "Imputed values are no data: each stands for what is supposed of a value that nobody observed."
)


def imputed_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """A row a visit for each analysis that imputed values; None where no analysis did."""
    groups = tuple(
        RowGroup(head=_name(analysis, outcome, protocol), rows=rows)
        for analysis in protocol.plan.analyses
        for outcome in (protocol.analysed(analysis, code) for code in analysis.outcomes)
        if (rows := tuple(_rows(analysis, outcome, protocol, index)))
    )
    if not groups:
        return None
    return Table(
        anchor="table-imputed",
        caption="Values imputed, by analysis, visit and arm",
        stub="Analysis and visit",
        heads=(
            *(arm_head(arm, None) for arm in protocol.arms),
            ColumnHead(text="Imputed by", words=True),
        ),
        groups=groups,
        notes=(NO_DATA,),
        shown_as_data=False,
    )


def _name(analysis: Analysis, outcome: Outcome, protocol: Protocol) -> str:
    specification = analysis.specification
    name = words_of(specification, protocol).short_name(specification)
    return f"{outcome.label}: {name} ({analysis.role.value})"


def _rows(
    analysis: Analysis, outcome: Outcome, protocol: Protocol, index: ResultIndex
) -> Iterator[Row]:
    """The visits at which a value of somebody was imputed."""
    for visit in protocol.visits:
        found = [
            index.find(
                analysis.id,
                outcome=outcome.code,
                visit=visit.code,
                arm=arm.code,
                having=Stat.N_IMPUTED,
            )
            for arm in protocol.arms
        ]
        if any(value(each, Stat.N_IMPUTED) for each in found):
            yield Row(
                head=visit.label,
                indented=True,
                cells=(*map(_cell, found), Cell(text=_how(found), words=True)),
            )


def _cell(found: Statistics) -> Cell:
    return Cell(text=count(value(found, Stat.N_IMPUTED)), results=ids(found, Stat.N_IMPUTED))


def _how(found: list[Statistics]) -> str:
    """By what, each way once, in the order of the results, and how many nobody had to have yet."""
    notes = [
        each[Stat.N_IMPUTED].note
        for each in found
        if Stat.N_IMPUTED in each and each[Stat.N_IMPUTED].stat
    ]
    named = dict.fromkeys(way for note in notes for way in strategies_imputed(note))
    ways = [each.replace("-", " ") for each in named]
    coming = sum(map(not_due_imputed, notes))
    return capitalised(", ".join([*ways, *([f"not yet due: {count(coming)}"] if coming else [])]))
