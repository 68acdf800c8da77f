"""When participants are seen."""

from dataclasses import dataclass

from trialkit.errors import ProtocolError

MOST_DAYS = 36_500
"""A hundred years: more is a slip of the hand, and no calendar holds a million of them."""


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
    """A planned assessment; days are counted from randomisation, which is day 0."""

    code: str
    label: str
    target_day: int
    window: Window
    baseline: bool = False

    def __post_init__(self) -> None:
        if abs(self.target_day) > MOST_DAYS:
            raise ProtocolError(
                f"target_day must be from -{MOST_DAYS} to {MOST_DAYS}, got {self.target_day}"
            )
