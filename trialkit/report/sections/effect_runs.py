"""Effects in a sentence: an estimate, its interval and its p value, each number with its row."""

from trialkit.report.content.text import PrintedNumber, Run
from trialkit.report.numbers.numbers import (
    confidence_lead,
    interval,
    number,
    p_equals,
    percent_points,
    points_interval,
)
from trialkit.report.tables.headlines import Headline
from trialkit.report.tables.intervals import interval_words, kind_lead, lacking
from trialkit.results.agreement import limits_of
from trialkit.results.effect import Scale
from trialkit.results.lookup import Statistics, ids, value
from trialkit.results.vocabulary import Stat

NO_LIMITS = " (its interval is not estimable)"


def unit_words(headline: Headline) -> str:
    """The outcome's unit behind a difference; nothing behind what has none."""
    unit = headline.unit
    return f" {unit}" if unit and headline.scale is Scale.DIFFERENCE else ""


def estimate_runs(found: Statistics, unit: str, headline: Headline, *, digits: int) -> list[Run]:
    """An estimate with its unit and its interval, each number on its own."""
    runs: list[Run] = [number_run(found, Stat.ESTIMATE, digits=digits), unit]
    if Stat.CONF_LOW not in found and Stat.CONF_HIGH not in found:
        return runs
    if lacking(found) is not None:
        return [*runs, NO_LIMITS]
    low, high = value(found, Stat.CONF_LOW), value(found, Stat.CONF_HIGH)
    limits = PrintedNumber(
        text=interval(low, high, digits=digits),
        results=ids(found, Stat.CONF_LOW, Stat.CONF_HIGH),
    )
    return [*runs, f" ({limits_lead(found, headline)}", limits, f"{whose_limits(found)})"]


def points_runs(found: Statistics, headline: Headline) -> list[Run]:
    """A risk difference in percentage points with its interval."""
    low, high = (value(found, stat) for stat in (Stat.CONF_LOW, Stat.CONF_HIGH))
    estimate = PrintedNumber(
        text=percent_points(value(found, Stat.ESTIMATE)), results=ids(found, Stat.ESTIMATE)
    )
    if lacking(found) is not None:
        return [estimate, f" percentage points{NO_LIMITS}"]
    limits = PrintedNumber(
        text=points_interval(low, high),
        results=ids(found, Stat.CONF_LOW, Stat.CONF_HIGH),
    )
    return [
        estimate,
        f" percentage points ({limits_lead(found, headline)}",
        limits,
        f"{whose_limits(found)})",
    ]


def limits_lead(found: Statistics, headline: Headline) -> str:
    """The confidence level that the limits have, else the plan's, as it leads them in."""
    own = value(found, Stat.CONF_LEVEL)
    level = headline.protocol.plan.confidence_level if own is None else own
    return f"{kind_lead(limits_of(found))}{confidence_lead(level)}"


def whose_limits(found: Statistics) -> str:
    """Whose simultaneous limits they are, and of how many comparisons; nothing of plain ones."""
    words = interval_words(limits_of(found))
    return f"; {words}" if words else ""


def number_run(found: Statistics, stat: Stat, *, digits: int) -> PrintedNumber:
    """One statistic as a printed number."""
    return PrintedNumber(text=number(value(found, stat), digits=digits), results=ids(found, stat))


def p_runs(found: Statistics, stat: Stat, lead: str, *, alpha: float) -> list[Run]:
    """A p value behind its lead; nothing where there is none."""
    if stat not in found:
        return []
    text = p_equals(value(found, stat), alpha=alpha)
    return [lead, PrintedNumber(text=text, results=ids(found, stat))]


def with_limits(found: Statistics, stats: tuple[Stat, Stat, Stat], *, digits: int) -> str:
    """An estimate with its interval in brackets, as one text."""
    estimate, low, high = (value(found, stat) for stat in stats)
    return f"{number(estimate, digits=digits)} ({interval(low, high, digits=digits)})"
