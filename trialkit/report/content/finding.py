"""What a rule of the lint found: how bad, where, with which numbers, and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class LintSeverity(StrEnum):
    """How bad a finding of the lint is."""

    ERROR = "error"
    """The report contradicts itself or leaves out what must be there; ``--strict`` fails on it."""
    WARNING = "warning"
    """A weakness that readers will see, and that the authors should deal with in words."""
    NOTE = "note"
    """Something to know; nothing has to be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFinding:
    """One finding of one rule."""

    rule: str
    severity: LintSeverity
    rows: tuple[str, ...]
    """The rows of the guideline that it touches, such as ``2`` or ``21a``."""
    found: str
    mend: str
    anchor: str
    """The place in the report."""
    place: str
    """The place in words: the heading, or the table and key of the protocol."""
    accepted: str = ""
    """Why the authors accept it, from ``[[accepted]]`` of the protocol."""

    @property
    def counts(self) -> bool:
        """Whether it makes a strict run fail."""
        return self.severity is LintSeverity.ERROR and not self.accepted
