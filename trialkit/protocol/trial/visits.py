"""When participants are seen."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError

HOURS = 24
"""Of a day."""
MOST_DAYS = 36_500
"""A hundred years: more is a slip of the hand, and no calendar holds a million of them."""


def hours_in_words(hours: float) -> str:
    """Hours, or the minutes of less than one."""
    return f"{60 * hours:.4g} min" if hours < 1 else f"{hours:.4g} h"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days before and after a target day that still count as the visit."""

    early: int
    late: int

    def __post_init__(self) -> None:
        if self.early < 0 or self.late < 0:
            raise ProtocolError(
                f"a visit window needs two day counts of 0 or more, "
                f"got early={self.early}, late={self.late}"
            )
        if max(self.early, self.late) > MOST_DAYS:
            raise ProtocolError(
                f"a visit window is at most {MOST_DAYS} days wide to either side, "
                f"got early={self.early}, late={self.late}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An assessment; days are counted from randomisation, which is day 0.

    As long as nobody analyses, target day and window may not be planned yet.
    """

    code: str
    label: str
    target_day: int | None = None
    window: Window | None = None
    baseline: bool = False
    target_hour: float = 0
    """Hours after the target day's own first event (on day 0 randomisation), of visits that share a day."""

    @property
    def moment(self) -> float:
        """The target day with the share of it that its hour is."""
        return self.day + self.target_hour / HOURS

    @property
    def hour(self) -> str:
        """The hour of a visit that has one, as "30 min after"; empty for others."""
        return f"{hours_in_words(self.target_hour)} after" if self.target_hour else ""

    @property
    def label_with_hour(self) -> str:
        """The label, and of a visit with an hour when that is."""
        if not self.hour or self.target_day is None:
            return self.label
        return f"{self.label} (day {self.target_day}, {self.hour})".replace(
            "(day -", "(day \N{MINUS SIGN}"
        )

    @property
    def is_planned(self) -> bool:
        """Whether it has a target day and a window."""
        return self.target_day is not None and self.window is not None

    @property
    def day(self) -> int:
        """The target day of a visit that has one, as every visit has whose data are analysed."""
        if self.target_day is None:
            raise LookupError(f"the visit {self.code} has no target day")
        return self.target_day

    @property
    def opens(self) -> int:
        """The first day of the window of a planned visit."""
        return self.day - self._window.early

    @property
    def closes(self) -> int:
        """The last day of the window of a planned visit."""
        return self.day + self._window.late

    @property
    def _window(self) -> Window:
        if self.window is None:
            raise LookupError(f"the visit {self.code} has no window")
        return self.window

    @property
    def is_before_randomisation(self) -> bool:
        """Whether it is known to be planned for the day of randomisation or one before it."""
        return self.target_day is not None and self.moment <= 0

    @property
    def is_after_randomisation(self) -> bool:
        """Whether it is known to be planned for a day after randomisation."""
        return self.target_day is not None and self.moment > 0

    def __post_init__(self) -> None:
        if self.target_day is not None and abs(self.target_day) > MOST_DAYS:
            raise ProtocolError(
                f"target_day must be from -{MOST_DAYS} to {MOST_DAYS}, got {self.target_day}"
            )
        if not 0 <= self.target_hour < HOURS:
            raise ProtocolError(
                f"target_hour must be from 0 to below {HOURS}, got {self.target_hour:g}; "
                "a later hour is on the next target_day"
            )
