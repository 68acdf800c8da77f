"""Rows of a CSV text: where each begins and ends, its cells, its line; and what is no row."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.errors import DataFileError
from trialkit.files.csv_structure import CsvStructure, csv_structure
from trialkit.limits import LONGEST_ROW


def structure(text: str, *, delimiter: str = ",", skipped: int = 0) -> CsvStructure:
    return csv_structure(text.encode(), delimiter=delimiter, file="data/x.csv", skipped=skipped)


def rows(text: str, found: CsvStructure) -> list[str]:
    """The bytes between the starts and ends."""
    content = text.encode()
    places = zip(found.starts, found.ends, strict=True)
    return [content[start:end].decode() for start, end in places]


def test_rows_are_where_they_begin_and_end_with_their_cells_and_lines() -> None:
    text = 'a,b,c\n1,"x\ny",3\n\n4,5\n,,\n"6"";7",8,9,10'
    found = structure(text)
    assert rows(text, found) == ["a,b,c", '1,"x\ny",3', "4,5", '"6"";7",8,9,10']
    assert found.starts.tolist() == [0, 6, 17, 24]
    assert found.ends.tolist() == [5, 15, 20, len(text)]
    assert found.cells.tolist() == [3, 3, 2, 4]
    assert found.lines.tolist() == [1, 2, 5, 7]
    assert found.blank_rows == 2
    assert found.quoted


def test_a_line_end_at_the_end_begins_no_row() -> None:
    without, with_it = structure("a,b\n1,2"), structure("a,b\n1,2\n")
    assert without.ends.tolist() == with_it.ends.tolist() == [3, 7]
    assert with_it.blank_rows == 0
    assert not with_it.quoted


def test_as_many_delimiters_as_whole_rows_would_have_are_still_counted_row_by_row() -> None:
    assert structure("a,b\n1\n2,3,4\n").cells.tolist() == [2, 1, 3]
    assert structure("a,b,c\n1,2,3\n4,5,6").cells.tolist() == [3, 3, 3]
    assert structure("a\n1\n").cells.tolist() == [1, 1]


def test_lines_that_were_skipped_are_counted_without_quotation_marks_too() -> None:
    assert structure("a,b\n\n1,2\n,\n3,4\n", skipped=10).lines.tolist() == [11, 13, 15]


def test_delimiters_and_line_ends_within_quotation_marks_are_text() -> None:
    found = structure('";\n;";2;3\n', delimiter=";")
    assert found.cells.tolist() == [3]
    assert found.lines.tolist() == [1]
    assert structure("1,2;3\n", delimiter=";").cells.tolist() == [2]


def test_lines_are_counted_in_the_file_of_which_the_text_is_a_part() -> None:
    assert structure("1,2\n\n3,4\n", skipped=10).lines.tolist() == [11, 13]


STRAY = (
    "a quotation mark stands within a cell; enclose the whole cell in quotation marks and double "
    'the one within it ("5"" nail")'
)
OPEN = "a quotation mark is opened here and never closed; close it, or remove it"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('a\n5" nail\n', 2, STRAY),
        ('a,b\n1,"x"y\n', 2, STRAY),
        ('a,b\n"x"y,1\n', 2, STRAY),
        ('a,b\n1," ""x"" "y"\n', 2, STRAY),
        ('a\n"1\n2"\n3\n5" nail 6"\n', 5, STRAY),
        ('a,b\n1,"x\n2,y\n', 2, OPEN),
        ('a,b\n"1\n2",3\n"x\n', 4, OPEN),
        ('"', 1, OPEN),
    ],
)
def test_a_quotation_mark_encloses_a_whole_cell_or_is_refused_with_its_line(
    text: str, line: int, what: str
) -> None:
    with pytest.raises(DataFileError) as error:
        structure(text, skipped=100)
    assert str(error.value) == f"data/x.csv, line {line + 100}: {what}"


@pytest.mark.parametrize("text", ['"a","b"\n', 'a,""\n', '"","a"', '"""a"""\n', '"a"\n"b"'])
def test_quotation_marks_around_whole_cells_are_taken(text: str) -> None:
    assert structure(text).quoted


def test_a_row_has_a_million_bytes_at_most_the_header_any() -> None:
    longest = "x" * LONGEST_ROW
    assert structure(f"a\n{longest}\n").lines.tolist() == [1, 2]
    assert structure(f"{longest}yz\n1\n").lines.tolist() == [1, 2]
    with pytest.raises(DataFileError) as error:
        structure(f"a\n1\n{longest}y\n", skipped=7)
    assert str(error.value) == (
        "data/x.csv, line 10: has 1,000,001 bytes up to the end of its row, of which 1,000,000 are "
        "allowed; look for a quotation mark that was opened and not closed, or put so long a text "
        "into a file of its own"
    )


cells = st.lists(st.text('ab",\n ', max_size=4), min_size=1, max_size=4)


@settings(max_examples=examples(80), deadline=None)
@given(st.lists(cells, min_size=1, max_size=6))
def test_pythons_reader_finds_the_same_rows(table: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    text = written.getvalue()
    found = structure(text)
    assert found.cells.tolist() == [len(row) for row in table]
    assert [next(csv.reader(io.StringIO(row))) for row in rows(text, found)] == table
