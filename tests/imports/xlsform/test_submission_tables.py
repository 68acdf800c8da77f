"""Tables of an export are read from archives, files and workbooks, and what is none is refused."""

from pathlib import Path
from zipfile import ZipFile

import polars as pl
import pytest

from tests.imports.books import book, sheet, texts
from tests.imports.xlsform.submitted import central
from trialkit.errors import DataFileError
from trialkit.imports.xlsform.submission_tables import joined, read_submissions


def test_each_table_says_where_its_rows_stand(tmp_path: Path) -> None:
    found = read_submissions(central(tmp_path))
    assert [table.sheet for table in found.tables] == ["diary", "diary-fall"]
    assert found.tables[1].places[0] == "diary-fall, row 2"
    assert found.others == ("photo.jpg",)


def test_a_workbook_has_a_sheet_for_each_table(tmp_path: Path) -> None:
    pages = {
        "diary": sheet(texts("age", "_index"), texts("20", "1")),
        "fall": sheet(texts("height", "_parent_index"), texts("2", "1")),
        "empty": sheet(texts("nothing")),
    }
    found = read_submissions(book(tmp_path / "kobo.xlsx", sheets=pages))
    assert [table.cells.columns for table in found.tables] == [
        ["age", "_index"], ["height", "_parent_index"],
    ]  # fmt: skip


def test_what_is_no_export_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 no more")
    with pytest.raises(DataFileError, match="no ZIP archive, or a damaged one"):
        read_submissions(tmp_path / "a.zip")
    with ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("media/a.csv", "a\n1\n")
    with pytest.raises(DataFileError, match="holds no submission"):
        read_submissions(tmp_path / "b.zip")
    with pytest.raises(DataFileError, match="cannot be read"):
        read_submissions(tmp_path / "c.zip")


def test_columns_are_joined_without_what_is_blank() -> None:
    parts = [pl.Series("a", ["1", "", ""]), pl.Series("b", ["2", "3", ""])]
    assert joined(parts).to_list() == ["1 2", "3", ""]
