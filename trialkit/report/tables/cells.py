"""Cells that print statistics and carry the ``result_id`` of each."""

from dataclasses import replace

from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Cell, ColumnHead, Row
from trialkit.report.numbers.numbers import (
    DASH,
    count,
    fraction_percent,
    is_number,
    mean_sd,
    median_quartiles,
    n_equals,
    number,
    p_value,
    percent_points,
    points_with_interval,
    positive,
    with_interval,
)
from trialkit.report.tables.intervals import lacking, otherwise
from trialkit.report.words.en.terms import LACKING
from trialkit.report.words.en.wording import capitalised, sentence
from trialkit.results.effect import Effect, Scale, Status
from trialkit.results.lookup import Statistics, ids, value
from trialkit.results.notes import NOT_COLLECTED, printed_note, standardised_note
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

EMPTY = Cell(text="")
QUARTILES = "lower to upper quartile"
REFERENCE = Cell(text="reference")

INTERVAL = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)
HEDGES = (Stat.HEDGES_G, Stat.HEDGES_G_CONF_LOW, Stat.HEDGES_G_CONF_HIGH)


def count_cell(found: Statistics, stat: Stat = Stat.N) -> Cell:
    """A count."""
    return printed_cell(count(value(found, stat)), found, stat)


def analysed_cell(*analysed: tuple[str, Statistics]) -> Cell:
    """How many of each arm are in an analysis; of whom not, and why, below the table.

    Each arm comes with the name that it has there, which is blank where the row is the arm's.
    """
    excluded = ((name, found.get(Stat.N_EXCLUDED)) for name, found in analysed)
    left_out = "; ".join(
        f"{f'{name}: ' if name else ''}{row.note}" for name, row in excluded if row and row.note
    )
    counts = [count_cell(found) for _, found in analysed]
    notes = [each.note for each in counts]
    notes += [sentence(f"Not analysed: {left_out}")] if left_out else []
    return Cell(
        text=" / ".join(each.text for each in counts),
        results=tuple(name for each in counts for name in each.results),
        note=" ".join(dict.fromkeys(filter(None, notes))),
    )


def mean_cell(found: Statistics, *, digits: int) -> Cell:
    """Mean (SD)."""
    text = mean_sd(value(found, Stat.MEAN), value(found, Stat.SD), digits=digits)
    return printed_cell(text, found, Stat.MEAN, Stat.SD)


def median_cell(found: Statistics, *, digits: int) -> Cell:
    """Median (lower to upper quartile)."""
    stats = (Stat.MEDIAN, Stat.Q1, Stat.Q3)
    middle, low, high = (value(found, stat) for stat in stats)
    text = median_quartiles(middle, low, high, digits=digits)
    return printed_cell(text, found, *stats)


def interval_cell(
    found: Statistics,
    stats: tuple[Stat, Stat, Stat] = INTERVAL,
    *,
    digits: int,
    promise: str = "",
) -> Cell:
    """An estimate with its limits; an interval that is not as the head promises says what it is."""
    estimate, low, high = (value(found, stat) for stat in stats)
    without = lacking(found) if stats is INTERVAL else without_number(found, stats[0])
    if without is not None:
        return lacking_cell(found, stats, number(estimate, digits=digits), without)
    text = with_interval(estimate, low, high, digits=digits)
    return printed_cell(f"{text}{otherwise(found, promise)}", found, *stats)


def without_number(found: Statistics, stat: Stat) -> Result | None:
    """The row of a statistic that says why it has no number; None where it has one."""
    row = found.get(stat)
    return row if row is not None and row.stat is None and row.note else None


def points_cell(found: Statistics, *, promise: str = "") -> Cell:
    """A risk difference with its limits, in percentage points."""
    estimate, low, high = (value(found, stat) for stat in INTERVAL)
    without = lacking(found)
    if without is not None:
        return lacking_cell(found, INTERVAL, percent_points(estimate), without)
    text = points_with_interval(estimate, low, high)
    return printed_cell(f"{text}{otherwise(found, promise)}", found, *INTERVAL)


def lacking_cell(
    found: Statistics, stats: tuple[Stat, ...], estimate: str, without: Result
) -> Cell:
    """What stands where there is no such effect, or none with limits; the row's note says why."""
    return printed_cell(lacking_words(estimate, without), found, *stats)


def lacking_words(estimate: str, without: Result) -> str:
    """That there is no effect, or which there is without limits."""
    words = LACKING[without.status or Status.NOT_ESTIMABLE]
    return words if estimate == DASH else f"{estimate} ({words})"


def number_cell(found: Statistics, stat: Stat, *, digits: int) -> Cell:
    """One number."""
    return printed_cell(number(value(found, stat), digits=digits), found, stat)


def positive_cell(found: Statistics, stat: Stat, *, digits: int) -> Cell:
    """A number that cannot be negative."""
    return printed_cell(positive(value(found, stat), digits=digits), found, stat)


def p_cell(found: Statistics, stat: Stat = Stat.P_VALUE, *, alpha: float) -> Cell:
    """A p value; where there is none, and no effect beside it that says so, why."""
    without = None if Stat.ESTIMATE in found else without_number(found, stat)
    if without is not None:
        return lacking_cell(found, (stat,), DASH, without)
    return printed_cell(p_value(value(found, stat), alpha=alpha), found, stat)


def events_cell(found: Statistics) -> Cell:
    """Participants with the event, of how many: ``3/13 (23%)``."""
    events, total = value(found, Stat.EVENTS), value(found, Stat.N)
    text = fraction_percent(events, total)
    return printed_cell(text, found, Stat.EVENTS, Stat.N, Stat.PERCENT)


def printed_cell(text: str, found: Statistics, *stats: Stat) -> Cell:
    """What statistics are printed as; what the results note beside them stands below the table.

    A count that has no source is printed as that, whatever its text.
    """
    rows = [found[stat] for stat in stats if stat in found]
    if any(row.status is Status.NOT_COLLECTED for row in rows):
        text = LACKING[Status.NOT_COLLECTED]
    said = (printed_note(row.note) for row in rows if is_to_say(row))
    notes = dict.fromkeys(sentence(capitalised(each)) for each in said)
    return Cell(text=text, results=ids(found, *stats), note=" ".join(notes))


def is_to_say(row: Result) -> bool:
    """Whether a row has a note that says more than its other columns."""
    return bool(printed_note(row.note)) and row.note not in {
        standardised_note(row.standardised_by),
        NOT_COLLECTED,
    }


def said_once(row: Row) -> Row:
    """The row without the footnotes that repeat what its own words say."""
    words = " ".join((row.head, *(cell.text for cell in row.cells)))
    return replace(row, cells=tuple(unsaid(cell, words) for cell in row.cells))


def unsaid(cell: Cell, words: str) -> Cell:
    """The cell without the parts of its footnote that these words say already."""
    said = words.casefold()
    parts = cell.note.removesuffix(".").split("; ")
    left = [part for part in parts if part.casefold() not in said]
    if left == parts:
        return cell
    return replace(cell, note=sentence(capitalised("; ".join(left))) if left else "")


def arm_head(arm: Arm, size: float | None) -> ColumnHead:
    """An arm as a column head, with its number of participants."""
    return ColumnHead(text=f"{arm.label} ({n_equals(size)})" if is_number(size) else arm.label)


def contrast_term(arm: Arm, protocol: Protocol) -> str:
    """How the results name the comparison of this arm with the reference."""
    return f"{arm.code} - {protocol.reference.code}"


def compared_arms(contrast: Effect | None, protocol: Protocol) -> dict[str, str]:
    """Every comparison of two arms in words, by what the results name it."""
    named = contrast or Effect(scale=Scale.DIFFERENCE)
    return {
        named.term(one.code, other.code): f"{one.label} vs {other.label}"
        for one in protocol.arms
        for other in protocol.arms
        if one is not other
    }


def contrast_label(arm: Arm, protocol: Protocol) -> str:
    """The comparison of this arm with the reference, in words."""
    return f"{arm.label} vs {protocol.reference.label}"
