"""Events that happen again: how many each arm had in how much time, and the effect."""

from collections.abc import Iterator

from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import RowTable
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import DASH, confidence, number
from trialkit.report.tables.cells import (
    REFERENCE,
    analysed_cell,
    count_cell,
    events_cell,
    interval_cell,
    number_cell,
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
from trialkit.report.words.en.rates import rate_unit
from trialkit.report.words.en.wording import capitalised, lowered, sentence
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import ResultIndex, Statistics, Term, value
from trialkit.results.vocabulary import Stat

_ENDED = (
    (Stat.N_COMPETING, "Follow-up ended by a competing event"),
    (Stat.N_CENSORED, "Follow-up ended"),
    (Stat.N_MISSING, "Time at risk not known"),
    (Stat.N_NOT_APPLICABLE, "Never at risk"),
)
"""Why nobody was counted any further, or not at all: of each count its note."""


def recurrences_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Recurrent events of the primary and secondary analyses; None when there are none."""
    found = tuple(
        each for each in main_headlines(protocol, index) if each.summary is Summary.RECURRENCE
    )
    if not found:
        return None
    columns = columns_of(found)
    level = confidence(protocol.plan.confidence_level)
    promise = promised_of(found, protocol)
    return Table(
        anchor="table-recurrences",
        caption="Recurrent events: events, time at risk and mean numbers in each arm, and arms compared",
        stub="Outcome and arm",
        spanning=(
            ColumnHead(text="Participants", span=2),
            ColumnHead(text="Events of participants with data", span=5),
            ColumnHead(text="Compared with the reference arm", span=1 + columns.width),
        ),
        heads=(
            ColumnHead(text="Analysed"),
            ColumnHead(text="With any event, n/N (%)"),
            ColumnHead(text="Events"),
            ColumnHead(text="Time at risk"),
            ColumnHead(text="Median follow-up"),
            ColumnHead(text="Rate"),
            ColumnHead(text=f"Mean number of events ({level} CI)"),
            ColumnHead(text=_effect_head(found, promise)),
            *columns.heads,
        ),
        groups=tuple(
            RowGroup(
                head=f"{outcome_head(each.outcome, each, protocol)}; {_units(each)}",
                note=row_look(protocol, RowTable.OUTCOMES, each.outcome.code, label="").footnote,
                rows=tuple(
                    _row(each, arm, protocol, columns, promise=promise) for arm in protocol.arms
                ),
            )
            for each in found
        ),
        notes=(*_notes(found, protocol), *interval_notes(found), *adjustment_notes(found)),
        claims=result_claims(found, protocol),
    )


def _effect_head(found: tuple[Headline, ...], promise: str) -> str:
    names = dict.fromkeys(effect_name(each) for each in found)
    name = capitalised(next(iter(names))) if len(names) == 1 else "Effect"
    return f"{name} ({promise})"


def _units(headline: Headline) -> str:
    outcome = headline.outcome
    own = f", {effect_name(headline)}" if _differ(headline) else ""
    return f"time in {outcome.exposure_unit}, rate per {rate_unit(outcome)}{own}"


def _differ(headline: Headline) -> bool:
    """Whether effects of several kinds stand in the table, so that each group says which it has."""
    names = {
        effect_name(each)
        for each in main_headlines(headline.protocol, headline.index)
        if each.summary is Summary.RECURRENCE
    }
    return len(names) > 1


def _row(
    headline: Headline, arm: Arm, protocol: Protocol, columns: PColumns, *, promise: str
) -> Row:
    outcome = headline.outcome
    visit, digits = outcome.time_point, outcome.digits
    look = row_look(protocol, RowTable.OUTCOMES, outcome.code, label="", digits=digits)
    described = headline.described(arm, visit=visit)
    middle = headline.described(arm, visit=visit, term=Term.FOLLOW_UP)
    return Row(
        head=arm.label,
        indented=True,
        cells=(
            analysed_cell(("", headline.analysed(arm))),
            events_cell(described),
            count_cell(described, Stat.N_EVENTS),
            _time_cell(described),
            _without_limits(middle, digits=1),
            number_cell(described, Stat.RATE, digits=look.digits),
            mean_number_cell(headline, arm),
            *_effects(headline, arm, protocol, columns, promise=promise),
        ),
    )


def mean_number_cell(headline: Headline, arm: Arm) -> Cell:
    """How many events a participant of an arm had by the time point, with limits."""
    found = headline.described(arm, visit=headline.outcome.time_point, term=Term.MEAN_NUMBER)
    row = found.get(Stat.ESTIMATE)
    if row is not None and row.stat is None:
        return printed_cell("not followed so long", found, Stat.ESTIMATE)
    if Stat.CONF_LOW not in found:
        return number_cell(found, Stat.ESTIMATE, digits=2)
    return interval_cell(found, digits=2)


def _without_limits(found: Statistics, *, digits: int) -> Cell:
    row = found.get(Stat.ESTIMATE)
    if row is None or row.stat is None:
        return printed_cell(DASH, found, Stat.ESTIMATE)
    return number_cell(found, Stat.ESTIMATE, digits=digits)


def _time_cell(found: Statistics) -> Cell:
    """How long an arm was at risk in all; below the table, what ended that and for whom it is not known."""
    exposure = value(found, Stat.EXPOSURE)
    text = DASH if exposure is None else number(exposure, digits=1)
    said = [
        sentence(f"{words}: {lowered(found[stat].note)}")
        for stat, words in _ENDED
        if stat in found and found[stat].note
    ]
    own = printed_cell(text, found, Stat.EXPOSURE, *(stat for stat, _ in _ENDED))
    return Cell(text=own.text, results=own.results, note=" ".join(said))


def _effects(
    headline: Headline, arm: Arm, protocol: Protocol, columns: PColumns, *, promise: str
) -> tuple[Cell, ...]:
    if arm.reference:
        return (REFERENCE, *columns.empty)
    effect = headline.effect(arm)
    compared = Compared(effect=effect, test=headline.test(arm))
    return (
        interval_cell(effect, digits=headline.digits, promise=promise),
        *columns.cells(compared, alpha=protocol.plan.alpha),
    )


def _notes(found: tuple[Headline, ...], protocol: Protocol) -> Iterator[str]:
    when = dict.fromkeys(lowered(protocol.visit(each.outcome.time_point).label) for each in found)
    yield (
        "Events, time at risk and rates are those of participants whose time at risk is known, all "
        f"together; mean numbers are mean cumulative functions at the time point ({', '.join(when)}) "
        "with robust limits (Lawless and Nadeau), however the events of a participant go together. "
        "Median follow-up by the reverse Kaplan-Meier method."
    )
    for each in dict.fromkeys(each.analysis.specification for each in found):
        words = words_of(each, protocol)
        said = words.compared(each) or words.effect(each) or words.short_name(each)
        yield sentence(capitalised(said))
    ratios = any(each.is_ratio for each in found)
    differ = any(not each.is_ratio for each in found)
    order = ["over" if ratios else "", "minus" if differ else ""]
    yield f"Effects: experimental {' or '.join(filter(None, order))} reference arm."
