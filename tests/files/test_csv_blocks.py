"""A CSV file read in blocks says what it says when it is read whole, however it is cut."""

from pathlib import Path

import pytest

from trialkit.errors import DataFileError
from trialkit.files import csv_blocks as blocks
from trialkit.files.csv_blocks import Block, csv_blocks
from trialkit.protocol.trial.data_format import DataFormat

COLUMNS = ("id", "note")
TEXT = '\nid,note\n1,"a\nb"\n\n2,"c, ""d"""\n,,\n3,é\n4,\n'.replace(",,\n", ",\n")
ROWS = [("1", "a\nb"), ("2", 'c, "d"'), ("3", "é"), ("4", "")]
LINES = [3, 6, 8, 9]


def read(folder: Path, content: bytes, *, size: int = 1 << 20, **declared: str) -> list[Block]:
    path = folder / "x.csv"
    path.write_bytes(content)
    data = DataFormat(**declared)
    return list(csv_blocks(path, file="data/x.csv", columns=COLUMNS, data=data, size=size))


def rows(found: list[Block]) -> list[tuple]:
    return [row for block in found for row in block.cells.rows()]


def lines(found: list[Block]) -> list[int]:
    return [int(line) for block in found for line in block.lines]


@pytest.mark.parametrize("size", [3, 4, 5, 8, 13, 21, 1000])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_rows_and_their_lines_are_the_same_however_the_file_is_cut(
    encoding: str, ends: str, size: int, tmp_path: Path
) -> None:
    content = TEXT.replace("\n", ends).encode(encoding)
    declared = encoding.removesuffix("-sig")
    found = read(tmp_path, content, size=size, encoding=declared)
    assert rows(found) == ROWS
    assert lines(found) == LINES
    read_by_then = [block.read for block in found]
    assert read_by_then == sorted(read_by_then)
    assert read_by_then[-1] == len(content)


def test_a_block_holds_whole_rows_below_the_header(tmp_path: Path) -> None:
    found = read(tmp_path, b"id,note\n1,a\n2,b\n3,c\n4,d\n", size=12)
    assert [block.cells.rows() for block in found] == [
        [("1", "a")],
        [("2", "b"), ("3", "c"), ("4", "d")],
    ]
    assert [block.read for block in found] == [12, 24]
    assert [block.lines.tolist() for block in found] == [[2], [3, 4, 5]]


def test_the_last_row_needs_no_line_end(tmp_path: Path) -> None:
    assert rows(read(tmp_path, b"id,note\n1,a\n2,b", size=4)) == [("1", "a"), ("2", "b")]


@pytest.mark.parametrize("size", [4, 1000])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,note\n1,a\n2\n", "data/x.csv: line 3: the header has 2 cells, but line 3 has 1"),
        (b'id,note\n1,a\n2,"b', "line 3: a quotation mark is opened here and never closed"),
        (b'id,note\n\n1,a\n2,b"c"\n', "line 4: a quotation mark stands within a cell"),
        (b"id,nota\n1,a\n", "column 'nota' is unknown; did you mean 'note'?"),
        (b"", "data/x.csv: is empty; its first line should name the columns: id"),
        (b"\n\n", "data/x.csv: is empty"),
        (b"id,note\n1,a\n2,\x00\n", "data/x.csv, line 3: holds a NUL character"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_however_the_file_is_cut(
    content: bytes, said: str, size: int, tmp_path: Path
) -> None:
    with pytest.raises(DataFileError) as error:
        read(tmp_path, content, size=size)
    assert said in str(error.value)


def test_bytes_of_another_encoding_are_refused_near_their_place(tmp_path: Path) -> None:
    with pytest.raises(DataFileError) as error:
        read(tmp_path, b"id,note\n1,a\n2,\xfc\n", size=12)
    assert "data/x.csv, line 3 or later: a byte near byte 15 is not utf-8" in str(error.value)
    with pytest.raises(DataFileError, match="ends in the middle of a character"):
        read(tmp_path, b"id,note\n1,\xc3", size=8)
    with pytest.raises(DataFileError, match=r"encoding = 'klingon', which .data. of protocol.toml"):
        read(tmp_path, b"id,note\n", encoding="klingon")


def test_a_row_that_never_ends_and_a_file_that_is_not_there_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "LONGEST_ROW", 10)
    with pytest.raises(DataFileError, match="no row ends in 28 bytes; look for a quotation mark"):
        read(tmp_path, b'"' + b"x" * 40, size=4)
    with pytest.raises(DataFileError, match=r"data/x.csv: cannot be read"):
        list(
            csv_blocks(
                tmp_path / "nothing.csv", file="data/x.csv", columns=COLUMNS, data=DataFormat()
            )
        )
