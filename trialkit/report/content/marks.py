"""What an author's running text may hold beside plain words: marks, and citations of other works."""

from dataclasses import dataclass
from enum import StrEnum


class Position(StrEnum):
    """Where a run stands, seen from its line."""

    ON_LINE = "on the line"
    RAISED = "raised"
    LOWERED = "lowered"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedText:
    """Words of the author that stand out: emphasised, strong, raised or lowered."""

    text: str
    italic: bool = False
    bold: bool = False
    position: Position = Position.ON_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedWork:
    """A work as the author cites it: its key in the trial's references, and where in it."""

    key: str
    locator: str = ""
    """``p. 3``, as it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationMark:
    """A piece of what is printed for a citation, and the reference that it leads to, if any."""

    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One or several works cited together; their numbers are known when all are placed."""

    works: tuple[CitedWork, ...]
    marks: tuple[CitationMark, ...] = ()
    raised: bool = False
    """Whether the marks stand above the line."""

    @property
    def text(self) -> str:
        """What is printed, in one piece."""
        return "".join(mark.text for mark in self.marks)
