"""Tables whose cells are strings, each with the ``result_id`` of what it prints."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from trialkit.errors import ReportError
from trialkit.report.content.claims import Claim

LONG = 36


WIDE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A printed value, with the rows of the results, or the dataset, that it comes from."""

    text: str
    results: tuple[str, ...] = ()
    dataset: str = ""
    words: bool = False
    """Whether the cell holds words, which are set flush left, and not a number."""
    note: str = ""
    """A footnote to this cell; cells with the same words share its mark."""
    pages: tuple[str, ...] = ()
    """The anchors of the places whose pages are printed after the text, where there are pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row under its own head."""

    head: str
    cells: tuple[Cell, ...]
    indented: bool = False
    note: str = ""
    """A footnote to the row's head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """Rows that belong together, under a head of their own unless it is empty."""

    head: str
    rows: tuple[Row, ...]
    note: str = ""
    """A footnote to the group's head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHead:
    """The head of one column, or of several that stand under it."""

    text: str
    span: int = 1
    words: bool = False
    note: str = ""
    """A footnote to this head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """A note under a table, and the mark that leads to it."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows and columns of strings; ``stub`` is the head of the row heads."""

    kind: ClassVar[str] = "table"
    anchor: str
    caption: str
    stub: str
    heads: tuple[ColumnHead, ...]
    groups: tuple[RowGroup, ...]
    spanning: tuple[ColumnHead, ...] = ()
    """A row of heads above ``heads``; their spans add up to its columns."""
    notes: tuple[str, ...] = ()
    """What is said of the whole table, below it."""
    footnotes: tuple[Footnote, ...] = ()
    """The notes of heads and cells with their marks, known when the report is numbered."""
    label: str = ""
    supplementary: bool = False
    shown_as_data: bool = True
    """Whether the cells come from participants, so that a synthetic trial is labelled."""
    claims: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        wide = len(self.heads)
        if self.spanning and sum(head.span for head in self.spanning) != wide:
            raise ReportError(f"table {self.anchor!r}: spanning heads do not cover {wide} columns")
        for row in self.rows:
            if len(row.cells) != wide:
                raise ReportError(
                    f"table {self.anchor!r}, row {row.head!r}: {len(row.cells)} cells under "
                    f"{wide} column heads"
                )

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows of all groups."""
        return tuple(row for group in self.groups for row in group.rows)

    def with_shared_notes(self) -> "Table":
        """The same table, a note that every number of a column has at the head of the column."""
        shared = [self._shared_note(place) for place in range(len(self.heads))]
        heads = (
            replace(head, note=" ".join(filter(None, (head.note, note))))
            for head, note in zip(self.heads, shared, strict=True)
        )
        groups = (
            replace(group, rows=tuple(_without(row, shared) for row in group.rows))
            for group in self.groups
        )
        return replace(self, heads=tuple(heads), groups=tuple(groups))

    def _shared_note(self, place: int) -> str:
        """The note that all numbers of a column have; none of one number alone."""
        notes = [row.cells[place].note for row in self.rows if row.cells[place].results]
        return notes[0] if len(notes) > 1 and len(set(notes)) == 1 else ""

    def noted(self) -> tuple[str, ...]:
        """The different notes of heads and cells, in reading order."""
        found = [head.note for head in (*self.spanning, *self.heads)]
        for group in self.groups:
            found.append(group.note)
            for row in group.rows:
                found += [row.note, *(cell.note for cell in row.cells)]
        return tuple(dict.fromkeys(filter(None, found)))

    def mark(self, note: str) -> str:
        """The mark that leads to this note; none for no note."""
        return next((each.mark for each in self.footnotes if each.text == note), "")

    @property
    def columns(self) -> int:
        """How many columns there are, the row heads included."""
        return len(self.heads) + 1

    @property
    def is_long(self) -> bool:
        """Whether the table has more lines than a printed page takes beside other things."""
        return len(self.rows) + len(self.groups) > LONG

    @property
    def is_wide(self) -> bool:
        """Whether the table has more columns than a portrait page takes at full size."""
        return self.columns > WIDE


def _without(row: Row, shared: Sequence[str]) -> Row:
    """The row without the notes that stand at the heads of its columns."""
    cells = (
        replace(cell, note="") if note and cell.note == note else cell
        for cell, note in zip(row.cells, shared, strict=True)
    )
    return replace(row, cells=tuple(cells))
