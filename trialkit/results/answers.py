"""The third answer: why of somebody neither yes nor no is known."""

from dataclasses import dataclass
from enum import StrEnum


class Unknown(StrEnum):
    """Why nobody knows an answer; none of these is a yes, a no or the arm allocated."""

    NOT_RECORDED = "not recorded"
    """Asked, and left blank, coded as missing or unreadable; or the form is due and not there."""
    TO_COME = "still to come at the data cut"
    """The form that asks was not due yet, or is dated after the cut."""
    NOT_ASKED = "not asked"
    """The form asks others of the arm, under a condition that does not hold here."""
    NOT_COLLECTED = "not collected"
    """No form of the trial asks the participants of the arm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """How many participants of an arm have no answer although a form asks for it."""

    not_recorded: int = 0
    to_come: int = 0
    not_asked: int = 0

    @property
    def total(self) -> int:
        """Everybody of whom neither yes nor no is known."""
        return self.not_recorded + self.to_come + self.not_asked


EVERYBODY_ANSWERED = Unanswered()
