import time
from io import BytesIO

from openpyxl import Workbook, load_workbook

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
