"""Counts of events: how many in each arm for how much exposure, and their rates compared."""

from collections.abc import Iterator

from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import RowTable
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.numbers.numbers import DASH, confidence, count, number, with_interval
from trialkit.report.tables.cells import (
    REFERENCE,
    analysed_cell,
    count_cell,
    events_cell,
    interval_cell,
    printed_cell,
)
from trialkit.report.tables.headlines import RATIO_DIGITS, Headline, main_headlines
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
from trialkit.report.words.en.wording import lowered
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import ResultIndex, Statistics, value
from trialkit.results.vocabulary import Stat

RATE = (Stat.RATE, Stat.CONF_LOW, Stat.CONF_HIGH)


def rates_table(protocol: Protocol, index: ResultIndex) -> Table | None:
    """Counts of the primary and secondary analyses; None when there are none."""
    found = tuple(each for each in main_headlines(protocol, index) if each.summary is Summary.RATE)
    if not found:
        return None
    columns = columns_of(found)
    ratio = confidence(protocol.plan.confidence_level)
    promise = promised_of(found, protocol)
    return Table(
        anchor="table-rates",
        caption="Counts: events and their rate in each arm, and rates compared",
        stub="Outcome and arm",
        spanning=(
            ColumnHead(text="Participants", span=2),
            ColumnHead(text="Events of participants with data", span=3),
            ColumnHead(text="Compared with the reference arm", span=1 + columns.width),
        ),
        heads=(
            ColumnHead(text="Analysed"),
            ColumnHead(text="With any event, n/N (%)"),
            ColumnHead(text="Events"),
            ColumnHead(text="Exposure"),
            ColumnHead(text=f"Rate ({ratio} CI)"),
            ColumnHead(text=f"Rate ratio ({promise})"),
            *columns.heads,
        ),
        groups=tuple(_group(each, protocol, columns, promise) for each in found),
        notes=(*_notes(found, protocol), *interval_notes(found), *adjustment_notes(found)),
        claims=result_claims(found, protocol),
    )


def rate_words(found: Statistics, *, digits: int) -> str:
    """A rate with its limits, where it has some."""
    if Stat.CONF_LOW not in found:
        return number(value(found, Stat.RATE), digits=digits)
    return with_interval(*(value(found, stat) for stat in RATE), digits=digits)


def rate_cell(found: Statistics, *, digits: int) -> Cell:
    """A rate with its limits; a dash where nobody was at risk."""
    return printed_cell(rate_words(found, digits=digits), found, *RATE)


def units_of(outcome: Outcome) -> str:
    """In what the exposure is, and for how much of it the rate."""
    exposure = f"exposure in {outcome.exposure_unit}, " if outcome.exposure else ""
    return f"{exposure}rate per {rate_unit(outcome)}"


def _group(headline: Headline, protocol: Protocol, columns: PColumns, promise: str) -> RowGroup:
    outcome = headline.outcome
    look = row_look(
        protocol, RowTable.OUTCOMES, outcome.code, label=outcome.label, digits=outcome.digits
    )
    return RowGroup(
        head=f"{outcome_head(outcome, headline, protocol)}; {units_of(outcome)}",
        note=look.footnote,
        rows=tuple(
            Row(
                head=arm.label,
                indented=True,
                cells=_cells(headline, arm, protocol, columns, digits=look.digits, promise=promise),
            )
            for arm in protocol.arms
        ),
    )


def _cells(
    headline: Headline,
    arm: Arm,
    protocol: Protocol,
    columns: PColumns,
    *,
    digits: int,
    promise: str,
) -> tuple[Cell, ...]:
    described = headline.described(arm, visit=headline.outcome.time_point)
    observed = (
        analysed_cell(("", headline.analysed(arm))),
        events_cell(described),
        count_cell(described, Stat.N_EVENTS),
        _exposure_cell(described),
        rate_cell(described, digits=digits),
    )
    if arm.reference:
        return (*observed, REFERENCE, *columns.empty)
    effect = headline.effect(arm)
    compared = Compared(effect=effect, test=headline.test(arm))
    return (
        *observed,
        interval_cell(effect, digits=RATIO_DIGITS, promise=promise),
        *columns.cells(compared, alpha=protocol.plan.alpha),
    )


def _exposure_cell(found: Statistics) -> Cell:
    exposure = value(found, Stat.EXPOSURE)
    if exposure is None:
        return Cell(text=DASH)
    whole = float(exposure).is_integer()
    text = count(exposure) if whole else number(exposure, digits=1)
    return printed_cell(text, found, Stat.EXPOSURE)


def _notes(found: tuple[Headline, ...], protocol: Protocol) -> Iterator[str]:
    described = (
        each.described(arm, visit=each.outcome.time_point).get(Stat.N)
        for each in found
        for arm in protocol.arms
    )
    code = next((row.population for row in described if row is not None), "")
    whose = f" ({lowered(protocol.population(code).label)} population)" if code else ""
    yield (
        f"Events, exposure and rates are those of participants with data{whose}, as observed; limits "
        "of a rate are exact for Poisson counts, which takes all events as independent. The analyses "
        "use those counted as analysed."
    )
    said = (
        words_of(each.analysis.specification, protocol).effect(each.analysis.specification)
        for each in found
    )
    yield f"Rate ratio: experimental over reference arm; {'; '.join(dict.fromkeys(filter(None, said)))}."
