"""Cells that print statistics and carry the ``result_id`` of each."""

from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.tables import Cell, ColumnHead
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
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

EMPTY = Cell(text="")
REFERENCE = Cell(text="reference")

INTERVAL = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH)
HEDGES = (Stat.HEDGES_G, Stat.HEDGES_G_CONF_LOW, Stat.HEDGES_G_CONF_HIGH)


def count_cell(found: Statistics, stat: Stat = Stat.N) -> Cell:
    """A count."""
    return Cell(text=count(value(found, stat)), results=ids(found, stat))


def mean_cell(found: Statistics, *, digits: int) -> Cell:
    """Mean (SD)."""
    text = mean_sd(value(found, Stat.MEAN), value(found, Stat.SD), digits=digits)
    return Cell(text=text, results=ids(found, Stat.MEAN, Stat.SD))


def median_cell(found: Statistics, *, digits: int) -> Cell:
    """Median (lower to upper quartile)."""
    stats = (Stat.MEDIAN, Stat.Q1, Stat.Q3)
    middle, low, high = (value(found, stat) for stat in stats)
    text = median_quartiles(middle, low, high, digits=digits)
    return Cell(text=text, results=ids(found, *stats))


def interval_cell(
    found: Statistics,
    stats: tuple[Stat, Stat, Stat] = INTERVAL,
    *,
    digits: int,
    promise: str = "",
) -> Cell:
    """An estimate with its limits; an interval that is not as the head promises says what it is."""
    estimate, low, high = (value(found, stat) for stat in stats)
    without = lacking(found) if stats is INTERVAL else _absent(found, stats[0])
    if without is not None:
        return lacking_cell(found, stats, number(estimate, digits=digits), without)
    text = with_interval(estimate, low, high, digits=digits)
    return Cell(text=f"{text}{otherwise(found, promise)}", results=ids(found, *stats))


def _absent(found: Statistics, stat: Stat) -> Result | None:
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
    return Cell(text=f"{text}{otherwise(found, promise)}", results=ids(found, *INTERVAL))


def lacking_cell(
    found: Statistics, stats: tuple[Stat, ...], estimate: str, without: Result
) -> Cell:
    """What stands where there is no such effect, or none with limits; the row's note says why."""
    text = lacking_words(estimate, without)
    return Cell(text=text, results=ids(found, *stats), note=sentence(capitalised(without.note)))


def lacking_words(estimate: str, without: Result) -> str:
    """That there is no effect, or which there is without limits."""
    words = LACKING[without.status or Status.NOT_ESTIMABLE]
    return words if estimate == DASH else f"{estimate} ({words})"


def number_cell(found: Statistics, stat: Stat, *, digits: int) -> Cell:
    """One number."""
    return Cell(text=number(value(found, stat), digits=digits), results=ids(found, stat))


def positive_cell(found: Statistics, stat: Stat, *, digits: int) -> Cell:
    """A number that cannot be negative."""
    return Cell(text=positive(value(found, stat), digits=digits), results=ids(found, stat))


def p_cell(found: Statistics, stat: Stat = Stat.P_VALUE, *, alpha: float) -> Cell:
    """A p value."""
    return Cell(text=p_value(value(found, stat), alpha=alpha), results=ids(found, stat))


def events_cell(found: Statistics) -> Cell:
    """Participants with the event, of how many: ``3/13 (23%)``."""
    events, total = value(found, Stat.EVENTS), value(found, Stat.N)
    text = fraction_percent(events, total)
    return Cell(text=text, results=ids(found, Stat.EVENTS, Stat.N, Stat.PERCENT))


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
