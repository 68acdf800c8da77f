import re
import time
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.styles.named_styles import NamedStyle
from openpyxl.worksheet.worksheet import Worksheet

from trialkit.files.workbook_writing import (
    LONGEST_CELL,
    RowsAsText,
    put_text,
    set_up_printing,
    workbook_bytes,
)


def made() -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"] = "007"
    return workbook_bytes(workbook)


def test_a_workbook_made_twice_is_the_same_to_the_byte(monkeypatch) -> None:
    first = made()
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(1_900_000_000))
    assert made() == first
    again = load_workbook(BytesIO(first))
    assert again["Sheet"]["A1"].value == "007"
    assert again.properties.modified.year == 1980


def test_what_only_the_screen_needs_is_not_printed() -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A3"] = "last"
    set_up_printing(sheet, heads="1:1", up_to="K")
    assert sheet.print_area == "'Sheet'!$A$1:$K$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
    assert sheet.page_margins.left < 0.5
    whole = workbook.create_sheet("whole")
    set_up_printing(whole, heads="1:2")
    assert (whole.print_area, whole.print_title_rows) == ("", "$1:$2")


def test_the_parts_of_a_font_stand_in_the_order_of_the_format() -> None:
    """The library writes a colour before a size, which Excel offers to repair."""
    book = Workbook()
    book.active["A1"].font = Font(bold=True, italic=True, size=14, color="FF0000", name="Arial")
    with ZipFile(BytesIO(workbook_bytes(book))) as archive:
        styles = archive.read("xl/styles.xml").decode()
    fonts = re.findall(r"<font>(.*?)</font>", styles)
    assert [re.findall(r"<(\w+)", font) for font in fonts] == [
        ["sz", "color", "name", "family", "scheme"], ["b", "i", "sz", "color", "name"],
    ]  # fmt: skip
    again = load_workbook(BytesIO(workbook_bytes(book)))["Sheet"]["A1"].font
    assert (again.b, again.i, again.sz, again.name) == (True, True, 14, "Arial")


TEXTS = (
    "plain", "", "=1+1", "+49 30", "-3", "-3.5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", " kept  ", "a\r\nb\rc\nd",
    "</t></is></c><c r=\"Z9\"><f>1</f></c>", "</sheetData>", "&amp; & < > \" '", "\x00\x0b \ud800 \uffff",
    "007", "2025-01-01", "TRUE", "x" * (LONGEST_CELL + 5), "\N{HEBREW LETTER ALEF}\U0001f600", "\\1 \\g<0>",
    "_x000D_",
)  # fmt: skip
"""What people type, and what a spreadsheet, a pattern or a part of XML would take for something else."""


def styled_book() -> tuple[Workbook, Worksheet]:
    """A workbook with two styles, and a sheet with a head."""
    book = Workbook()
    for name in ("told", "asked"):
        book.add_named_style(NamedStyle(name=name, font=Font(name=name.title())))
    sheet = book.active
    assert sheet is not None
    put_text(sheet.cell(1, 1), "head")
    sheet.cell(1, 1).style = "told"
    return book, sheet


def by_the_library() -> bytes:
    book, sheet = styled_book()
    for line, text in enumerate(TEXTS, start=2):
        put_text(sheet.cell(line, 1), text)
        sheet.cell(line, 1).style = "told"
        sheet.cell(line, 2).style = "asked"
        put_text(sheet.cell(line, 3), text)
        sheet.cell(line, 3).style = "asked"
    return workbook_bytes(book)


def as_text() -> bytes:
    book, sheet = styled_book()
    rows = RowsAsText(sheet, first=2, columns=3)
    for text in TEXTS:
        rows.add([text, None, text], ["told", "asked", "asked"])
    return workbook_bytes(book, rows=[rows])


def test_rows_written_as_text_are_those_of_the_library_to_the_byte() -> None:
    with ZipFile(BytesIO(by_the_library())) as theirs, ZipFile(BytesIO(as_text())) as ours:
        assert ours.namelist() == theirs.namelist()
        for name in ours.namelist():
            assert ours.read(name) == theirs.read(name), name


def test_no_text_of_a_long_sheet_is_a_formula() -> None:
    sheet = load_workbook(BytesIO(as_text()))["Sheet"]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert len(cells) == 2 * (len(TEXTS) - 1)
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.value.startswith(("=", "@", "+")) for cell in cells)
    assert sheet.dimensions == f"A1:C{len(TEXTS) + 1}"


def test_without_rows_a_sheet_stays_as_it_is() -> None:
    book, sheet = styled_book()
    plain = workbook_bytes(book)
    assert workbook_bytes(book, rows=[RowsAsText(sheet, first=2, columns=3)]) == plain


def test_a_row_has_a_text_and_a_style_for_each_column() -> None:
    _, sheet = styled_book()
    rows = RowsAsText(sheet, first=2, columns=2)
    rows.add(["one"], ["told", "told"])
    with pytest.raises(ValueError, match="zip"):
        rows.xml()


def test_the_last_row_of_what_is_printed_may_be_still_to_come() -> None:
    _, sheet = styled_book()
    set_up_printing(sheet, heads="1:1", up_to="B", last=40)
    assert sheet.print_area == "'Sheet'!$A$1:$B$40"
