"""Tables and drawings stay on their paper, and columns are as wide as what stands in them."""

import re
from itertools import pairwise

import docx
from docx.oxml.ns import qn

from tests.report.printed.conftest import Written
from tests.report.printed.drawing import SVG, svg_of
from tests.report.printed.reading import rtf_pages, word_rows
from trialkit.report.lettering.text_width import text_width

POINT, EMU = 20, 12700
"""Twentieths, and English metric units, of a point."""
NARROWER = 0.92
"""How wide Arial is against DejaVu Sans, which is measured."""
PADDING = 8.0
LONGEST = 14
"""A word of more letters may be cut."""
HAIR = 0.6


def narrowest(text: str, size: float) -> float:
    """The widest of a cell's pieces that must not be cut, in points.

    Numbers with blanks that do not break are such pieces, however long.
    """
    pieces = [
        piece
        for piece in text.replace("^", "").split(" ")
        if len(piece) <= LONGEST or "\N{NO-BREAK SPACE}" in piece
    ]
    return max((text_width(piece, size=size * NARROWER) for piece in pieces), default=0.0)


def test_rtf_columns_end_in_order_and_the_last_at_the_margin(written: Written) -> None:
    pages = list(rtf_pages(written.text("tables.rtf")))
    assert len(pages) == len(written.tables["tables.rtf"])
    for page in pages:
        room = page.paper["pgwsxn"] - page.paper["marglsxn"] - page.paper["margrsxn"]
        columns = page.rows[-1].ends
        assert abs(columns[-1] - room) <= POINT
        for row in page.rows:
            assert list(row.ends) == sorted(set(row.ends))
            assert row.ends[0] > 0
            assert row.ends[-1] == columns[-1]
            assert set(row.ends) <= set(columns)
            assert len(row.ends) == len(row.cells)


def test_rtf_columns_have_room_for_their_words(written: Written) -> None:
    for page in rtf_pages(written.text("tables.rtf")):
        columns = page.rows[-1].ends
        for row in page.rows:
            if row.ends != columns:
                continue
            widths = [end - start for start, end in pairwise((0, *columns))]
            for text, width, size in zip(row.cells, widths, row.sizes, strict=True):
                assert 6 <= size <= 9
                assert narrowest(text, size) + PADDING <= width / POINT + HAIR, text


WORDS = {"Population", "Reasons", "Not expected", "Method", "Form", "Item", "Rule"}
"""Columns of words beside numbers."""
OF_WORDS = (
    "Definition",
    "Estimands",
    "What each analysis",
    "What the lint",
    "CONSORT",
    "TIDieR",
    "CERT",
)
"""How the captions of tables of words alone begin."""


def test_words_are_set_flush_left_and_numbers_flush_right(written: Written) -> None:
    pages = rtf_pages(written.text("tables.rtf"))
    for page, table in zip(pages, written.tables["tables.rtf"], strict=True):
        wordy = table.caption.startswith(OF_WORDS)
        wanted = ["l", *("l" if wordy or head in WORDS else "r" for head in table.heads[1:])]
        for row in page.rows:
            if row.head and len(row.cells) < len(wanted):
                assert set(row.sides[1:]) == {"c"}
            else:
                assert list(row.sides) == wanted[: len(row.cells)], row.cells


def test_markdown_aligns_as_rtf_does(written: Written) -> None:
    lines = re.findall(r"^\|( :?-+:? \|)+$", written.text("report.md"), flags=re.MULTILINE)
    found = re.findall(r"^\| :-- \|.*$", written.text("report.md"), flags=re.MULTILINE)
    pages = rtf_pages(written.text("tables.rtf"))
    for line, page in zip(found, pages, strict=True):
        sides = ["r" if each == "--:" else "l" for each in line.strip("| ").split(" | ")]
        assert sides == list(page.rows[-1].sides)
    assert len(lines) == len(found)


def test_rtf_pages_are_turned_only_where_the_table_is_wide(written: Written) -> None:
    sizes = {(p.paper["pgwsxn"], p.paper["pghsxn"]) for p in rtf_pages(written.text("tables.rtf"))}
    assert sizes <= {(11906, 16838), (16838, 11906)}
    text = written.text("tables.rtf")
    for section in text[text.index("\\sectd") :].split("\\sect "):
        assert ("\\lndscpsxn" in section) is ("\\pgwsxn16838" in section)


def test_word_tables_are_as_wide_as_their_columns_and_fit_the_page(written: Written) -> None:
    document = docx.Document(str(written.output / "report.docx"))
    sections = iter(document.sections)
    section = next(sections)
    tables = 0
    for piece in document.element.body:
        if piece.tag == qn("w:tbl"):
            tables += 1
            room = (section.page_width - section.left_margin - section.right_margin) / EMU
            grid = [int(c.get(qn("w:w"))) for c in piece.tblGrid.findall(qn("w:gridCol"))]
            whole = int(piece.tblPr.find(qn("w:tblW")).get(qn("w:w")))
            assert abs(sum(grid) - whole) <= len(grid)
            assert whole / POINT <= room + HAIR
            assert whole / POINT >= room - 1
            for row in piece.tr_lst:
                at = 0
                for cell in row.tc_lst:
                    own = int(cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}").get(qn("w:w")))
                    span = cell.grid_span
                    assert abs(own - sum(grid[at : at + span])) <= span
                    at += span
                assert at == len(grid)
        elif piece.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
            section = next(sections)
    assert tables == len(written.tables["report.docx"]) + 1  # the form for journals


def sizes_of(table: docx.table.Table) -> set[float]:
    """The sizes of letters in a table, in points: a run's own, else its paragraph style's."""
    found: set[float] = set()
    for cell in (each for row in table.rows for each in row.cells):
        for paragraph in cell.paragraphs:
            style = paragraph.style
            while style is not None and style.font.size is None:
                style = style.base_style
            assert style is not None, "no style says how large the letters of the table are"
            found |= {(run.font.size or style.font.size).pt for run in paragraph.runs if run.text}
    return found


def test_word_columns_have_room_for_their_words(written: Written) -> None:
    document = docx.Document(str(written.output / "report.docx"))
    for table in document.tables:
        grid = [int(c.get(qn("w:w"))) / POINT for c in table._tbl.tblGrid]
        (size,) = sizes_of(table)
        assert 6 <= size <= 9
        for _, cells in word_rows(table):
            if len(cells) < len(grid):
                continue
            for (_, text), width in zip(cells, grid, strict=True):
                assert narrowest(text, size) + PADDING <= width + HAIR, text


def test_word_pictures_fit_their_page(written: Written) -> None:
    document = docx.Document(str(written.output / "report.docx"))
    sections = iter(document.sections)
    section = next(sections)
    seen = 0
    for piece in document.element.body:
        for extent in piece.iter(qn("wp:extent")):
            seen += 1
            wide, high = int(extent.get("cx")), int(extent.get("cy"))
            assert 0 < wide <= section.page_width - section.left_margin - section.right_margin
            assert 0 < high <= section.page_height - section.top_margin - section.bottom_margin
        if piece.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
            section = next(sections)
    assert seen == len(written.drawings)


def test_every_row_of_html_has_as_many_columns_as_its_head(written: Written) -> None:
    tables = re.findall(r"<table.*?</table>", written.text("report.html"), flags=re.DOTALL)
    assert len(tables) == len(written.tables["report.html"])
    for table in tables:
        wide = set()
        for row in re.findall(r"<tr.*?</tr>", table, flags=re.DOTALL):
            cells = re.findall(r"<t[hd]\b[^>]*>", row)
            spans = [re.search(r'colspan="(\d+)"', cell) for cell in cells]
            wide.add(sum(int(span[1]) if span else 1 for span in spans))
        assert len(wide) == 1


def test_the_pdfs_text_stands_between_the_margins(written: Written) -> None:
    turned = 0
    for page in written.pages:
        short, long = sorted((page.width, page.height))
        assert (round(short), round(long)) == (595, 842)
        turned += page.width > page.height
        assert page.places
        for x, y, text in page.places:
            assert 40 <= x <= page.width - 40, text
            assert 25 <= y <= page.height - 25, text
    assert 0 < turned < len(written.pages) / 2


def test_words_of_drawings_stay_inside_them(written: Written) -> None:
    for path in written.drawings:
        root = svg_of(path)
        _, _, wide, high = map(float, root.get("viewBox").split())
        assert (
            root.get("width").removesuffix("pt"),
            root.get("height").removesuffix("pt"),
        ) == tuple(root.get("viewBox").split()[2:])
        down = 0.0
        group = root.find(f"{SVG}g")
        if path.name == "flow.svg":
            down = float(re.search(r"translate\(0 (\S+)\)", group.get("transform"))[1])
        for text in root.iter(f"{SVG}text"):
            left, top, right, bottom = extent(text, down=down)
            words = "".join(text.itertext())
            assert left >= -HAIR, (path.name, words)
            assert right <= wide + HAIR, (path.name, words)
            assert top >= -HAIR, (path.name, words)
            assert bottom <= high + HAIR, (path.name, words)
        for mark in root.iter(f"{SVG}use"):
            assert 0 <= float(mark.get("x")) <= wide
            assert 0 <= float(mark.get("y")) <= high


def extent(text, *, down: float) -> tuple[float, float, float, float]:
    """Where a text is on its drawing, its letters as wide as they are measured."""
    style = text.get("style") or ""
    told = re.search(r"(?:font: .*?|font-size: )([\d.]+)px", style)
    size = float(told[1]) if told else 12.0
    words = "".join(text.itertext())
    bold = "bold" in style or text.get("font-weight") == "bold"
    bold = bold or re.search(r"font: 700", style) is not None
    width = text_width(words, size=size, bold=bold)
    anchor = (re.search(r"text-anchor: (\w+)", style) or [None, text.get("text-anchor")])[1]
    before = {"middle": width / 2, "end": width}.get(anchor, 0.0)
    move = text.get("transform") or ""
    shifted = re.match(r"translate\((\S+) (\S+)\)", move)
    x, y = (float(text.get(at)) for at in "xy") if text.get("x") else map(float, shifted.groups())
    if "rotate(-90" in move:
        return x - size, y - (width - before), x, y + before
    return x - before, y + down - size, x - before + width, y + down
