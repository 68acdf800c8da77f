"""Where a number is cut into levels, each of which holds its lower end and not its upper one.

Numbers are compared as the decimals that they stand for, so that 39.95 reaches a cut point of 39.95
also where it was calculated.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

from trialkit.decimals import as_written
from trialkit.errors import ProtocolError


def digits(value: float) -> str:
    """A cut point as the results have it, without digits that nobody wrote: ``40``, ``39.95``."""
    return f"{as_written(value).normalize():f}"


def misplaced(points: tuple[float, ...]) -> str:
    """The cut point that does not stand above the one before it, in words; blank where all do."""
    for before, point in pairwise(points):
        if as_written(point) == as_written(before):
            return f"{digits(point)} twice"
        if as_written(point) < as_written(before):
            return f"{digits(point)} after {digits(before)}"
    return ""


@dataclass(frozen=True, slots=True)
class CutPoints:
    """One or more numbers in rising order, and the levels below, between and above them."""

    points: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.points:
            raise ProtocolError("cut_points is an empty list; give one or more numbers")
        if wrong := misplaced(self.points):
            raise ProtocolError(f"cut_points must rise, got {wrong}")

    def levels(self, unit: str = "", *, say: Callable[[float], str] = digits) -> tuple[str, ...]:
        """The levels from the lowest on: ``< 40 years``, ``40 to < 65 years``, ``≥ 65 years``."""
        said = [say(point) for point in self.points]
        between = (f"{low} to < {high}" for low, high in pairwise(said))
        texts = (f"< {said[0]}", *between, f"\N{GREATER-THAN OR EQUAL TO} {said[-1]}")
        return tuple(f"{text} {unit}".rstrip() for text in texts)

    def place(self, value: float) -> int:
        """Which of the levels a number is in, from 0; a cut point is in the level above it."""
        return bisect_right([as_written(point) for point in self.points], as_written(value))

    def out_of_reach(self, low: float | None, high: float | None, *, whole: bool) -> Iterator[int]:
        """The levels that hold no number, or no whole number, from ``low`` to ``high``."""
        least, most = _or_none(low), _or_none(high)
        ends = (None, *map(as_written, self.points), None)
        for place, (start, end) in enumerate(pairwise(ends)):
            starts = [each for each in (start, least) if each is not None]
            if not starts:
                continue
            first = max(starts).to_integral_value(ROUND_CEILING) if whole else max(starts)
            if (end is not None and first >= end) or (most is not None and first > most):
                yield place


def _or_none(value: float | None) -> Decimal | None:
    return None if value is None else as_written(value)
