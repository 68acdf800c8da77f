"""Excel workbooks as they are written: cells that hold text and nothing else, sheets to print."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.cell.cell import Cell
from openpyxl.utils.cell import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from trialkit.disk.temporary import using_temporary_files
from trialkit.files.spreadsheets import harmless
from trialkit.printable import fit_for_xml, fits_xml

LONGEST_CELL = 32_000
"""Excel refuses a workbook with a cell of more than 32 767 characters."""
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:(created|modified)>)")
_DIMENSION = re.compile(rb'<dimension ref="[A-Z0-9:]+"/>')
_END_OF_ROWS = b"</sheetData>"
_IN_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_FONT = re.compile(rb"<font>((?:<[^<>]+/>)+)</font>")
_OF_A_FONT = re.compile(rb"<(\w+)[^<>]*/>")
_FONT_ORDER = (
    b"b", b"i", b"strike", b"condense", b"extend", b"outline", b"shadow", b"u", b"vertAlign", b"sz",
    b"color", b"name", b"family", b"charset", b"scheme",
)  # fmt: skip
"""What a font is made of, in the order in which Excel writes it; the library has one of its own."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP archive can hold."""
NO_DAY = date(1980, 1, 1)


def put_text(cell: Cell, text: str) -> None:
    """Make a cell hold this text and nothing else: no formula, no number, no date."""
    cell.value = shown_text(text)
    cell.data_type = "s"


def shown_text(text: str) -> str:
    """The text as a cell holds it: nothing that a spreadsheet would run, and no more than fits."""
    plain = fit_for_xml(text)
    if len(plain) > LONGEST_CELL:
        plain = plain[:LONGEST_CELL] + "…"
    return harmless(plain)


class RowsAsText:
    """Rows of text at the end of a sheet, written as XML themselves when the workbook is packed.

    The library takes each cell for an object; of a listing of thousands of rows that is most of the
    work. What a cell holds is what :func:`put_text` would put there.
    """

    def __init__(self, sheet: Worksheet, *, first: int, columns: int) -> None:
        self.sheet = sheet
        self._first = first
        self._letters = [get_column_letter(number) for number in range(1, columns + 1)]
        self._rows: list[tuple[Sequence[str | None], Sequence[str]]] = []

    def add(self, texts: Sequence[str | None], styles: Sequence[str]) -> None:
        """A row: the text of each cell, None for one that is to be filled, and its style by name."""
        self._rows.append((texts, styles))

    @property
    def there(self) -> bool:
        """Whether there is a row."""
        return bool(self._rows)

    @property
    def area(self) -> str:
        """The cells of the whole sheet, as ``A1:C20``; there is a row."""
        return f"A1:{self._letters[-1]}{self._first + len(self._rows) - 1}"

    def xml(self) -> bytes:
        """The rows as they stand in the part of the sheet; the workbook counts the styles that they have."""
        content = cache(_content)  # the same words are made ready once
        style = cache(self._style)
        rows = []
        for number, (texts, styles) in enumerate(self._rows, start=self._first):
            cells = "".join(
                f'<c r="{letter}{number}" s="{style(name)}" {content(text)}'
                for letter, text, name in zip(self._letters, texts, styles, strict=True)
            )
            rows.append(f'<row r="{number}">{cells}</row>')
        return "".join(rows).encode("ascii", "xmlcharrefreplace")

    def _style(self, name: str) -> int:
        cell = Cell(self.sheet, row=1, column=1)
        cell.style = name
        return int(cell.style_id)


def _content(text: str | None) -> str:
    """What follows the place and the style of a cell."""
    return 't="n"></c>' if text is None else _inline(shown_text(text))


def _inline(text: str) -> str:
    if not text:
        return 't="inlineStr"></c>'
    kept = "" if text == text.strip() else ' xml:space="preserve"'
    return f't="inlineStr"><is><t{kept}>{text.translate(_IN_XML)}</t></is></c>'


def fits_a_cell(text: str) -> bool:
    """Whether a cell can hold the text to the sign."""
    return len(text) <= LONGEST_CELL and fits_xml(text)


def put_exactly(cell: Cell, text: str) -> None:
    """Make a cell hold this text to the sign, as text, whatever a spreadsheet would take it for."""
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name that Excel takes for a sheet, and that no other sheet has; adds it to ``taken``."""
    plain = _NO_SHEET_NAME.sub("-", fit_for_xml(wanted, "-")).strip(" '") or "Sheet"
    if plain.casefold() == "history":  # Excel keeps this name for itself
        plain += "-"
    name, number = plain[:31], 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[: 31 - len(str(number)) - 1]}-{number}"
    taken.add(name.casefold())
    return name


def set_up_printing(sheet: Worksheet, *, heads: str, up_to: str = "", last: int = 0) -> None:
    """Print a sheet across A4 paper, with the rows ``heads`` (``1:2``) on each page.

    A page is as wide as the columns, so that what lies behind the column ``up_to``, which people need
    on the screen alone, would make all else too small to read; it is not printed. ``last`` is the last
    row of what is, where the sheet has not got it yet.
    """
    if up_to:
        sheet.print_area = f"A1:{up_to}{max(last or sheet.max_row, 2)}"
        sheet.page_margins = PageMargins(left=0.3, right=0.3, top=0.4, bottom=0.5)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = heads
    sheet.oddFooter.center.text = "&A, page &P of &N"


def workbook_bytes(
    workbook: Workbook, day: date = NO_DAY, *, rows: Iterable[RowsAsText] = ()
) -> bytes:
    """The ``.xlsx`` file of a workbook: the same bytes each time, whatever the clock says.

    ``day`` is when it says that it was made: the data cut, where its content is of one. ``rows``
    stand at the ends of their sheets.
    """
    long = _written_rows(workbook, rows)
    written, settled = BytesIO(), BytesIO()
    with (
        using_temporary_files(),  # the library puts each sheet into one, until it is packed
        ZipFile(written, "w", ZIP_DEFLATED) as packed,
    ):
        ExcelWriter(workbook, packed).save()
    when = rb"\g<1>" + day.isoformat().encode() + rb"T00:00:00Z\g<3>"
    with ZipFile(written) as made, ZipFile(settled, "w", ZIP_DEFLATED) as archive:
        for name in made.namelist():
            part = ZipInfo(name, date_time=_EARLIEST)
            part.compress_type = ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            content = made.read(name)
            if name == "docProps/core.xml":
                content = _STAMPS.sub(when, content)
            if name == "xl/styles.xml":
                content = _FONT.sub(_in_order, content)
            if name in long:
                content = _lengthened(content, *long[name])
            archive.writestr(part, content)
    return settled.getvalue()


def _written_rows(workbook: Workbook, rows: Iterable[RowsAsText]) -> dict[str, tuple[bytes, str]]:
    """The rows of each sheet that has any, by the name of its part, and the area of the sheet.

    Styles are counted as the library comes across them: those of a sheet's own cells, then of its rows.
    """
    by_sheet = {each.sheet.title: each for each in rows if each.there}
    found = {}
    for number, sheet in enumerate(workbook.worksheets if by_sheet else (), start=1):
        for _, cell in sorted(
            sheet._cells.items()
        ):  # rows and columns would be made where none are
            _ = cell.style_id
        if sheet.title in by_sheet:
            own = by_sheet[sheet.title]
            found[f"xl/worksheets/sheet{number}.xml"] = (own.xml(), own.area)
    return found


def _lengthened(sheet: bytes, rows: bytes, area: str) -> bytes:
    """A sheet with rows behind those that it has, and with the area that they take."""
    dimension = b'<dimension ref="%b"/>' % area.encode()
    return _DIMENSION.sub(dimension, sheet, count=1).replace(_END_OF_ROWS, rows + _END_OF_ROWS, 1)


def _in_order(font: re.Match[bytes]) -> bytes:
    """A font whose parts stand as the schema of Office Open XML (ECMA-376, CT_Font) has them."""
    parts = sorted(_OF_A_FONT.finditer(font[1]), key=lambda part: _FONT_ORDER.index(part[1]))
    return b"<font>%b</font>" % b"".join(part[0] for part in parts)
