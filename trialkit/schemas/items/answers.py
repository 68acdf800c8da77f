"""What an item says of its answers: choices, limits, and the mark that nothing was chosen."""

from dataclasses import dataclass
from datetime import date
from math import isfinite

from trialkit.errors import ProtocolError

NONE_CHOSEN = "none_of_these"
"""What stands in a cell of a multi-choice item that was answered with nothing chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChoice:
    """An answer to a choice item: the code that is stored and the label that is shown."""

    code: str
    label: str
    alone: bool = False
    """Whether it excludes every other choice of a multi-choice item, such as 'never'."""
    death: bool | None = None
    """Whether it says that the participant died; None where the form does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Lowest and highest value, ends included; None is no limit.

    Numbers for numeric items; ``datetime.date`` for dates.
    """

    low: float | date | None = None
    high: float | date | None = None

    def __post_init__(self) -> None:
        for end in (self.low, self.high):
            if isinstance(end, float) and not isfinite(end):
                raise ProtocolError(f"the ends of a range are numbers, got {end}; leave one out")
        if self.low is None or self.high is None:
            return
        if isinstance(self.low, date) != isinstance(self.high, date):
            raise ProtocolError(
                f"a range is of numbers or of dates, got low={self.low}, high={self.high}"
            )
        if self.low > self.high:  # type: ignore[operator]  # of one type, as was just seen
            raise ProtocolError(f"a range must run upwards, got low={self.low}, high={self.high}")

    def nearest(self, value: float) -> float:
        """The number inside it that is nearest to this one."""
        if isinstance(self.low, int | float):
            value = max(value, float(self.low))
        return min(value, float(self.high)) if isinstance(self.high, int | float) else value

    def nearest_day(self, day: date) -> date:
        """The day inside it that is nearest to this one."""
        day = max(day, self.low) if isinstance(self.low, date) else day
        return min(day, self.high) if isinstance(self.high, date) else day


UNLIMITED = Range()
