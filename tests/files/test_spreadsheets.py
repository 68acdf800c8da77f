"""Rows become text that a spreadsheet runs nothing of, as many as there are."""

import csv
from io import StringIO

from trialkit.files.spreadsheets import csv_bytes, csv_pieces

ROWS = [(number, None, 0.1, "=1+1") for number in range(25_000)]


def test_pieces_are_the_file() -> None:
    pieces = list(csv_pieces(("a", "b", "c", "d"), ROWS))
    assert len(pieces) == 3
    assert b"".join(pieces) == csv_bytes(("a", "b", "c", "d"), ROWS)
    assert pieces[0].startswith(b"a,b,c,d\n0,,0.1,'=1+1\n1,,0.1,'=1+1\n")


def test_a_table_without_rows_has_its_heads() -> None:
    assert csv_bytes(("a", "b"), ()) == b"a,b\n"


def test_what_begins_like_a_formula_is_prefixed_whatever_kind_of_text_it_is() -> None:
    class Kept(str):
        __slots__ = ()

    texts = ["=1", "+a", "+1", "-b", "-2.5", "@x", "\tx", "\rx", "\nx", "", "'", "x=1", " =1"]
    expected = ["'=1", "'+a", "+1", "'-b", "-2.5", "'@x", "'\tx", "'\rx", "'\nx", "", "'", "x=1"]
    expected.append(" =1")
    for kind in (str, Kept):
        made = csv_bytes(("a",), [(kind(text),) for text in texts])
        assert made == csv_rows([["a"], *([text] for text in expected)])
    assert csv_bytes(("a", "b"), [(True, 2.0)]) == b"a,b\nTrue,2.0\n"


def csv_rows(rows: list[list[str]]) -> bytes:
    """The rows as Python's own library writes them."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
