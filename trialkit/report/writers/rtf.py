"""All tables of a report as one RTF document, as regulators take them: a table, then a new page.

Written directly: each row states its cells' edges, heads are repeated on every page, no row is cut
in two, and every character outside ASCII is written as a number.
"""

from collections.abc import Iterator
from typing import assert_never

from trialkit.printable import fit_for_xml
from trialkit.report.content.author_text import AuthorText
from trialkit.report.content.content import Content, Figure
from trialkit.report.content.references import References
from trialkit.report.content.tables import Row, RowGroup, Table
from trialkit.report.content.text import Bullets, Definitions, Gap, Paragraph
from trialkit.report.lettering.line_breaks import kept_together
from trialkit.report.writers.column_widths import INDENT, TableLayout, lay_out_table
from trialkit.report.writers.paper import PaperHeading, Piece, pieces

TWENTIETHS = 20
_LONG_SIDE, _SHORT_SIDE = 16838, 11906
_MARGIN = 1134
_RULE = r"\brdrs\brdrw15"
_HAIR = r"\brdrs\brdrw5"


def render_rtf(content: Content) -> str:
    """Every table of the report, in reading order, as RTF in pure ASCII.

    Text and figures of the report are not in it: they stand in the Word file.
    """
    tables = (table for piece in pieces(content) for table in _tables(piece))
    pages = r"\sect ".join(_page(table, content) for table in tables)
    return f"{{{_prologue(content)}{pages or chr(92) + 'pard' + chr(92) + 'par'}}}\n"


def _tables(piece: Piece) -> Iterator[Table]:
    """The tables of a piece; every kind of piece is either one or left out here by name."""
    match piece:
        case Table():
            yield piece
        case (
            PaperHeading()
            | Paragraph()
            | Bullets()
            | Definitions()
            | AuthorText()
            | References()
            | Gap()
            | Figure()
        ):
            return
        case _:
            assert_never(piece)


def escaped(text: str) -> str:
    r"""The text in ASCII: ``\``, ``{`` and ``}`` escaped, everything else as ``\uN?``."""
    return "".join(_character(each) for each in fit_for_xml(text).replace("\r\n", "\n"))


def _character(character: str) -> str:
    if character in "\\{}":
        return f"\\{character}"
    if character in "\n\r":
        return r"\line "
    if character == "\t":
        return r"\tab "
    if character == "\N{NO-BREAK SPACE}":
        return r"\~"
    if " " <= character <= "~":
        return character
    units = character.encode("utf-16-le")
    numbers = (
        int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2)
    )
    return "".join(rf"\u{number}?" for number in numbers)


def _prologue(content: Content) -> str:
    """Fonts, title and date of the document, and the page's head and foot."""
    dated = content.dated
    created = (
        rf"{{\creatim\yr{dated.year}\mo{dated.month}\dy{dated.day}}}" if dated is not None else ""
    )
    marks = [text for text in (content.mark, content.synthetic) if text]
    head = escaped(" \N{EN DASH} ".join((content.short_title, *marks)))
    return (
        r"\rtf1\ansi\ansicpg1252\uc1\deff0\deflang2057"
        r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}}"
        rf"{{\info{{\title {escaped(content.title)}}}{created}}}"
        "\n"
        rf"{{\header\pard\plain\f0\fs16 {head}\par}}"
        r"{\footer\pard\plain\qc\f0\fs16 Page {\field{\*\fldinst PAGE}{\fldrslt 1}}"
        r" of {\field{\*\fldinst NUMPAGES}{\fldrslt 1}}\par}"
        "\n"
    )


def _page(table: Table, content: Content) -> str:
    layout = lay_out_table(table)
    wide, high = (_LONG_SIDE, _SHORT_SIDE) if layout.turned else (_SHORT_SIDE, _LONG_SIDE)
    turned = r"\lndscpsxn" if layout.turned else ""
    paper = (
        rf"\sectd\sbkpage{turned}\pgwsxn{wide}\pghsxn{high}"
        rf"\marglsxn{_MARGIN}\margrsxn{_MARGIN}\margtsxn{_MARGIN}\margbsxn{_MARGIN}"
    )
    synthetic = content.synthetic if table.shown_as_data else ""
    label = rf" {{\b [{escaped(synthetic)}]}}" if synthetic else ""
    caption = (
        rf"\pard\plain\keepn\outlinelevel0\sa80\f0\fs19 {{\b {escaped(table.label)}.}} "
        rf"{escaped(table.caption)}{label}\par"
    )
    notes = [
        rf"\pard\plain\f0\fs16 {{\super {escaped(note.mark)}}} {escaped(note.text)}\par"
        for note in table.footnotes
    ]
    notes += [rf"\pard\plain\f0\fs16 {escaped(text)}\par" for text in table.notes]
    notes.append(rf"\pard\plain\f0\fs14 {escaped(_source(content))}\par")
    return (
        "\n".join((paper, caption, *_rows(table, layout, ruled=content.style.row_rules), *notes))
        + "\n"
    )


def _source(content: Content) -> str:
    """What the table was made from, in one line."""
    facts = {fact.term: fact.text for fact in content.facts}
    parts = [f"{term}: {facts[term]}" for term in ("Data cut", "Protocol") if term in facts]
    return f"Source: {'; '.join(('results.csv', *parts))}"


def _rows(table: Table, layout: TableLayout, *, ruled: bool) -> Iterator[str]:
    if table.spanning:
        spans = [1, *(head.span for head in table.spanning)]
        texts = ["", *(_bold(head.text, table.mark(head.note)) for head in table.spanning)]
        edges = [r"\clbrdrt" + _RULE, *([rf"\clbrdrt{_RULE}\clbrdrb{_HAIR}"] * len(table.spanning))]
        yield _row(
            layout, texts, spans=spans, edges=edges, sides=["l", *["c"] * len(texts)], head=True
        )
    top = "" if table.spanning else rf"\clbrdrt{_RULE}"
    texts = [_bold(table.stub), *(_bold(head.text, table.mark(head.note)) for head in table.heads)]
    sides = ["l", *("l" if head.words else "r" for head in table.heads)]
    edges = [rf"\clvertalb{top}\clbrdrb{_RULE}"] * len(texts)
    yield _row(layout, texts, spans=[1] * len(texts), edges=edges, sides=sides, head=True)
    for group in table.groups:
        yield from _group(table, group, layout, ruled=ruled, last=group is table.groups[-1])


def _group(
    table: Table, group: RowGroup, layout: TableLayout, *, ruled: bool, last: bool
) -> Iterator[str]:
    if group.head:
        text = _bold(group.head, table.mark(group.note))
        yield _row(layout, [text], spans=[table.columns], edges=[""], sides=["l"], keep=True)
    for row in group.rows:
        top = rf"\clbrdrt{_HAIR}" if ruled and row is not group.rows[0] else ""
        bottom = rf"\clbrdrb{_RULE}" if last and row is group.rows[-1] else ""
        yield _body_row(table, row, layout, edges=f"{top}{bottom}")


def _body_row(table: Table, row: Row, layout: TableLayout, *, edges: str) -> str:
    texts = [_marked(row.head, table.mark(row.note))]
    texts += [
        _marked(cell.text if cell.words else kept_together(cell.text), table.mark(cell.note))
        for cell in row.cells
    ]
    sides = ["l", *("l" if cell.words else "r" for cell in row.cells)]
    indent = round(INDENT * TWENTIETHS) if row.indented else 0
    return _row(
        layout,
        texts,
        spans=[1] * len(texts),
        edges=[edges] * len(texts),
        sides=sides,
        indent=indent,
    )


def _row(
    layout: TableLayout,
    texts: list[str],
    *,
    spans: list[int],
    edges: list[str],
    sides: list[str],
    head: bool = False,
    keep: bool = False,
    indent: int = 0,
) -> str:
    """A row: where each cell ends, counted from the left in twentieths of a point, and its text."""
    start = r"\trowd\trgaph60\trkeep" + (r"\trhdr" if head else "")
    ends, column, at = [], 0, 0.0
    for span, edge in zip(spans, edges, strict=True):
        at += sum(layout.widths[column : column + span])
        column += span
        ends.append(rf"{edge}\cellx{round(at * TWENTIETHS)}")
    size = round(layout.size * 2)
    kept = r"\keepn" if head or keep else ""
    moved = [rf"\li{indent}" if indent else "", *[""] * len(texts)]
    cells = [
        rf"\pard\plain\intbl{kept}\q{side}{move}\sb20\sa20\f0\fs{size} {text}\cell"
        for text, side, move in zip(texts, sides, moved, strict=False)
    ]
    return "".join((start, *ends, "\n", *cells, r"\row"))


def _bold(text: str, mark: str = "") -> str:
    return rf"{{\b {_marked(text, mark)}}}"


def _marked(text: str, mark: str) -> str:
    return rf"{escaped(text)}{{\super {escaped(mark)}}}" if mark else escaped(text)
