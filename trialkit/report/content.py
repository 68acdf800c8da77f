"""What a report says, as plain nouns that every renderer can walk: no markup, no unrounded number.

* Content
  * Section, with the checklist items it answers
    * Paragraph, Bullets, Definitions: runs of text, numbers and references
    * Table: cells are strings, each with the ``result_id`` of what it prints
    * Figure, Flow: SVG with title, description and caption
    * Statement: the author's own words
    * Gap: what is missing, where it is missing

A block that answers a checklist item says so by a :class:`Claim`, made in the function that makes
the block's words; the checklist is derived from the claims of what is really there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, TypeAlias

from trialkit.errors import ReportError
from trialkit.report.lint.finding import LintFinding
from trialkit.report.styles import PLAIN, Style

_ON_THE_WEB = re.compile(r"https?://[^\s<>\"]+")
LONG = 36
WIDE = 8
DRAFT_MARK = "Draft. Not for publication."
"""What every page of a draft says, in every format."""


class Source(StrEnum):
    """Where the words of a block come from."""

    DATA = "data"
    PROTOCOL = "protocol"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That a block answers a part of a checklist item."""

    item: str
    part: str
    source: Source
    lacks: str = ""
    """What the block leaves unsaid of this part; empty when it says all of it."""
    checklist: str = "consort"
    """The code of the checklist that the item belongs to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A printed number, and the rows of the results that it prints."""

    text: str
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A pointer to a numbered table or figure; its label is known when all are placed."""

    anchor: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """An address on the web that a reader may follow; nothing is loaded from it."""

    url: str

    @property
    def is_followed(self) -> bool:
        """Whether it is an address on the web: another, such as a script, is printed as words."""
        return _ON_THE_WEB.fullmatch(self.url) is not None


Run: TypeAlias = str | Number | Reference | WebAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text."""

    kind: ClassVar[str] = "paragraph"
    runs: tuple[Run, ...]
    anchor: str = ""
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list of short texts."""

    kind: ClassVar[str] = "bullets"
    items: tuple[tuple[Run, ...], ...]
    lead: str = ""
    anchor: str = ""
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A term and what is said of it."""

    term: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """Terms with what is said of them."""

    kind: ClassVar[str] = "definitions"
    entries: tuple[Definition, ...]
    lead: str = ""
    anchor: str = ""
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The author's own words on a checklist item."""

    kind: ClassVar[str] = "statement"
    item: str
    paragraphs: tuple[str, ...]
    anchor: str = ""
    claims: tuple[Claim, ...] = ()
    file: str = ""
    """The file of the trial that holds the words."""


class GapKind(StrEnum):
    """Why something is not there."""

    STATEMENT = "statement"
    DATA = "data"
    NOT_REPORTED = "not reported"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A visible hole where the report should say something, and how to fill it."""

    kind: ClassVar[str] = "gap"
    item: str
    reason: GapKind
    title: str
    text: str
    remedy: str = ""
    anchor: str = ""
    claims: tuple[Claim, ...] = ()
    checklist: str = "consort"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A drawing with all that somebody who cannot see it needs."""

    kind: ClassVar[str] = "figure"
    anchor: str
    name: str
    """The name of the file that holds the same drawing, without its ending."""
    svg: str
    title: str
    description: str
    caption: str
    notes: tuple[Run, ...] = ()
    label: str = ""
    supplementary: bool = False
    claims: tuple[Claim, ...] = ()


Block: TypeAlias = Paragraph | Bullets | Definitions | Statement | Gap | Table | Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report under its own heading."""

    anchor: str
    title: str
    items: tuple[str, ...] = ()
    """The checklist items that are answered here."""
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()

    def all_blocks(self) -> Iterator[Block]:
        """The blocks of this section and of those in it, in reading order."""
        yield from self.blocks
        for section in self.sections:
            yield from section.all_blocks()

    def all_sections(self) -> Iterator["Section"]:
        """The section itself and those in it, in reading order."""
        yield self
        for section in self.sections:
            yield from section.all_sections()


class Status(StrEnum):
    """What a checklist item got in this report."""

    REPORTED = "reported"
    PARTIAL = "partial"
    MISSING = "missing"
    NOT_APPLICABLE = "not applicable"


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
    status: Status
    places: tuple[Place, ...]
    sources: tuple[Source, ...]
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

    def count(self, status: Status) -> int:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of the manifest as it is printed."""

    term: str
    text: str
    code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Where printed numbers come from: the rows of the results, or the dataset, behind them."""

    anchor: str
    results: tuple[str, ...]
    dataset: str
    title: str
    """What the numbers are about: outcome, visit, term and arm."""
    facts: tuple[Fact, ...]
    """Analysis, population, n and the hash of the data."""
    values: tuple[Fact, ...]
    """The unrounded statistics, each under its ``result_id``, or under the part of it that differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything a report says, ready for any renderer."""

    title: str
    short_title: str
    identity: tuple[str, ...]
    """Lines under the title: registration, data cut, guideline."""
    synthetic: str
    warnings: tuple[str, ...]
    """What a reader must know before anything else, such as hard findings that were allowed."""
    sections: tuple[Section, ...]
    checklist: Checklist
    facts: tuple[Fact, ...]
    traces: tuple[Trace, ...] = ()
    dated: date | None = None
    """The data cut, which dates every file of the report; none when the data have no date."""
    style: Style = PLAIN
    """How its numbers are printed, and its notes marked."""
    language: str = "en-GB"
    draft: bool = False
    """Whether every page says that it is a draft (``DRAFT_MARK``)."""
    extensions: tuple[Checklist, ...] = ()
    """The other checklists that the design asks for, each shown after the main one."""
    lint: tuple[LintFinding, ...] = ()
    """What the lint found; printed by a section of the content like everything else."""

    @property
    def checklists(self) -> tuple[Checklist, ...]:
        """The main checklist, then the others."""
        return (self.checklist, *self.extensions)

    @property
    def mark(self) -> str:
        """What every page says of the document's state; empty for a final one."""
        return DRAFT_MARK if self.draft else ""

    def all_blocks(self) -> Iterator[Block]:
        """Every block in reading order."""
        for section in self.sections:
            yield from section.all_blocks()

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every drawing, the flow diagram included, in reading order."""
        return tuple(block for block in self.all_blocks() if isinstance(block, Figure))

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table in reading order."""
        return tuple(block for block in self.all_blocks() if isinstance(block, Table))

    def figure(self, name: str) -> Figure:
        """The drawing with this name."""
        return next(figure for figure in self.figures if figure.name == name)
