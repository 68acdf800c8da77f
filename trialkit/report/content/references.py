"""The works that a report cites, numbered in the order in which it cites them first."""

from dataclasses import dataclass
from typing import ClassVar

from trialkit.report.content.claims import Claim
from trialkit.report.content.text import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedReference:
    """A cited work as the style prints it."""

    key: str
    anchor: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Every cited work; the first is number 1."""

    kind: ClassVar[str] = "references"
    entries: tuple[CitedReference, ...]
    in_cells: bool = False
    """Whether numbers of these works stand in cells of tables, as plain text."""
    anchor: str = ""
    claims: tuple[Claim, ...] = ()
