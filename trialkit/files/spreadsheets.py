"""Tables as CSV that a spreadsheet opens without running anything in them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain, islice
from re import compile as pattern

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_SUSPECT = frozenset(STARTS_A_FORMULA)
"""With what a text begins that is looked at; most of a million cells begin with something else."""
_AT_A_TIME = 10_000
"""Rows that are written as one piece."""
NUMBER = pattern(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


def harmless(text: str) -> str:
    """The text, prefixed by ``'`` where a spreadsheet would take it for a formula."""
    if text.startswith(STARTS_A_FORMULA) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def as_entered(text: str) -> str:
    """The text before :func:`harmless` prefixed it."""
    bare = text.removeprefix("'")
    return bare if bare != text and harmless(bare) == text else text


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file in UTF-8: numbers in full precision, counts as integers, None as nothing."""
    return b"".join(csv_pieces(columns, rows))


def csv_pieces(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The same file, some rows at a time."""
    lines = chain(
        [columns],
        (
            [
                value if type(value) is str and value[:1] not in _SUSPECT else _cell(value)
                for value in row
            ]
            for row in rows
        ),
    )
    while piece := list(islice(lines, _AT_A_TIME)):
        text = StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(piece)
        yield text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value)
    return harmless(str(value))
