"""Which p value belongs to an interval, and whether the two say the same of no effect.

A simultaneous interval answers for several comparisons, and so must the p value beside it: the one
that its own analysis adjusted. Every other interval answers for its comparison alone, as a raw p
value does. Tables, sentences and lint ask here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from trialkit.decimals import as_written
from trialkit.results.effect import Interval, IntervalKind
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A p value of no effect, and the interval that it stands beside."""

    p: float
    low: float
    high: float
    level: float
    """The confidence level of the interval, from 0 to 1."""
    null: float
    """The value that means no effect."""

    @property
    def rejects(self) -> bool:
        """Whether p is below 1 minus the level, in decimal: 0.05 is not below 1 - 0.95."""
        return as_written(self.p) < 1 - as_written(self.level)

    @property
    def excludes(self) -> bool:
        """Whether no effect is outside the limits."""
        return self.low > self.null or self.high < self.null

    @property
    def agrees(self) -> bool:
        """Whether both reject no effect, or neither does."""
        return self.rejects is self.excludes


def p_beside(limits: Interval | None) -> Stat:
    """The p value that may stand beside limits of this kind."""
    is_simultaneous = limits is not None and limits.kind.is_simultaneous
    return Stat.P_ADJUSTED if is_simultaneous else Stat.P_VALUE


def limits_of(found: Mapping[Stat, Result]) -> Interval | None:
    """What the results say of an effect's limits; None where it has none."""
    row = found.get(Stat.CONF_LOW) or found.get(Stat.CONF_HIGH)
    return None if row is None else row.interval_kind


def pair_of(found: Mapping[Stat, Result], tested: Mapping[Stat, Result]) -> Pair | None:
    """An effect's limits and the p value beside them; None where either has no number.

    ``tested`` holds the p values, which may stand at another address than the effect. A comparison
    with a margin asks another question than that of no effect, and has no pair.
    """
    if Stat.MARGIN in found:
        return None
    low, high, level = (
        found.get(stat) for stat in (Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)
    )
    p = tested.get(p_beside(limits_of(found)))
    if low is None or high is None or level is None or p is None or low.scale is None:
        return None
    numbers = [row.stat for row in (p, low, high, level)]
    if any(number is None for number in numbers):
        return None
    p_value, lower, upper, confidence = (float(number) for number in numbers if number is not None)
    return Pair(p=p_value, low=lower, high=upper, level=confidence, null=low.scale.null_value)


def says_nothing(shift: Mapping[Stat, Result]) -> bool:
    """Whether ties leave a rank test's shift without width, or with limits against its own p.

    Where most values are tied the middle of all differences is 0, and so are its limits, whatever
    the ranks show.
    """
    limits = [shift[stat].stat for stat in (Stat.CONF_LOW, Stat.CONF_HIGH) if stat in shift]
    pair = pair_of(shift, shift)
    without_width = len(limits) == 2 and limits[0] == limits[1]
    return without_width or (pair is not None and not pair.agrees)


def is_one_sided(row: Result | None) -> bool:
    """Whether a p value asks in one direction only."""
    return row is not None and row.interval_kind == Interval(IntervalKind.ONE_SIDED)
