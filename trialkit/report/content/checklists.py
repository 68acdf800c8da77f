"""A checklist filled in: each row with its status, its place and its evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from trialkit.report.content.claims import ClaimSource


class RowStatus(StrEnum):
    """What a checklist item got in this report, and who vouches for it."""

    FROM_DATA = "from data"
    """Every part is counted or estimated from the data."""
    FROM_FIELDS = "from structured fields"
    """Every part stands in fields of the protocol that are no free text, or follows from them and the data."""
    AUTHORS_WORDS = "in the author's words (not judged)"
    """Every part has its answer, at least one in a statement or a free text of the protocol, which
    nobody but a reader can judge."""
    PARTIAL = "partial"
    MISSING = "missing"
    NOT_APPLICABLE = "not applicable"

    @property
    def is_reported(self) -> bool:
        """Whether every part of the item has an answer."""
        return self in {RowStatus.FROM_DATA, RowStatus.FROM_FIELDS, RowStatus.AUTHORS_WORDS}

    @property
    def look(self) -> str:
        """The class by which pages colour it: only what could be looked at is green."""
        if self is RowStatus.AUTHORS_WORDS:
            return "worded"
        return "reported" if self.is_reported else self.name.lower()


def answered_by(sources: Iterable[ClaimSource]) -> RowStatus:
    """The status of an item whose every part is answered from these sources."""
    found = set(sources)
    if found & {ClaimSource.AUTHOR, ClaimSource.WORDS}:
        return RowStatus.AUTHORS_WORDS
    return RowStatus.FROM_DATA if found == {ClaimSource.DATA} else RowStatus.FROM_FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the report something stands."""

    anchor: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistRow:
    """An item of the reporting guideline, and what this report does about it."""

    number: str
    group: str
    topic: str
    requirement: str
    status: RowStatus
    places: tuple[Place, ...]
    sources: tuple[ClaimSource, ...]
    note: str
    evidence: tuple[str, ...] = ()
    """What the blocks at these places were made from: files, datasets, rows of the results."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistGroup:
    """The rows of one part of the guideline."""

    name: str
    rows: tuple[ChecklistRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The guideline's rows, in its order."""

    guideline: str
    attribution: str
    rows: tuple[ChecklistRow, ...]
    code: str = "consort"

    @property
    def is_main(self) -> bool:
        """Whether this is the guideline that the document as a whole answers."""
        return self.code in {"consort", "spirit"}

    @property
    def anchor(self) -> str:
        """Where the checklist stands in the document."""
        return "checklist" if self.is_main else f"checklist-{self.code}"

    @property
    def short_name(self) -> str:
        """The guideline's name without its year, as it labels an item."""
        return self.guideline.split()[0]

    def anchor_of(self, number: str) -> str:
        """Where one row of the checklist stands."""
        return f"{self.anchor}-{number}"

    def count(self, status: RowStatus) -> int:
        """How many rows have this status."""
        return sum(row.status is status for row in self.rows)

    @property
    def groups(self) -> tuple[ChecklistGroup, ...]:
        """The rows by the guideline's parts, in its order."""
        names = dict.fromkeys(row.group for row in self.rows)
        return tuple(
            ChecklistGroup(name=name, rows=tuple(row for row in self.rows if row.group == name))
            for name in names
        )

    def row(self, number: str) -> ChecklistRow:
        """The row with this number."""
        return next(row for row in self.rows if row.number == number)
