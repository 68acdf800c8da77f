"""The content in the order of a paper document: headings and blocks on upright or turned pages.

Word and PDF set the same spreads, and Markdown walks the same pieces, so that the three say the
same things in the same order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from trialkit.report.content.checklists import Checklist, ChecklistRow, RowStatus
from trialkit.report.content.content import Block, Content, Figure, Section
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import Definition, Definitions, Paragraph
from trialkit.report.words.en.wording import listing
from trialkit.report.writers.column_widths import fits_upright
from trialkit.report.writers.drawing_size import fits_upright as drawing_fits_upright

MEANING = (
    "A row is reported when this document prints all of its parts at the place named; fields that "
    "are filled in but not printed count for nothing."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperHeading:
    """The heading of a section; level 1 is a main one."""

    level: int
    anchor: str
    title: str
    items: tuple[str, ...]
    """The checklist items that are answered below it."""
    starts_page: bool = False


Piece: TypeAlias = PaperHeading | Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Pieces that follow each other on pages that stand upright, or on their side."""

    turned: bool
    pieces: tuple[Piece, ...]


def pieces(content: Content) -> tuple[Piece, ...]:
    """Every heading and block in reading order, the checklist and the provenance at the end."""
    return tuple(
        piece for section in paper_sections(content) for piece in _pieces(section, level=1)
    )


def paper_sections(content: Content) -> tuple[Section, ...]:
    """The sections, and the checklist and the provenance as sections of their own.

    A part of a manuscript is its sections alone.
    """
    if content.is_article:
        return content.sections
    return (
        *content.sections,
        *(checklist_section(checklist) for checklist in content.checklists),
        provenance(content),
    )


def paged_pieces(content: Content) -> tuple[Piece, ...]:
    """The pieces of a document that has pages: the form for journals, which names them, is the last."""
    form = () if content.form is None else tuple(_pieces(content.form, level=1))
    return (*pieces(content), *form)


def spreads(content: Content) -> tuple[Spread, ...]:
    """The pieces, in groups of pages of the same orientation.

    A heading goes with what follows it: a turned table keeps the heading that it stands under.
    """
    turned = _turned(paged_pieces(content))
    return tuple(
        Spread(turned=side, pieces=tuple(piece for _, piece in group))
        for side, group in groupby(turned, key=lambda each: each[0])
    )


def identity_lines(content: Content) -> tuple[str, ...]:
    """The lines under the title, how complete a report is among them."""
    if content.is_article:
        return content.identity
    return (*content.identity, completeness(content.checklist))


def completeness(checklist: Checklist) -> str:
    """The guideline and how many of its items have each status."""
    counts = [f"{checklist.count(status)} {status.value}" for status in RowStatus]
    return f"{checklist.guideline}: {listing(counts)}."


def checklist_section(checklist: Checklist) -> Section:
    """The guideline's rows as a table."""
    groups = tuple(
        RowGroup(
            head=group.name,
            rows=tuple(
                Row(
                    head=row.number,
                    cells=(
                        Cell(text=_requirement(row.topic, row.requirement, row.note), words=True),
                        Cell(text=row.status.value, words=True),
                        Cell(text=", ".join(each.text for each in row.places), words=True),
                        Cell(text=_sources(row), words=True),
                    ),
                )
                for row in group.rows
            ),
        )
        for group in checklist.groups
    )
    table = Table(
        anchor=f"table-{checklist.anchor}",
        caption=f"{checklist.guideline}: status, place, source and evidence of each item",
        stub="Item",
        heads=tuple(
            ColumnHead(text=text, words=True)
            for text in ("Topic and requirement", "Status", "Place", "Source")
        ),
        groups=groups,
        notes=(checklist.attribution,),
        label="Checklist",
        shown_as_data=False,
    )
    meaning = f" {MEANING}" if checklist.is_main else ""
    return Section(
        anchor=checklist.anchor,
        title=f"{checklist.guideline} checklist",
        blocks=(Paragraph(runs=(completeness(checklist), meaning)), table),
    )


def provenance(content: Content) -> Section:
    """What the report was made from."""
    lead = (
        "This report was made from the inputs below; hashes are the first 12 characters of their "
        "SHA-256. manifest.json holds them in full; its own code stands at the end in full."
    )
    facts = Definitions(
        entries=tuple(Definition(term=fact.term, runs=(fact.text,)) for fact in content.facts)
    )
    return Section(anchor="provenance", title="Provenance", blocks=(Paragraph(runs=(lead,)), facts))


def _pieces(section: Section, *, level: int) -> Iterator[Piece]:
    yield PaperHeading(
        level=level,
        anchor=section.anchor,
        title=section.title,
        items=section.items,
        starts_page=section.starts_page,
    )
    yield from section.blocks
    for inner in section.sections:
        yield from _pieces(inner, level=level + 1)


def _turned(ordered: Iterable[Piece]) -> list[tuple[bool, Piece]]:
    """Each piece with whether its page is turned; a heading takes after what follows it."""
    found: list[tuple[bool, Piece]] = []
    following = False
    for piece in reversed(list(ordered)):
        following = following if isinstance(piece, PaperHeading) else _needs_turning(piece)
        found.append((following, piece))
    return found[::-1]


def _needs_turning(block: Block) -> bool:
    match block:
        case Table():
            return not fits_upright(block)
        case Figure():
            return not drawing_fits_upright(block)
        case _:
            return False


def _sources(row: ChecklistRow) -> str:
    """Where the words come from, and what a reader can look at."""
    sources = ", ".join(each.value for each in row.sources)
    return f"{sources} ({'; '.join(row.evidence)})" if row.evidence else sources


def _requirement(topic: str, requirement: str, note: str) -> str:
    return " ".join(filter(None, (f"{topic}. {requirement}", note and f"[{note}]")))
