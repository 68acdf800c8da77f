"""A CSV file of REDCap: which delimiter it has, its cells, its lines, and what is no such file."""

from pathlib import Path

import pytest

from trialkit.errors import DataFileError
from trialkit.imports.redcap.text_table import ExportTable, read_text_table

KNOWN = {"id", "x", "y"}


def read(path: Path, content: str | bytes) -> ExportTable:
    file = path / "e.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_text_table(
        file, recognised=lambda names: len(set(names) & KNOWN), expected="id, x and y"
    )


def refused(path: Path, content: str | bytes) -> str:
    with pytest.raises(DataFileError) as error:
        read(path, content)
    return str(error.value).removeprefix(f"{path}/")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
def test_the_delimiter_is_that_under_which_the_names_are_known(
    delimiter: str, tmp_path: Path
) -> None:
    lines = ("id", " x ", "z"), ("1", '"a\nb"', ""), ("2", " c", "d,;|^")
    quoted = [[f'"{each}"' if "," in each else each for each in line] for line in lines]
    found = read(tmp_path, "\n".join(delimiter.join(line) for line in quoted))
    assert found.file == "e.csv"
    assert found.cells.columns == ["id", "x", "z"]
    assert found.cells.rows() == [("1", "a\nb", ""), ("2", " c", "d,;|^")]
    assert found.lines.tolist() == [2, 4]


def test_most_known_names_decide(tmp_path: Path) -> None:
    # with a comma the header has id, with a semicolon x and y as well
    found = read(tmp_path, "id,;x;y\n1;2;3\n")
    assert found.cells.columns == ["id,", "x", "y"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_they_like_and_a_mark_may_stand_before_them(
    end: str, tmp_path: Path
) -> None:
    found = read(tmp_path, b"\xef\xbb\xbf" + end.join(("id,x", "1,ä", "2,")).encode())
    assert found.cells.columns == ["id", "x"]
    assert found.cells.rows() == [("1", "ä"), ("2", "")]


def test_a_file_without_a_header_is_empty(tmp_path: Path) -> None:
    for nothing in ("", "\ufeff", "\n \n"):
        assert refused(tmp_path, nothing) == "e.csv: is empty; expected id, x and y"


def test_a_header_that_is_another_is_shown(tmp_path: Path) -> None:
    assert refused(tmp_path, "a,b\n1,2\n") == "e.csv: its header is 'a,b'; expected id, x and y"
    long = "a" * 121
    assert (
        refused(tmp_path, long)
        == f"e.csv: its header is {'a' * 117 + '...'!r}; expected id, x and y"
    )
    exact = "a" * 120
    assert refused(tmp_path, exact) == f"e.csv: its header is {exact!r}; expected id, x and y"


def test_a_column_that_is_there_twice_is_refused_in_any_case(tmp_path: Path) -> None:
    assert refused(tmp_path, "id,X,x,z,id\n1,2,3,4,5\n") == (
        "e.csv: the column 'id', 'X', 'x' is there more than once; export it again, or remove all "
        "but one"
    )


def test_rows_of_another_length_are_counted_and_the_first_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, "id,x\n1,2\n3\n4,5,6\n7,8\n") == (
        "e.csv, line 3: has 1 cells, but the header has 2; 2 of 4 rows are of another length. "
        "Export the file again rather than mending it by hand"
    )


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b"PK\x03\x04rest") == (
        "e.csv: is a workbook or an archive; export it as CSV (raw data)"
    )
    assert refused(tmp_path, b"id,x\n1,2\n3,\xe4\n") == (
        "e.csv, line 3: byte 12 is not UTF-8, which REDCap writes; was the file saved by another "
        "program? Export it again, save it as CSV UTF-8, or pass --encoding cp1252 if it is Windows' own"
    )
    assert refused(tmp_path, "id,x\n1,\x00\n") == (
        "e.csv: holds a NUL character, so it is no CSV file in UTF-8"
    )
    with pytest.raises(DataFileError, match=r"cannot be read: it or its folder is not there"):
        read_text_table(tmp_path / "no.csv", recognised=len, expected="anything")
