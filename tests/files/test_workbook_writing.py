import re
import time
from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from trialkit.files.workbook_writing import set_up_printing, workbook_bytes


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
