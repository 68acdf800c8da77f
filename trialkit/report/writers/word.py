"""Content becomes a Word document: real tables, captions that count themselves, figures with words.

Nothing is converted from HTML: the blocks are walked and each is written as Word has it. An
author's own document can lend its styles, its paper and its heads and feet of pages.
"""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import chain, zip_longest
from pathlib import Path, PurePosixPath
from typing import assert_never

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Mm

from trialkit.printable import fit_for_xml
from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.content import Block, Content, Figure
from trialkit.report.content.marks import Citation, CitationMark, MarkedText, Position
from trialkit.report.content.references import References
from trialkit.report.content.tables import Table
from trialkit.report.content.text import (
    Bullets,
    CrossReference,
    Definitions,
    Gap,
    Paragraph,
    PrintedNumber,
    Run,
    ToWrite,
    WebAddress,
)
from trialkit.report.lettering.text_width import text_width
from trialkit.report.numbers.numbers import NO_BREAK
from trialkit.report.writers.column_widths import POINTS_PER_MM
from trialkit.report.writers.drawing_size import printed_size
from trialkit.report.writers.paper import (
    PaperHeading,
    Piece,
    identity_lines,
    paged_pieces,
    pieces,
    spreads,
)
from trialkit.report.writers.word_author import AuthorWriter
from trialkit.report.writers.word_comments import CommentWriter
from trialkit.report.writers.word_contents import add_contents_styles, contents_list
from trialkit.report.writers.word_controls import citation_tag, statement_tag
from trialkit.report.writers.word_file import (
    drop_stale_parts,
    opened_document,
    packed,
    set_properties,
)
from trialkit.report.writers.word_lists import ListNumbering
from trialkit.report.writers.word_numbers import NumberMarks
from trialkit.report.writers.word_page import (
    heads_first,
    number_pages,
    room,
    section_end,
    set_paper,
)
from trialkit.report.writers.word_styles import add_styles, style_ids
from trialkit.report.writers.word_tables import TableWriter
from trialkit.report.writers.word_walking import text_of
from trialkit.report.writers.word_xml import (
    Markup,
    bookmark_name,
    bookmarked,
    bookmarked_within,
    content_control,
    element,
    field,
    paragraph,
    reads_right_to_left,
    text_run,
    tree,
    trees,
    written,
)

TERM_SIZE, TERM_WIDTH = 11.0, 105.0
"""The letters of a term, and the room that it has at the left of what is said of it, in points."""

_COUNTED = re.compile(r"(.*?)([0-9]+)\Z", re.DOTALL)
_EXTERNAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def render_word(
    content: Content, pictures: Mapping[str, bytes], *, reference: Path | None = None
) -> bytes:
    """The report as a ``.docx``.

    ``pictures`` are the figures as PNG, by name. ``reference`` is an author's own Word document,
    whose styles, paper, heads and feet are taken and whose text is left out. The same content
    gives the same bytes: every date in the file is the data cut.
    """
    document = opened_document(reference)
    add_styles(document, own_document=reference is not None)
    set_paper(document, content, own_document=reference is not None)
    add_contents_styles(document, width=room(document, turned=False))
    set_properties(document, content)
    drop_stale_parts(document)
    _Writer(document, content, pictures).write()
    heads_first(document)
    number_pages(document, content, own_document=reference is not None)
    return packed(document, content)


class _Writer:
    """Writes the pieces of one report into one document, in order."""

    def __init__(
        self, document: WordDocument, content: Content, pictures: Mapping[str, bytes]
    ) -> None:
        self._document = document
        self._content = content
        self._pictures = pictures
        self._styles = style_ids(document)
        self._rooms = {turned: room(document, turned=turned) for turned in (False, True)}
        self._numbers = NumberMarks()
        self._heading_title = content.title
        self._tables = TableWriter(
            self._styles,
            self._numbers,
            upright_room=self._rooms[False],
            turned_room=self._rooms[True],
            row_rules=content.style.row_rules,
        )
        self._lists = ListNumbering(document)
        self._author = AuthorWriter(self._styles, self._lists, self._runs)
        self._comments = CommentWriter(document, dated=content.dated)
        self._marks = self._controls = 0
        self._anchors = {
            piece.anchor
            for piece in pieces(content)
            if isinstance(piece, PaperHeading | Table | Figure)
        }

    def write(self) -> None:
        """Everything, in sections of upright and turned pages."""
        body = self._document.element.body
        last = body.find(qn("w:sectPr"))
        parts = [(False, list(self._front()))]
        for spread in spreads(self._content):
            written = [
                each
                for piece, following in zip_longest(spread.pieces, spread.pieces[1:])
                for each in self._piece(piece, following, turned=spread.turned)
            ]
            if parts[-1][0] == spread.turned:
                parts[-1][1].extend(written)
            else:
                parts.append((spread.turned, written))
        for number, (turned, elements) in enumerate(parts):
            for each in trees(elements):
                last.addprevious(each)
            if number + 1 < len(parts):
                section_end(last, turned=turned)
            elif turned:
                section_end(last, turned=True)
        if self._content.origin is not None:
            body = chain.from_iterable(elements for _, elements in parts)
            self._numbers.keep_record(self._document, self._content.origin, body)

    def _front(self) -> Iterator[Markup]:
        content = self._content
        yield self._paragraph("Title", *self._marked("title", text_run(content.title)))
        for line in identity_lines(content):
            yield self._paragraph("Report Identity", text_run(line))
        if content.mark:
            yield self._paragraph("Report Caution", text_run(content.mark, bold=True))
        if content.synthetic:
            yield self._paragraph(
                "Report Synthetic", text_run(f"Synthetic data. {content.synthetic}")
            )
        for warning in content.warnings:
            yield self._paragraph(
                "Report Caution", text_run("Caution. ", bold=True), text_run(warning)
            )
        if not content.is_article:
            headings = [each for each in paged_pieces(content) if isinstance(each, PaperHeading)]
            yield from contents_list(headings, self._styles)

    def _piece(self, piece: Piece, following: Piece | None, *, turned: bool) -> Iterator[Markup]:
        if isinstance(piece, PaperHeading):
            yield from self._heading(piece)
        elif isinstance(piece, Table | Figure):
            yield from self._block(piece, turned=turned)
        elif isinstance(piece, Paragraph) and isinstance(following, Table):
            # what leads in a table is not left behind with the heading at the foot of a page
            written = self._paragraph("Normal", *self._runs(piece.runs), keep_with_next=True)
            yield from self._anchored(piece.anchor, iter((written,)))
        else:
            yield from self._anchored(piece.anchor, self._block(piece, turned=turned))

    def _anchored(self, anchor: str, written: Iterator[Markup]) -> Iterator[Markup]:
        """The paragraphs of a block, the first in a bookmark that pages are counted by."""
        first = next(written, None)
        if first is None:
            return
        if anchor:
            self._marks += 1
            first = bookmarked_within(anchor, self._marks, first)
        yield first
        yield from written

    def _heading(self, heading: PaperHeading) -> Iterator[Markup]:
        self._heading_title = heading.title
        title = self._marked(heading.anchor, text_run(heading.title))
        style = f"Heading {min(heading.level, 3)}"
        yield self._paragraph(style, *title, starts_page=heading.starts_page)
        if heading.items:
            items = f"{self._content.checklist.short_name} {', '.join(heading.items)}"
            yield self._paragraph("Report Checklist Items", text_run(items))

    def _block(self, block: Block, *, turned: bool) -> Iterator[Markup]:
        match block:
            case Paragraph():
                yield self._paragraph("Normal", *self._runs(block.runs))
            case Bullets():
                yield from self._lead(block.lead)
                for item in block.items:
                    yield self._paragraph("List Bullet", *self._runs(item))
            case Definitions():
                yield from self._lead(block.lead)
                yield from self._definitions(block)
            case AuthorText():
                yield from self._controlled(block)
            case References():
                yield from self._references(block)
            case Gap():
                yield self._paragraph("Report Gap Title", text_run(block.title))
                words = " ".join(filter(None, (block.text, block.remedy)))
                yield self._paragraph("Report Gap", text_run(words))
            case Table():
                yield from self._table(block)
            case Figure():
                yield from self._figure(block, turned=turned)
            case _:
                assert_never(block)

    def _controlled(self, block: AuthorText) -> Iterator[Markup]:
        """The author's words, in a control whose tag says of which statement they are."""
        written = tuple(self._author.write(block.blocks))
        if not block.file or not written:
            yield from written
            return
        key = PurePosixPath(block.file).stem
        words = "".join(text_of(tree(each)) for each in written)
        tag = statement_tag(key, source=block.source, words=words).text
        yield self._control(*written, tag=tag, title=f"Statement {key}")

    def _control(self, *content: Markup, tag: str, title: str) -> Markup:
        self._controls += 1
        return content_control(*content, tag=tag, title=title, number=self._controls)

    def _references(self, block: References) -> Iterator[Markup]:
        """The works, which Word counts, each in the bookmark that citations lead to."""
        number = self._lists.numbers(1, 0)
        for each in block.entries:
            yield paragraph(
                *self._marked(each.anchor, *self._runs(each.runs)),
                style=self._styles["Report Statement"],
                numbering=(number, 0),
            )

    def _definitions(self, block: Definitions) -> Iterator[Markup]:
        """Terms at the left of what is said; a list with long terms has them run in."""
        widest = max(
            (text_width(each.term, size=TERM_SIZE, bold=True) for each in block.entries), default=0
        )
        aside = widest <= TERM_WIDTH
        style, between = ("Report Definition", "\t") if aside else ("Normal", ". ")
        for entry in block.entries:
            term = text_run(f"{entry.term}{between}", bold=True)
            yield self._paragraph(style, term, *self._runs(entry.runs))

    def _table(self, table: Table) -> Iterator[Markup]:
        shown = f". {table.caption}"
        label = self._label(table.anchor, table.label)
        yield self._paragraph(
            "Caption", *label, text_run(shown), *self._synthetic(shown=table.shown_as_data)
        )
        yield self._tables.write(table)
        for note in table.footnotes:
            yield self._paragraph(
                "Report Table Note", text_run(note.mark, raised=True), text_run(f" {note.text}")
            )
        for text in table.notes:
            yield self._paragraph("Report Table Note", text_run(text))
        if not table.notes and not table.footnotes:
            yield self._paragraph("Report Table Note")

    def _figure(self, figure: Figure, *, turned: bool) -> Iterator[Markup]:
        yield self._paragraph("Report Figure", element("w:r", self._drawing(figure, turned=turned)))
        label = self._label(figure.anchor, figure.label)
        notes = (text_run(" "), *self._runs(figure.notes)) if figure.notes else ()
        yield self._paragraph(
            "Report Figure Caption",
            *label,
            text_run(f". {figure.caption}"),
            *notes,
            *self._synthetic(shown=True),
        )

    def _drawing(self, figure: Figure, *, turned: bool) -> Markup:
        """The picture, with its title and what it shows for somebody who cannot see it."""
        picture = BytesIO(self._pictures[figure.name])
        width, height = printed_size(figure, turned=turned)
        scale = min(1.0, self._rooms[turned] / POINTS_PER_MM / width)
        inline = self._document.part.new_pic_inline(picture, Mm(width * scale), Mm(height * scale))
        inline.docPr.set("name", figure.name)
        inline.docPr.set("title", fit_for_xml(figure.title))
        inline.docPr.set("descr", fit_for_xml(figure.description))
        return element("w:drawing", written(inline))

    def _label(self, anchor: str, label: str) -> tuple[Markup, ...]:
        """``Table 3`` with a number that Word counts, in a bookmark that references point to."""
        found = _COUNTED.match(label)
        if found is None:
            return self._marked(anchor, text_run(label, bold=True))
        words, number = found.groups()
        counter = "".join(character for character in words if character.isalnum())
        return self._marked(
            anchor,
            text_run(words, bold=True),
            *field(rf"SEQ {counter} \* ARABIC", number, bold=True),
        )

    def _marked(self, anchor: str, *runs: Markup) -> tuple[Markup, ...]:
        if not anchor:
            return runs
        self._marks += 1
        return bookmarked(anchor, self._marks, *runs)

    def _synthetic(self, *, shown: bool) -> tuple[Markup, ...]:
        synthetic = self._content.synthetic
        return (text_run(f" [{synthetic}]", bold=True),) if shown and synthetic else ()

    def _lead(self, lead: str) -> Iterator[Markup]:
        if lead:
            yield self._paragraph("Report Lead", text_run(lead))

    def _runs(self, runs: tuple[Run, ...]) -> Iterator[Markup]:
        for run in runs:
            match run:
                case str():
                    yield text_run(run)
                case PrintedNumber():
                    yield from self._numbers.in_text(run, heading=self._heading_title)
                case CrossReference() if run.anchor in self._anchors:
                    label = run.label.replace(" ", NO_BREAK)
                    yield from field(rf"REF {bookmark_name(run.anchor)} \h", label)
                case CrossReference():
                    yield text_run(run.label)
                case WebAddress():
                    yield self._link(run)
                case MarkedText():
                    yield text_run(
                        run.text,
                        bold=run.bold,
                        italic=run.italic,
                        raised=run.position is Position.RAISED,
                        lowered=run.position is Position.LOWERED,
                    )
                case Citation():
                    marks = [_citation_mark(mark, raised=run.raised) for mark in run.marks]
                    if marks:
                        tag = citation_tag(run.works, printed=run.text)
                        yield self._control(*marks, tag=tag, title="Citation")
                case ToWrite():
                    yield from self._comments.on(run)
                case _:
                    assert_never(run)

    def _link(self, address: WebAddress) -> Markup:
        words = text_run(address.text)
        if not address.is_followed:
            return words
        target = fit_for_xml(address.url)
        relation = self._document.part.relate_to(target, _EXTERNAL, is_external=True)
        return element("w:hyperlink", words, attributes={"r:id": relation})

    def _paragraph(
        self, style: str, *runs: Markup, keep_with_next: bool = False, starts_page: bool = False
    ) -> Markup:
        return paragraph(
            *runs,
            style=self._styles[style],
            keep_with_next=keep_with_next,
            starts_page=starts_page,
            right_to_left=reads_right_to_left(*runs),
        )


def _citation_mark(mark: CitationMark, *, raised: bool) -> Markup:
    words = text_run(mark.text, raised=raised)
    if not mark.anchor:
        return words
    return element("w:hyperlink", words, attributes={"w:anchor": bookmark_name(mark.anchor)})
