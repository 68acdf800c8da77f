"""What an interval is called: its level and, where it is not a plain one, its kind."""

from collections.abc import Iterable, Iterator

from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.numbers.numbers import confidence
from trialkit.report.tables.headlines import Headline
from trialkit.report.words.en.terms import LACKING
from trialkit.report.words.en.wording import listing
from trialkit.results.agreement import limits_of
from trialkit.results.effect import Interval, IntervalKind
from trialkit.results.lookup import Statistics, value
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

SIMULTANEOUS = {
    IntervalKind.BONFERRONI: "Bonferroni's",
    IntervalKind.DUNNETT: "Dunnett's",
    IntervalKind.TUKEY: "Tukey and Kramer's",
}


def kind_lead(interval: Interval | None) -> str:
    """What stands before the level of an interval that is not a plain one."""
    if interval is None:
        return ""
    if interval.kind.is_simultaneous:
        return "simultaneous "
    return "one-sided " if interval.kind is IntervalKind.ONE_SIDED else ""


def interval_words(interval: Interval | None) -> str:
    """Whose limits hold together, and how many; nothing of an interval that stands alone."""
    if interval is None or not interval.kind.is_simultaneous:
        return ""
    return f"{SIMULTANEOUS[interval.kind]}, {interval.of} comparisons together"


def promised(effects: Iterable[Statistics], level: float) -> str:
    """What the head of a column of intervals calls them: the kind only if all are of it."""
    leads = {kind_lead(limits_of(each)) for each in effects if Stat.CONF_LOW in each}
    return f"{leads.pop() if len(leads) == 1 else ''}{confidence(level)} CI"


def promised_of(found: Iterable[Headline], protocol: Protocol) -> str:
    """What the head of a column of these headlines' effects calls their intervals."""
    effects = (each.effect(arm) for each in found for arm in protocol.experimental)
    return promised(effects, protocol.plan.confidence_level)


def otherwise(found: Statistics, promise: str) -> str:
    """The name of an interval in brackets, where it is not what the head promises."""
    level = value(found, Stat.CONF_LEVEL)
    if not promise or level is None or Stat.CONF_LOW not in found:
        return ""
    own = f"{kind_lead(limits_of(found))}{confidence(level)} CI"
    return "" if own == promise else f" [{own}]"


def lacking(found: Statistics) -> Result | None:
    """The row that says why there is no such effect, or none with limits; None where there is."""
    rows = (found.get(stat) for stat in (Stat.ESTIMATE, Stat.CONF_LOW))
    return next((row for row in rows if row is not None and row.status in LACKING), None)


def is_estimable(found: Statistics) -> bool:
    """Whether the data have this effect and its limits."""
    return lacking(found) is None


def interval_notes(headlines: Iterable[Headline]) -> Iterator[str]:
    """Which intervals hold together, and whose they are."""
    together: dict[Interval, dict[str, None]] = {}
    for each in headlines:
        for arm in each.protocol.experimental:
            interval = limits_of(each.effect(arm))
            if interval is not None and interval.kind.is_simultaneous:
                together.setdefault(interval, {})[each.outcome.label] = None
    for interval, labels in together.items():
        yield (f"Simultaneous intervals of {listing(list(labels))}: {interval_words(interval)}.")
