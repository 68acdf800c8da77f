"""Binary outcomes: how many in each arm, and the effect, absolute and relative."""

from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import RowTable
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.tables.cells import (
    EMPTY,
    REFERENCE,
    analysed_cell,
    events_cell,
    interval_cell,
    points_cell,
)
from trialkit.report.tables.headlines import Headline, main_headlines
from trialkit.report.tables.intervals import promised
from trialkit.report.tables.outcome_heads import outcome_head
from trialkit.report.tables.p_values import (
    Compared,
    PColumns,
    adjustment_notes,
    columns_of,
)
from trialkit.report.tables.result_claims import result_claims
from trialkit.report.tables.row_looks import row_look
from trialkit.report.words.en.terms import group_word
from trialkit.report.words.en.wording import capitalised
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import ResultIndex
from trialkit.results.vocabulary import Stat

MEASURES = (Stat.RISK_DIFFERENCE, Stat.RISK_RATIO, Stat.ODDS_RATIO)


def proportions_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Binary outcomes of the primary and secondary analyses; None when there are none."""
    found = tuple(each for each in main_headlines(protocol, index) if each.of_risks)
    if not found:
        return None
    columns = columns_of(found)
    effects = [
        each.effect(arm, method=measure)
        for each in found
        for arm in protocol.experimental
        for measure in MEASURES
    ]
    promise = promised(effects, protocol.plan.confidence_level)
    return Table(
        anchor="table-proportions",
        caption="Binary outcomes: participants with the outcome, and risks compared absolutely "
        "and relatively",
        stub=f"Outcome and {group_word(protocol)}",
        spanning=(
            ColumnHead(text="Participants", span=2),
            ColumnHead(
                text=f"Compared with the reference {group_word(protocol)}", span=3 + columns.width
            ),
        ),
        heads=(
            ColumnHead(text="Analysed"),
            ColumnHead(text="With the outcome, n/N (%)"),
            ColumnHead(text=f"Risk difference, percentage points ({promise})"),
            ColumnHead(text=f"Risk ratio ({promise})"),
            ColumnHead(text=f"Odds ratio ({promise})"),
            *columns.heads,
        ),
        groups=tuple(
            RowGroup(
                head=outcome_head(each.outcome, each, protocol),
                note=row_look(protocol, RowTable.OUTCOMES, each.outcome.code, label="").footnote,
                rows=tuple(
                    _row(each, arm, protocol, columns, promise=promise) for arm in protocol.arms
                ),
            )
            for each in found
        ),
        notes=_notes(found, protocol),
        claims=result_claims(found, protocol),
    )


def _row(
    headline: Headline, arm: Arm, protocol: Protocol, columns: PColumns, *, promise: str
) -> Row:
    return Row(
        head=arm.label,
        indented=True,
        cells=(
            analysed_cell(("", headline.analysed(arm))),
            events_cell(headline.events(arm)),
            *_effects(headline, arm, protocol, columns, promise=promise),
        ),
    )


def _effects(
    headline: Headline, arm: Arm, protocol: Protocol, columns: PColumns, *, promise: str
) -> tuple[Cell, ...]:
    if arm.reference:
        return (REFERENCE, EMPTY, EMPTY, *columns.empty)
    difference = headline.effect(arm, method=Stat.RISK_DIFFERENCE)
    return (
        points_cell(difference, promise=promise),
        interval_cell(headline.effect(arm, method=Stat.RISK_RATIO), digits=2, promise=promise),
        interval_cell(headline.effect(arm, method=Stat.ODDS_RATIO), digits=2, promise=promise),
        *columns.cells(
            Compared(effect=difference, test=headline.test(arm)), alpha=protocol.plan.alpha
        ),
    )


def _notes(found: tuple[Headline, ...], protocol: Protocol) -> tuple[str, ...]:
    notes = [f"Risks compared: experimental against reference {group_word(protocol)}."]
    for each in dict.fromkeys(each.analysis.specification for each in found):
        words = words_of(each, protocol)
        notes.append(f"{words.compared(each) or capitalised(words.short_name(each))}.")
    return (*notes, *adjustment_notes(found))
