"""Tables as CSV that a spreadsheet opens without running anything in them."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, TextIOWrapper
from re import compile as pattern

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = pattern(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


def harmless(text: str) -> str:
    """The text, prefixed by ``'`` where a spreadsheet would take it for a formula."""
    if text.startswith(STARTS_A_FORMULA) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file in UTF-8: numbers in full precision, counts as integers, None as nothing."""
    written = BytesIO()
    with TextIOWrapper(written, encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(value) for value in row] for row in rows)
        text.flush()
        return written.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value)
    return harmless(str(value))
