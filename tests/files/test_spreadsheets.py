"""Rows become text that a spreadsheet runs nothing of, as many as there are."""

from trialkit.files.spreadsheets import csv_bytes, csv_pieces

ROWS = [(number, None, 0.1, "=1+1") for number in range(25_000)]


def test_pieces_are_the_file() -> None:
    pieces = list(csv_pieces(("a", "b", "c", "d"), ROWS))
    assert len(pieces) == 3
    assert b"".join(pieces) == csv_bytes(("a", "b", "c", "d"), ROWS)
    assert pieces[0].startswith(b"a,b,c,d\n0,,0.1,'=1+1\n1,,0.1,'=1+1\n")


def test_a_table_without_rows_has_its_heads() -> None:
    assert csv_bytes(("a", "b"), ()) == b"a,b\n"
