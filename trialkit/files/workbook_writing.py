"""Excel workbooks as they are written: cells that hold text and nothing else, sheets to print."""

import re
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.cell.cell import Cell
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
_FONT = re.compile(rb"<font>((?:<[^<>]+/>)+)</font>")
_OF_A_FONT = re.compile(rb"<(\w+)[^<>]*/>")
_FONT_ORDER = (
    b"b", b"i", b"strike", b"condense", b"extend", b"outline", b"shadow", b"u", b"vertAlign", b"sz",
    b"color", b"name", b"family", b"charset", b"scheme",
)  # fmt: skip
"""What a font is made of, in the order in which Excel writes it; the library has one of its own."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP archive can hold."""
_NO_DAY = date(1980, 1, 1)


def put_text(cell: Cell, text: str) -> None:
    """Make a cell hold this text and nothing else: no formula, no number, no date."""
    plain = fit_for_xml(text)
    if len(plain) > LONGEST_CELL:
        plain = plain[:LONGEST_CELL] + "…"
    cell.value = harmless(plain)
    cell.data_type = "s"


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


def set_up_printing(sheet: Worksheet, *, heads: str, up_to: str = "") -> None:
    """Print a sheet across A4 paper, with the rows ``heads`` (``1:2``) on each page.

    A page is as wide as the columns, so that what lies behind the column ``up_to``, which people need
    on the screen alone, would make all else too small to read; it is not printed.
    """
    if up_to:
        sheet.print_area = f"A1:{up_to}{max(sheet.max_row, 2)}"
        sheet.page_margins = PageMargins(left=0.3, right=0.3, top=0.4, bottom=0.5)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = heads
    sheet.oddFooter.center.text = "&A, page &P of &N"


def workbook_bytes(workbook: Workbook, day: date = _NO_DAY) -> bytes:
    """The ``.xlsx`` file of a workbook: the same bytes each time, whatever the clock says.

    ``day`` is when it says that it was made: the data cut, where its content is of one.
    """
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
            archive.writestr(part, content)
    return settled.getvalue()


def _in_order(font: re.Match[bytes]) -> bytes:
    """A font whose parts stand as the schema of Office Open XML (ECMA-376, CT_Font) has them."""
    parts = sorted(_OF_A_FONT.finditer(font[1]), key=lambda part: _FONT_ORDER.index(part[1]))
    return b"<font>%b</font>" % b"".join(part[0] for part in parts)
