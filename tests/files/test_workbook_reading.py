from datetime import date, datetime, time
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.conftest import examples
from tests.imports.books import book, sheet, texts
from trialkit.errors import DataFileError
from trialkit.files import workbook_reading
from trialkit.files.serial_dates import Shows, moment, shown_by
from trialkit.files.workbook_reading import read_workbook

FORMATS = ("yyyy-mm-dd", "h:mm", "[h]:mm", "0.00", 'dd.mm.yy\\ "um" hh:mm', "[$-407]d. mmmm yyyy")


def cells(path: Path) -> list[str]:
    first = read_workbook(path)[0]
    return [cell.text or cell.trouble for row in first.rows.values() for cell in row.values()]


def one(tmp_path: Path, *cell: str, **more) -> list[str]:
    return cells(
        book(tmp_path / "a.xlsx", sheets={"S": sheet("".join(cell))}, formats=FORMATS, **more)
    )


def test_numbers_are_given_in_the_fewest_digits_that_mean_them(tmp_path: Path) -> None:
    stored = (
        "1",
        "1.0",
        "2.2999999999999998",
        "44.000000000000007",
        "0.30000000000000004",
        "1E-3",
        "1E+20",
        "-0",
    )
    assert one(tmp_path, *(f"<c><v>{each}</v></c>" for each in stored)) == [
        "1", "1", "2.3", "44", "0.3", "0.001", "1e+20", "0",
    ]  # fmt: skip


def test_dates_and_times_are_read_exactly_in_both_ways_of_counting(tmp_path: Path) -> None:
    stored = (
        '<c s="1"><v>45747</v></c><c s="6"><v>45747</v></c><c s="2"><v>0.35416666666666669</v></c>'
        '<c s="5"><v>45747.5</v></c><c s="1"><v>45747.75</v></c><c s="1"><v>59</v></c>'
        '<c s="1"><v>61</v></c><c s="4"><v>45747</v></c>'
    )
    assert one(tmp_path, stored) == [
        "2025-03-31", "2025-03-31", "08:30", "2025-03-31 12:00", "2025-03-31 18:00",
        "1900-02-28", "1900-03-01", "45747",
    ]  # fmt: skip
    assert one(tmp_path, '<c s="1"><v>44285</v></c>', date1904=True) == ["2025-03-31"]


def test_days_that_never_were_and_times_before_all_days_are_troubles(tmp_path: Path) -> None:
    found = one(tmp_path, *(f'<c s="1"><v>{each}</v></c>' for each in ("60", "0", "-1", "3000000")))
    assert "1900-02-29" in found[0]
    assert "1900-01-00" in found[1]
    assert "before the first" in found[2]
    assert "after the year 9999" in found[3]


def test_what_openpyxl_writes_is_read_back(tmp_path: Path) -> None:
    workbook = Workbook()
    page = workbook.active
    given_ = [
        "007",
        7,
        7.5,
        True,
        date(2025, 3, 31),
        datetime(2025, 3, 31, 8, 30),  # noqa: DTZ001 - a spreadsheet has no zone
        time(8, 30),
        "ä\n=1",
    ]
    for column, value in enumerate(given_, start=1):
        page.cell(1, column).value = value
    page.cell(1, 8).data_type = "s"
    workbook.save(tmp_path / "a.xlsx")

    assert cells(tmp_path / "a.xlsx") == [
        "007", "7", "7.5", "yes", "2025-03-31", "2025-03-31 08:30", "08:30", "ä\n=1",
    ]  # fmt: skip


def test_a_formula_counts_by_its_last_value_and_troubles_are_told(tmp_path: Path) -> None:
    found = one(
        tmp_path,
        "<c><f>1+1</f><v>2</v></c>",
        '<c t="str"><f>A1</f><v>x</v></c>',
        "<c><f>1+1</f></c>",
        "<c><f>[1]Other!A1</f><v>5</v></c>",
        '<c t="e"><v>#N/A</v></c>',
        '<c t="s"><v>7</v></c>',
        "<c><v>one</v></c>",
        "<c><v>1e999</v></c>",
    )
    assert found[:2] == ["2", "x"]
    assert "never worked out" in found[2]
    assert "another workbook" in found[3]
    assert found[4] == "the error #N/A"
    assert "damaged" in found[5]
    assert "'one'" in found[6]
    assert "no number" in found[7]


def test_blank_rows_are_no_rows_and_merged_and_hidden_is_told(tmp_path: Path) -> None:
    painted = '<c s="1"/>' + texts(" ")
    page = sheet(
        texts("a"),
        painted,
        texts("", "b"),
        after='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
    )
    path = book(
        tmp_path / "a.xlsx", sheets={"S": page, "T": sheet()}, hidden=("T",), formats=FORMATS
    )

    first, second = read_workbook(path)

    assert list(first.rows) == [1, 3]
    assert first.merged == ("A1:B2",)
    assert (first.hidden, second.hidden) == (False, True)


@pytest.mark.parametrize(
    ("number", "code", "shows"),
    [
        (14, "", Shows.DATE), (0, "", Shows.NUMBER), (20, "", Shows.TIME), (22, "", Shows.DATE_TIME),
        (46, "", Shows.DURATION), (170, "General", Shows.NUMBER), (170, "0.0E+00", Shows.NUMBER),
        (170, '0 "days"', Shows.NUMBER), (170, "[Red]0.00", Shows.NUMBER), (170, "mmm yy", Shows.DATE),
        (170, "m", Shows.DATE), (170, "mm:ss", Shows.TIME), (170, "[mm]:ss", Shows.DURATION),
        (170, "h:mm AM/PM", Shows.TIME), (170, "[$-409]dddd", Shows.DATE), (170, "@", Shows.NUMBER),
        (170, "#,##0_-;-#,##0", Shows.NUMBER), (170, "[Blue]yyyy;@", Shows.DATE),
    ],
)  # fmt: skip
def test_number_formats_are_told_from_formats_of_dates(
    number: int, code: str, shows: Shows
) -> None:
    assert shown_by(number, code) is shows


@given(st.dates(date(1900, 3, 1), date(9999, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert moment(serial, Shows.DATE, from_1904=False) == day.isoformat()


@settings(max_examples=examples(50))
@given(st.times())
def test_every_minute_is_read_back_in_spite_of_rounding(clock: time) -> None:
    serial = 45747 + (clock.hour * 60 + clock.minute) / 1440
    expected = f"2025-03-31 {clock.hour:02d}:{clock.minute:02d}"
    assert moment(serial, Shows.DATE_TIME, from_1904=False) == expected


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    '<worksheet xmlns="x"><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row>'
    "</sheetData></worksheet>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_anything_is_expanded(tmp_path: Path, encoding) -> None:
    path = book(tmp_path / "a.xlsx", sheets={"S": ENTITIES.encode(encoding)})  # type: ignore[dict-item]
    with pytest.raises(DataFileError, match="document type"):
        read_workbook(path)


def test_an_archive_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx", sheets={"S": sheet()}, extra={"xl/big.xml": b" " * 110_000_000}
    )
    assert path.stat().st_size < 1_000_000
    with pytest.raises(DataFileError, match="unpacks to"):
        read_workbook(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty \\(0 bytes\\); was it saved, or sent, to its end"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "old .xls kind"),
        (b"PK\x03\x04 and then nothing", "no .xlsx workbook"),
        (b"subject_id,visit\n", "no .xlsx workbook"),
    ],
)
def test_what_is_no_workbook_is_said_to_be_none(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(DataFileError, match=words):
        read_workbook(tmp_path / "a.xlsx")


def test_an_archive_of_something_else_and_broken_parts_are_refused(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(DataFileError, match="no workbook"):
        read_workbook(tmp_path / "b.xlsx")
    path = book(tmp_path / "c.xlsx", sheets={"S": "<worksheet><sheetData><row>"})
    with pytest.raises(DataFileError, match=r"sheet1\.xml cannot be read"):
        read_workbook(path)


def read_or_told(path: Path) -> bool:
    """Whether a file is read, or one error says which file it is that cannot be."""
    try:
        read_workbook(path)
    except DataFileError as error:
        return path.name in str(error)
    return True


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_a_damaged_workbook_ends_in_one_clear_error_or_in_cells(tmp_path_factory, data) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    whole = book(
        folder / "a.xlsx", sheets={"S": sheet(texts("a", "b"))}, formats=FORMATS
    ).read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    damage = data.draw(st.binary(min_size=1, max_size=8))
    (folder / "b.xlsx").write_bytes(whole[:place] + damage + whole[place + len(damage) :])
    assert read_or_told(folder / "b.xlsx")


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_damaged_xml_within_a_whole_archive_ends_so_too(tmp_path_factory, data) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    whole = book(folder / "a.xlsx", sheets={"S": sheet(texts("a", "b"))}, formats=FORMATS)
    with ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    place = data.draw(st.integers(0, len(parts[name]) - 1))
    damage = data.draw(st.sampled_from([b"<", b">", b'"', b"9", b"-", b"", b"x", b"\xff", b"&#1;"]))
    parts[name] = parts[name][:place] + damage + parts[name][place + 1 :]
    with ZipFile(folder / "b.xlsx", "w", ZIP_DEFLATED) as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    assert read_or_told(folder / "b.xlsx")


def test_a_workbook_of_more_sheets_than_are_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "a.xlsx", sheets={"A": sheet(), "B": sheet()})
    monkeypatch.setattr(workbook_reading, "MOST_SHEETS", 2)
    assert [each.name for each in read_workbook(path)] == ["A", "B"]
    monkeypatch.setattr(workbook_reading, "MOST_SHEETS", 1)
    with pytest.raises(DataFileError, match="has 2 sheets, of which 1 are read"):
        read_workbook(path)


def test_a_text_longer_than_a_spreadsheet_can_write_is_a_trouble_of_its_cell(
    tmp_path: Path,
) -> None:
    path = book(tmp_path / "a.xlsx", sheets={"S": sheet(texts("x" * 32_767, "x" * 32_768))})
    first, second = read_workbook(path)[0].rows[1].values()
    assert (len(first.text), first.trouble) == (32_767, "")
    assert (second.text, second.trouble[:27]) == ("", "a text of 32,768 characters")


def test_cells_and_characters_are_counted_over_all_sheets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "a.xlsx", sheets={"A": sheet(texts("ab")), "B": sheet(texts("cde"))})
    for limit, enough in (("MOST_CELLS", 2), ("MOST_CHARACTERS", 5)):
        monkeypatch.setattr(workbook_reading, limit, enough)
        read_workbook(path)
        monkeypatch.setattr(workbook_reading, limit, enough - 1)
        with pytest.raises(DataFileError, match="export the sheets as CSV"):
            read_workbook(path)
        monkeypatch.undo()


def test_rows_and_columns_that_nobody_can_have_take_no_room(tmp_path: Path) -> None:
    far = '<c r="XFD1048576"><v>1</v></c>'
    text = sheet().replace(
        "<sheetData></sheetData>",
        f'<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576">{far}</row></sheetData>',
    )
    [found] = read_workbook(book(tmp_path / "a.xlsx", sheets={"S": text}))
    assert {row: list(cells) for row, cells in found.rows.items()} == {1_048_576: [16_384]}
