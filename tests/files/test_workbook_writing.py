import time
from io import BytesIO

from openpyxl import Workbook, load_workbook

from trialkit.files.workbook_writing import workbook_bytes


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
