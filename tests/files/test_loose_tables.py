"""What people send back is read as text, or refused in one sentence."""

import datetime as dt
import os
from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.errors import DataFileError
from trialkit.files import loose_tables, office_archive
from trialkit.files.loose_tables import read_loose_tables
from trialkit.files.workbook_writing import sheet_name


def written(sheet):
    """What stands in its cells, of a cell that has no value the beginning of why."""
    return [
        [(cell.text.strip() or cell.trouble)[:21] for cell in row.values()]
        for row in sheet.rows.values()
    ]


def test_every_kind_of_cell_is_read_as_text(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(
        [" a ", 1, 1.0, 2.5, True, None, dt.datetime(2025, 3, 1), dt.date(2025, 3, 1), "=1+1"]  # noqa: DTZ001
    )
    book.active.row_dimensions[1].hidden = True
    book.save(tmp_path / "x.xlsx")
    (sheet,) = read_loose_tables(tmp_path / "x.xlsx")
    assert written(sheet) == [
        ["a", "1", "1", "2.5", "yes", "2025-03-01 00:00", "2025-03-01", "a formula whose value"]
    ]


def test_a_csv_is_one_sheet_whatever_separates_it(tmp_path):
    for text, encoding in (
        ("a;b\n1;ü\n", "cp1252"),
        ("a,b\n1,ü\n", "utf-8-sig"),
        ("a\tb\n1\tü", "utf-16"),
    ):
        path = tmp_path / "x.csv"
        path.write_bytes(text.encode(encoding))
        assert written(read_loose_tables(path)[0]) == [["a", "b"], ["1", "ü"]]


def test_a_workbook_by_another_name_is_a_workbook(tmp_path):
    openpyxl.Workbook().save(tmp_path / "x.xlsx")
    (tmp_path / "x.xlsx").rename(tmp_path / "x.csv")
    assert read_loose_tables(tmp_path / "x.csv")[0].name == "Sheet"


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(office_archive, "LARGEST_CONTENT", 1000)
    openpyxl.Workbook().save(tmp_path / "x.xlsx")
    with pytest.raises(DataFileError, match="unpacks to"):
        read_loose_tables(tmp_path / "x.xlsx")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataFileError, match=r"none\.xlsx: does not exist"):
        read_loose_tables(tmp_path / "none.xlsx")


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    target = BytesIO()
    openpyxl.Workbook().save(target)
    with ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_damaged_workbook_is_read_or_refused(data, parts, tmp_path):
    damaged = dict(parts)
    name = data.draw(st.sampled_from(sorted(damaged)))
    content = damaged[name]
    at = data.draw(st.integers(0, len(content)))
    change = data.draw(st.sampled_from([b"", b"\x00", b"<", b'"', b"9999999999", b"<c r='A0'/>"]))
    damaged[name] = content[:at] + change + content[at + data.draw(st.integers(0, 30)) :]
    if data.draw(st.booleans()):
        del damaged[name]
    path = tmp_path / "x.xlsx"
    with ZipFile(path, "w") as archive:
        for part, text in damaged.items():
            archive.writestr(part, text)
    with suppress(DataFileError):
        read_loose_tables(path)


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused(content, tmp_path):
    for name in ("x.csv", "x.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        with suppress(DataFileError):
            read_loose_tables(path)


@given(names=st.lists(st.text(max_size=40), max_size=8))
def test_any_names_become_names_that_excel_takes(names):
    taken: set[str] = set()
    given_names = [sheet_name(name, taken) for name in names]
    assert len({name.casefold() for name in given_names}) == len(names)
    for name in given_names:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name.strip("' ") == name
        assert name.casefold() != "history"


def test_a_csv_of_more_cells_than_are_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n,\n")
    monkeypatch.setattr(loose_tables, "MOST_CELLS", 4)
    assert len(read_loose_tables(path)[0].rows) == 2
    monkeypatch.setattr(loose_tables, "MOST_CELLS", 3)
    with pytest.raises(DataFileError, match=r"a\.csv: holds more than 3 cells"):
        read_loose_tables(path)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(DataFileError, match=r"a\.csv: cannot be read: it is a pipe or a device"):
        read_loose_tables(tmp_path / "a.csv")
