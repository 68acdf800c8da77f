"""A file is read as text and nothing is guessed, or the error says what to do."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.errors import DataFileError
from trialkit.files import csv_reading as reading
from trialkit.files.csv_reading import read_table
from trialkit.protocol.trial.data_format import DataFormat

COLUMNS = ("subject_id", "visit", "note")


def read(folder: Path, content: bytes | str, **declared):
    path = folder / "pain.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path, file="data/pain.csv", columns=COLUMNS, data=DataFormat(**declared))


def rows(folder, content, **declared):
    return read(folder, content, **declared).cells.rows()


READS = {
    "plain": ("subject_id,visit,note\n0012,BL,NA\n", [("0012", "BL", "NA")]),
    "nothing is stripped or guessed": (
        "subject_id,visit,note\n 1 ,NaN,1e5\n,null,\n",
        [(" 1 ", "NaN", "1e5"), ("", "null", "")],
    ),
    "columns in another order": ("note,subject_id,visit\nx,1,BL\n", [("1", "BL", "x")]),
    "a byte-order mark": ("\ufeffsubject_id,visit,note\n1,BL,x\n", [("1", "BL", "x")]),
    "line ends of Windows": ("subject_id,visit,note\r\n1,BL,x\r\n", [("1", "BL", "x")]),
    "line ends of an old Mac": ("subject_id,visit,note\r1,BL,x\r", [("1", "BL", "x")]),
    "no line end at the end": ("subject_id,visit,note\n1,BL,x", [("1", "BL", "x")]),
    "header in quotation marks": ('"subject_id","visit","note"\n1,BL,x', [("1", "BL", "x")]),
    "space in the header": ("subject_id , visit, note\n1,BL,x", [("1", "BL", "x")]),
    "quoted cells": (
        'subject_id,visit,note\n1,BL,"a, ""b""\nc"\n"",BL,""\n',
        [("1", "BL", 'a, "b"\nc'), ("", "BL", "")],
    ),
    "empty lines and lines of delimiters are no rows": (
        "subject_id,visit,note\n\n1,BL,x\n,,\n2,BL,y\n,,\n\n",
        [("1", "BL", "x"), ("2", "BL", "y")],
    ),
    "only a header": ("subject_id,visit,note\n", []),
    "no ASCII": ("subject_id,visit,note\nÄ,日本,😀\n", [("Ä", "日本", "😀")]),
}


@pytest.mark.parametrize("name", READS)
def test_cells_are_the_text_as_entered(name, tmp_path):
    content, expected = READS[name]

    assert rows(tmp_path, content) == expected


def test_rows_know_their_lines(tmp_path):
    table = read(tmp_path, 'subject_id,visit,note\n\n1,BL,"a\nb"\n,,\n2,BL,y\n')

    assert table.lines.tolist() == [3, 6]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_declared_delimiter_is_used(delimiter, tmp_path):
    content = f"subject_id{delimiter}visit{delimiter}note\n1{delimiter}BL{delimiter}a,b\n"

    assert rows(tmp_path, content, delimiter=delimiter) == [("1", "BL", "a,b")]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-8-sig", "UTF8"])
def test_the_declared_encoding_is_used(encoding, tmp_path):
    content = "subject_id,visit,note\n1,BL,Müller\n".encode(encoding)

    assert rows(tmp_path, content, encoding=encoding) == [("1", "BL", "Müller")]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "ISO-8859-15", "ascii"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_utf_8_is_not_read_as_an_encoding_that_would_take_its_bytes(encoding, mark, tmp_path):
    content = f"{mark}subject_id,visit,note\n1,BL,Müller – gut\n".encode()

    with pytest.raises(DataFileError, match=f"is written in utf-8, not in {encoding}"):
        rows(tmp_path, content, encoding=encoding)


def test_a_text_of_latin_1_that_is_no_utf_8_stays_what_it_is(tmp_path):
    content = "subject_id,visit,note\n1,BL,é\n".encode("latin-1")

    assert rows(tmp_path, content, encoding="latin-1") == [("1", "BL", "é")]


REFUSED = {
    "empty": (b"", "data/pain.csv: is empty; its first line should name the columns: subject_id"),
    "a byte-order mark alone": (b"\xef\xbb\xbf", "is empty"),
    "blank": (b"\n\n ,, \n", "is empty"),
    "another delimiter": (
        b"subject_id;visit;note\n1;BL;x\n",
        "separated by semicolon (';'), but protocol.toml declares comma (',')",
    ),
    "tabs": (b"subject_id\tvisit\tnote\n1\tBL\tx\n", "separated by tab ('\\t')"),
    "Latin-1": (
        "subject_id,visit,note\n1,BL,Müller\n".encode("latin-1"),
        "line 2: byte 29 (0xFC) is not utf-8. As Latin-1 it would read '1,BL,Müller'",
    ),
    "UTF-16": ("subject_id,visit,note\n".encode("utf-16"), "is written in utf-16"),
    "a workbook": (b"PK\x03\x04rest", "is a workbook or an archive"),
    "a NUL": (b"subject_id,visit,note\n1,\x00,x\n", "line 2: holds a NUL character"),
    "a missing column": (b"subject_id,visit\n1,BL\n", "column 'note' is missing"),
    "an unknown column": (
        b"subject_id,visit,notes\n1,BL,x\n",
        "column 'notes' is unknown; did you mean 'note'?; column 'note' is missing",
    ),
    "a column twice": (b"subject_id,visit,note,note\n1,BL,x,y\n", "column 'note' is there more"),
    "a column without name": (b"subject_id,visit,note,\n1,BL,x,\n", "column '4' has no name"),
    "too few cells": (
        b"subject_id,visit,note\n1,BL,x\n2,BL\n3\n",
        "line 3, 4: the header has 3 cells, but line 3 has 2",
    ),
    "too many cells": (b"subject_id,visit,note\n1,BL,a,b\n", "line 2: the header has 3 cells"),
    "a quotation mark never closed": (
        b'subject_id,visit,note\n1,BL,"x\n2,BL,y\n',
        "line 2: a quotation mark is opened here and never closed",
    ),
    "a quotation mark within a cell": (
        b'subject_id,visit,note\n1,BL,5" nail\n2,BL,5" nail\n',
        "line 2: a quotation mark stands within a cell",
    ),
    "something behind a closing quotation mark": (
        b'subject_id,visit,note\n1,BL,"a"b\n',
        "line 2: a quotation mark stands within a cell",
    ),
    "binary": (bytes(range(256)), "data/pain.csv"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_refused_with_what_to_do(name, tmp_path):
    content, words = REFUSED[name]

    with pytest.raises(DataFileError) as error:
        read(tmp_path, content)

    assert words in str(error.value)


@pytest.mark.parametrize("encoding", ["klingon", "hex", "utf-8\x00", "idna", ""])
def test_an_unknown_encoding_is_said_to_come_from_the_protocol(encoding, tmp_path):
    with pytest.raises(DataFileError, match=r"\[data\] of protocol.toml"):
        read(tmp_path, "subject_id,visit,note\n1,BL,ü\n", encoding=encoding)


def test_a_folder_is_not_a_file(tmp_path):
    with pytest.raises(DataFileError, match="is not a file"):
        read_table(tmp_path, file="data/x.csv", columns=COLUMNS, data=DataFormat())


@pytest.mark.slow
def test_a_million_columns_end_in_one_clear_error(tmp_path):
    header = ",".join(f"c{number}" for number in range(1_000_000))

    with pytest.raises(DataFileError, match="and 999992 more"):
        read(tmp_path, header + "\n")


def test_a_long_cell_is_read_and_a_huge_one_is_an_error(tmp_path):
    assert len(rows(tmp_path, "subject_id,visit,note\n1,BL," + "x" * 900_000)[0][2]) == 900_000

    with pytest.raises(
        DataFileError, match=r"line 3: has 5,000,005 bytes up to the end of its row"
    ):
        read(tmp_path, "subject_id,visit,note\n1,BL,x\n1,BL," + "x" * 5_000_000)


def test_what_polars_would_unpack_is_read_as_it_stands(tmp_path):
    assert rows(tmp_path, "subject_id,visit,note\nx\x01,BL,\n") == [("x\x01", "BL", "")]


@pytest.mark.parametrize(
    "start", [b"\x1f\x8b\x08", b"PAR1", b"BZh9", b"%PDF-1.7", b"\xd0\xcf\x11\xe0"]
)
def test_what_is_no_text_is_named(tmp_path, start):
    with pytest.raises(DataFileError, match="not a CSV file"):
        read(tmp_path, start + b"\x00" * 40)


def test_a_file_beyond_what_is_held_in_memory_names_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST_CSV", 10)

    with pytest.raises(DataFileError, match="--data"):
        read(tmp_path, "subject_id,visit,note\n1,BL,x\n")


def test_many_ragged_lines_are_listed_up_to_a_limit(tmp_path):
    with pytest.raises(DataFileError, match=r"line 2, 3, 4, 5, 6, 7, 8, 9 and 42 more:"):
        read(tmp_path, "subject_id,visit,note\n" + "1,BL\n" * 50)


cells = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=6)


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(st.tuples(cells, cells, cells).filter(any), max_size=6))
def test_every_cell_that_was_written_is_read_back(tmp_path_factory, table):
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table]
    content = "\n".join(["subject_id,visit,note", *quoted]) + "\n"

    assert rows(tmp_path_factory.mktemp("data"), content) == table


soup = st.lists(st.sampled_from([b"subject_id,visit,note\n", b",", b"\n", b'"', b"a", b";", b"\r",
                                 b"\xff", b"\x00", b" ", "ü".encode(), b"\xef\xbb\xbf"]), max_size=25)  # fmt: skip


@settings(max_examples=examples(300), deadline=None)
@given(
    st.binary(max_size=60)
    | soup.map(b"".join)
    | soup.map(lambda parts: b"subject_id,visit,note\n" + b"".join(parts))
)
def test_any_bytes_are_a_table_or_an_error_that_names_the_file(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("data")
    try:
        table = read(folder, content)
    except DataFileError:
        with pytest.raises(DataFileError, match=r"^data/pain.csv"):
            read(folder, content)
    else:
        assert table.cells.columns == list(COLUMNS)
        assert table.cells.height == len(table.lines)
        assert set(table.cells.dtypes) == {pl.String}
