"""What a report says, as plain nouns that every renderer can walk: no markup, no unrounded number.

* Content
  * Section, with the checklist items it answers
    * Paragraph, Bullets, Definitions: runs of text, numbers and references (``text``)
    * Table: cells are strings, each with the ``result_id`` of what it prints (``tables``)
    * Figure, Flow: SVG with title, description and caption
    * AuthorText: the author's own words as blocks, with the Markdown they come from (``author_text``)
    * References: the works that are cited (``references``)
    * Gap: what is missing, where it is missing

A block that answers a checklist item says so by a Claim, made in the function that makes
the block's words; the checklist is derived from the claims of what is really there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypeAlias

from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.checklists import Checklist
from trialkit.report.content.claims import Claim
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.content.finding import LintFinding
from trialkit.report.content.origin import Origin
from trialkit.report.content.references import References
from trialkit.report.content.tables import Table
from trialkit.report.content.text import Bullets, Definitions, Gap, Paragraph, Run
from trialkit.report.numbers.styles import PLAIN, Style

DRAFT_MARK = "Draft. Not for publication."
"""What every page of a draft says, in every format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A drawing with all that somebody who cannot see it needs."""

    kind: ClassVar[str] = "figure"
    anchor: str
    name: str
    """The name of the file that holds the same drawing, without its ending."""
    drawing: FigureDrawing
    title: str
    description: str
    caption: str
    notes: tuple[Run, ...] = ()
    label: str = ""
    supplementary: bool = False
    claims: tuple[Claim, ...] = ()
    drawn_from: tuple[str, ...] = ()
    """The ``result_id`` of each series that it draws."""

    @property
    def svg(self) -> str:
        """The drawing as SVG, drawn when it is first asked for."""
        return self.drawing.svg


Block: TypeAlias = (
    Paragraph | Bullets | Definitions | AuthorText | References | Gap | Table | Figure
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report under its own heading."""

    anchor: str
    title: str
    items: tuple[str, ...] = ()
    """The checklist items that are answered here."""
    starts_page: bool = False
    """Whether it stands on pages of its own, to be handed out alone."""
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
    form: Section | None = None
    """The form that journals ask for, printed where a document has pages."""
    lint: tuple[LintFinding, ...] = ()
    """What the lint found; printed by a section of the content like everything else."""
    origin: Origin | None = None
    """What it was made from, for files that can be asked later whether they are still true."""
    is_article: bool = False
    """Whether it is a part of a manuscript: its sections alone, without contents, checklists and
    provenance around them."""

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
