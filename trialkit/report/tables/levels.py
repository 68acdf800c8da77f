"""Ordinal outcomes: who is at each level in every arm, the middle level, and the effect (CONSORT 26)."""

from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import RowTable
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import DASH, count_percent
from trialkit.report.tables.cells import (
    EMPTY,
    REFERENCE,
    analysed_cell,
    count_cell,
    interval_cell,
    printed_cell,
)
from trialkit.report.tables.effect_names import effect_name
from trialkit.report.tables.headlines import Headline, main_headlines
from trialkit.report.tables.intervals import interval_notes, promised_of
from trialkit.report.tables.outcome_heads import outcome_head
from trialkit.report.tables.p_values import (
    Compared,
    PColumns,
    adjustment_notes,
    columns_of,
)
from trialkit.report.tables.result_claims import result_claims
from trialkit.report.tables.row_looks import row_look
from trialkit.report.words.en.wording import capitalised, lowered
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import Before, ResultIndex, Shelf, Statistics, ids, value
from trialkit.results.vocabulary import Stat

_MIDDLES = (Stat.MEDIAN, Stat.Q1, Stat.Q3)


def levels_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Ordinal outcomes of the primary and secondary analyses; None when there are none."""
    found = tuple(
        each for each in main_headlines(protocol, index) if each.summary is Summary.LEVELS
    )
    if not found:
        return None
    first = {each.outcome.code: each for each in reversed(found)}
    columns = columns_of(found)
    promise = promised_of(found, protocol)
    return Table(
        anchor="table-levels",
        caption="Ordinal outcomes: participants at each level in each arm, and the arms compared",
        stub="Outcome and level",
        heads=tuple(ColumnHead(text=arm.label) for arm in protocol.arms),
        groups=tuple(
            RowGroup(
                head=outcome_head(each.outcome, each, protocol),
                note=row_look(protocol, RowTable.OUTCOMES, each.outcome.code, label="").footnote,
                rows=_rows(each, columns, promise=promise, described=each in first.values()),
            )
            for each in found
        ),
        notes=_notes(found, protocol),
        claims=result_claims(found, protocol),
    )


def level_terms(headline: Headline, *, visit: str) -> tuple[str, ...]:
    """How the results name the levels of an outcome at a visit, the lowest first."""
    addresses = headline.index.addresses(Shelf.DESCRIPTIVE, outcome=headline.outcome.code)
    return tuple(
        dict.fromkeys(
            each.term
            for each in addresses
            if each.visit == visit and each.term.startswith(Before.LEVEL)
        )
    )


def median_level_cell(found: Statistics) -> Cell:
    """The middle level and the quartiles, by their names, which the results have as notes."""
    return Cell(text=median_level(found), results=ids(found, *_MIDDLES))


def median_level(found: Statistics) -> str:
    """``Better (no change to much better)``; a dash where nobody has a value."""
    if Stat.MEDIAN not in found:
        return DASH
    middle, low, high = (found[stat].note for stat in _MIDDLES)
    return middle if low == high else f"{middle} ({low} to {high})"


def level_cell(found: Statistics) -> Cell:
    """Participants at a level, and the percentage of those with data."""
    text = count_percent(value(found, Stat.EVENTS), value(found, Stat.N))
    return printed_cell(text, found, Stat.EVENTS, Stat.N, Stat.PERCENT)


def _rows(
    headline: Headline, columns: PColumns, *, promise: str, described: bool
) -> tuple[Row, ...]:
    """The levels, where the outcome is not described in this table already, and the arms compared."""
    arms = headline.protocol.arms
    analysed = [("Analysed", [analysed_cell(("", headline.analysed(arm))) for arm in arms])]
    name = f"{capitalised(effect_name(headline))} ({promise})"
    effect = [(name, [_effect(headline, arm, promise) for arm in arms])]
    tested = [
        (head.text, [_tested(headline, arm, columns, place) for arm in arms])
        for place, head in enumerate(columns.heads)
    ]
    levels = _levels(headline) if described else []
    return tuple(
        Row(head=head, cells=tuple(cells), indented=True)
        for head, cells in (*analysed, *levels, *effect, *tested)
    )


def _levels(headline: Headline) -> list[tuple[str, list[Cell]]]:
    """Who has a value, who is at each level, and the middle one."""
    visit, arms = headline.outcome.time_point, headline.protocol.arms
    described = [headline.described(arm, visit=visit) for arm in arms]
    each_level = [
        (
            term.removeprefix(Before.LEVEL),
            [level_cell(headline.described(arm, visit=visit, term=term)) for arm in arms],
        )
        for term in level_terms(headline, visit=visit)
    ]
    return [
        ("With data", [count_cell(found) for found in described]),
        *each_level,
        ("Median level (quartiles)", [median_level_cell(found) for found in described]),
    ]


def _effect(headline: Headline, arm: Arm, promise: str) -> Cell:
    if arm.reference:
        return REFERENCE
    return interval_cell(headline.effect(arm), digits=headline.digits, promise=promise)


def _tested(headline: Headline, arm: Arm, columns: PColumns, place: int) -> Cell:
    if arm.reference:
        return EMPTY
    compared = Compared(effect=headline.effect(arm), test=headline.test(arm))
    return columns.cells(compared, alpha=headline.protocol.plan.alpha)[place]


def _notes(found: tuple[Headline, ...], protocol: Protocol) -> tuple[str, ...]:
    described = found[0].described(protocol.reference, visit=found[0].outcome.time_point)
    code = described[Stat.N].population if Stat.N in described else found[0].analysis.population
    label = lowered(protocol.population(code).label)
    notes = [
        (
            f"Levels stand in their order, the lowest first, with n and % of participants with data ({label} "
            "population); the analyses use those counted as analysed. Of a median or quartile that lies halfway between two "
            "levels both are named."
        )
    ]
    kinds = dict.fromkeys(_effect_note(each) for each in found)
    notes += [f"{capitalised(each)}." for each in kinds]
    return (*notes, *interval_notes(found), *adjustment_notes(found))


def _effect_note(headline: Headline) -> str:
    specification, protocol = headline.analysis.specification, headline.protocol
    words = words_of(specification, protocol)
    return words.estimate(specification)
