"""What SPIRIT 2025 asks for and the plan does not say: a box at its place, and a list of all."""

from collections.abc import Mapping
from dataclasses import replace

from trialkit.report.content.checklists import Checklist, ChecklistRow, RowStatus
from trialkit.report.content.content import Section
from trialkit.report.content.tables import Cell, ColumnHead, Row, RowGroup, Table
from trialkit.report.content.text import Gap, GapKind, Paragraph
from trialkit.report.guidelines.checklist import Guideline, Requirement
from trialkit.report.words.en.wording import capitalised, listing

_TO_SAY = "Still to be said: "
_WANTING = frozenset({RowStatus.MISSING, RowStatus.PARTIAL})


def open_rows(checklist: Checklist) -> tuple[ChecklistRow, ...]:
    """The rows that are missing, or said in part."""
    return tuple(row for row in checklist.rows if row.status in _WANTING)


def with_gaps(
    sections: tuple[Section, ...], guideline: Guideline, checklist: Checklist
) -> tuple[Section, ...]:
    """The same sections, each with a box for every open row of the guideline that belongs there.

    A section without a block and without a box goes.
    """
    gaps = {row.number: _gap(row, guideline[row.number]) for row in open_rows(checklist)}
    return tuple(_with_gaps(each, gaps) for each in sections)


def open_items(
    sections: tuple[Section, ...], guideline: Guideline, checklist: Checklist
) -> tuple[Section, ...]:
    """All that is open in one table, with where its box stands; nothing where nothing is."""
    found = open_rows(checklist)
    if not found:
        return ()
    places = {
        item: each.title for top in sections for each in top.all_sections() for item in each.items
    }
    rows = tuple(
        Row(
            head=row.number,
            cells=tuple(
                Cell(text=text, words=True)
                for text in (
                    row.topic,
                    capitalised(_what(row, guideline[row.number]).removeprefix(_TO_SAY)),
                    places[row.number],
                )
            ),
        )
        for row in found
    )
    table = Table(
        anchor="table-open-items",
        label="Open items",
        caption=f"What {checklist.guideline} asks for and this document does not say",
        stub="Item",
        heads=tuple(
            ColumnHead(text=text, words=True) for text in ("Topic", "Still to be said", "Section")
        ),
        groups=(RowGroup(head="", rows=rows),),
        shown_as_data=False,
    )
    lead = Paragraph(runs=open_items_words(checklist))
    return (
        Section(
            anchor="open-items",
            title="What is still open",
            starts_page=True,
            blocks=(lead, table),
        ),
    )


def open_items_words(checklist: Checklist) -> tuple[str, ...]:
    """How much the guideline asks for that the document does not say, in a sentence; none where nothing."""
    numbers = [row.number for row in open_rows(checklist)]
    if not numbers:
        return ()
    are, have = ("is", "It has") if len(numbers) == 1 else ("are", "Each has")
    words = (
        f"{len(numbers)} of the {len(checklist.rows)} items of {checklist.guideline} {are} open, "
        f"wholly or in part: {listing(numbers)}. {have} a box at its place."
    )
    return (words,)


def _with_gaps(section: Section, gaps: Mapping[str, Gap]) -> Section:
    own = (gaps[item] for item in section.items if item in gaps)
    inner = (_with_gaps(each, gaps) for each in section.sections)
    return replace(
        section,
        blocks=(*section.blocks, *own),
        sections=tuple(each for each in inner if each.blocks),
    )


def _gap(row: ChecklistRow, requirement: Requirement) -> Gap:
    return Gap(
        item=row.number,
        reason=GapKind.STATEMENT,
        title=f"Still open \N{EN DASH} SPIRIT {row.number}, {row.topic}",
        text=f"{row.requirement} {_what(row, requirement)}".strip(),
        remedy=f"{requirement.remedy}{_heads(requirement)}",
        anchor=f"gap-{row.number}",
        checklist="spirit",
    )


def _what(row: ChecklistRow, requirement: Requirement) -> str:
    """What of the row is open, without how to fill it."""
    return row.note.removesuffix(requirement.remedy).strip()


def _heads(requirement: Requirement) -> str:
    """By which heads the author tells the parts of a statement apart."""
    if len(requirement.author) < 2:
        return ""
    return f" There, each part may have a head of its own: {', '.join(f'## {part}' for part in requirement.author)}."
