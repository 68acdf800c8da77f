"""The rows of ``results.csv`` and ``series.csv`` against those that the analysis gives again."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO

from trialkit.results.results import COLUMNS
from trialkit.results.series import SERIES_COLUMNS
from trialkit.verifying.recorded import shown
from trialkit.verifying.same_text import is_same_number

_NUMBERS = frozenset({"stat", "x", "y", "low", "high"})
DRAWN_COLUMNS = (*SERIES_COLUMNS, "note")
_LONGEST_FIELD = 10_000_000


def different_rows(file: bytes, true: bytes, columns: tuple[str, ...] = COLUMNS) -> Iterator[str]:
    """What a table of results says otherwise than the analysis, a line each; ids come first in a row.

    Another version of trialkit may have had other columns: each is told once, the others compared.
    """
    try:
        (head, own), (_, right) = _rows(file), _rows(true)
    except (UnicodeDecodeError, csv.Error):
        yield "is not a CSV file in UTF-8"
        return
    if head[:1] != columns[:1] or len(set(head)) != len(head):
        yield f"does not begin with the columns {', '.join(columns)}"
        return
    yield from (f"has no column {name}" for name in columns if name not in head)
    yield from (
        f"has a column {shown(name)}, not known here" for name in head if name not in columns
    )
    for name, values in right.items():
        if name not in own:
            yield f"{shown(name)}: the row is missing"
        elif len(own[name]) != len(head):
            yield f"{shown(name)}: the row has {len(own[name])} cells, not {len(head)}"
        else:
            there = dict(zip(columns, values, strict=True))
            here = dict(zip(head, own[name], strict=True))
            yield from _different_cells(name, here, there)
    for name in own:
        if name not in right:
            yield f"{shown(name)}: the analysis gives no such row"
    if [name for name in own if name in right] != [name for name in right if name in own]:
        yield "the rows stand in another order"


def _rows(content: bytes) -> tuple[tuple[str, ...], dict[str, list[str]]]:
    """The heads of the columns, and each row by its id."""
    with _long_fields():
        lines = list(csv.reader(StringIO(content.decode("utf-8"), newline="")))
    head = tuple(lines[0]) if lines else ()
    rows: dict[str, list[str]] = {}
    seen: Counter[str] = Counter()
    for values in lines[1:]:
        name = values[0] if values else ""
        seen[name] += 1
        rows[name if seen[name] == 1 else f"{name} ({seen[name]})"] = values
    return head, rows


@contextmanager
def _long_fields() -> Iterator[None]:
    """Cells as long as a text of the results; the limit is that of the whole program."""
    before = csv.field_size_limit(_LONGEST_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _different_cells(name: str, own: Mapping[str, str], right: Mapping[str, str]) -> Iterator[str]:
    for column in (each for each in right if each in own):
        here, there = own[column], right[column]
        if here != there and not (column in _NUMBERS and is_same_number(here, there)):
            yield f"{shown(name)}: {column} is {shown(here)!r}, the analysis gives {shown(there)!r}"
