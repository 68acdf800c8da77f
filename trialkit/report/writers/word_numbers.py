"""The numbers of a Word document get their marks, in the order in which they are written."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import count

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from trialkit.printable import fit_for_xml
from trialkit.report.content.origin import Origin
from trialkit.report.content.tables import Cell, Table
from trialkit.report.content.text import PrintedNumber
from trialkit.report.writers.word_marked import written_lines
from trialkit.report.writers.word_marks import RECORD, DocumentRecord, MarkedNumber, record_xml
from trialkit.report.writers.word_xml import Markup, in_bookmark, text_run

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    f'<ds:datastoreItem ds:itemID="{{6F0B8C52-0E5B-4C0A-9D0B-2D5C9E1B7A41}}" xmlns:ds="{_OFFICE}">'
    f'<ds:schemaRefs><ds:schemaRef ds:uri="{RECORD}"/></ds:schemaRefs></ds:datastoreItem>'
)
"""What Word asks of a part that it is to keep: an identifier, and the namespace of its content."""
_FIRST_BOOKMARK = 1_000_000
"""Bookmarks of numbers are counted from here, those of places from 1."""


class NumberMarks:
    """Marks each number of a document, and keeps the record of them."""

    def __init__(self) -> None:
        self._marked: list[MarkedNumber] = []

    def in_text(self, number: PrintedNumber, *, heading: str) -> tuple[Markup, ...]:
        """A number of running text under a heading."""
        runs = (text_run(number.text),)
        return self._marked_up(runs, number.results, number.text, where=heading)

    def in_cell(
        self, cell: Cell, runs: tuple[Markup, ...], *, table: Table, row: int, column: int
    ) -> tuple[Markup, ...]:
        """The runs of a cell; row and column are counted from 0, the head of the row left out."""
        where = _where(table, row, column) if cell.results else ""
        return self._marked_up(runs, cell.results, cell.text, where=where)

    def _marked_up(
        self, runs: tuple[Markup, ...], results: tuple[str, ...], text: str, *, where: str
    ) -> tuple[Markup, ...]:
        if not results or not text:
            return runs
        place = len(self._marked) + 1
        made = MarkedNumber(
            place=place, results=results, text=fit_for_xml(text), where=fit_for_xml(where)
        )
        self._marked.append(made)
        return in_bookmark(made.mark.name, _FIRST_BOOKMARK + place, *runs)

    def keep_record(self, document: Document, origin: Origin, body: Iterable[Markup]) -> None:
        """Put the record into the file, where Word keeps it and shows it to nobody.

        ``body`` is what the document says, with the marks that were made here.
        """
        around = _around(body)
        numbers = (
            replace(each, before=around[each.place][0], after=around[each.place][1])
            for each in self._marked
        )
        content = record_xml(DocumentRecord(origin=origin, numbers=tuple(numbers)))
        package = document.part.package
        taken = {str(each.partname) for each in package.iter_parts()}
        number = next(n for n in count(1) if f"/customXml/item{n}.xml" not in taken)
        named = PackURI(f"/customXml/item{number}.xml")
        part = Part(named, "application/xml", content, package)
        named = PackURI(f"/customXml/itemProps{number}.xml")
        part.relate_to(
            Part(named, CONTENT_TYPE.OFC_CUSTOM_XML_PROPERTIES, _PROPERTIES.encode(), package),
            RELATIONSHIP_TYPE.CUSTOM_XML_PROPS,
        )
        document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def _where(table: Table, row: int, column: int) -> str:
    group, own = [(group, row) for group in table.groups for row in group.rows][row]
    rows = ": ".join(filter(None, (group.head, own.head)))
    above = [head.text for head in table.spanning for _ in range(head.span)]
    over = above[column] if above else ""
    columns = ": ".join(filter(None, (over, table.heads[column].text)))
    return f"{table.label or table.caption}, row {_quoted(rows)}, column {_quoted(columns)}"


def _quoted(text: str) -> str:
    words = " ".join(text.split())
    return f"\N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK}"


def _around(body: Iterable[Markup]) -> dict[int, tuple[str, str]]:
    """The words around each number of a document, by its place."""
    return {
        each.mark.place: (each.before, each.after)
        for line in written_lines(body)
        for each in line.numbers
    }
