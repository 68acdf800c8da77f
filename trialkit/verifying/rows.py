"""The rows of ``results.csv`` and ``series.csv`` against those that the analysis gives again."""

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from math import isclose

from trialkit.results.results import COLUMNS
from trialkit.results.series import SERIES_COLUMNS
from trialkit.verifying.recorded import shown

SAME_TO = 1e-9
"""Two machines may differ in the last digits of a float; a changed digit that matters is larger."""
_NUMBERS = frozenset({"stat", "x", "y", "low", "high"})
DRAWN_COLUMNS = (*SERIES_COLUMNS, "note")
_LONGEST_FIELD = 10_000_000


def different_rows(file: bytes, true: bytes, columns: tuple[str, ...] = COLUMNS) -> Iterator[str]:
    """What a table of results says otherwise than the analysis, a line each; ids come first in a row."""
    try:
        own, right = _rows(file, columns), _rows(true, columns)
    except (UnicodeDecodeError, csv.Error):
        yield "is not a CSV file in UTF-8"
        return
    if own is None or right is None:
        yield f"does not begin with the columns {', '.join(columns)}"
        return
    for name, values in right.items():
        if name not in own:
            yield f"{shown(name)}: the row is missing"
        elif own[name] != values:
            yield from _different_cells(name, own[name], values, columns)
    for name in own:
        if name not in right:
            yield f"{shown(name)}: the analysis gives no such row"
    if [name for name in own if name in right] != [name for name in right if name in own]:
        yield "the rows stand in another order"


def _rows(content: bytes, columns: tuple[str, ...]) -> dict[str, list[str]] | None:
    csv.field_size_limit(_LONGEST_FIELD)
    lines = list(csv.reader(StringIO(content.decode("utf-8"), newline="")))
    if not lines or tuple(lines[0]) != columns:
        return None
    rows: dict[str, list[str]] = {}
    seen: Counter[str] = Counter()
    for values in lines[1:]:
        name = values[0] if values else ""
        seen[name] += 1
        rows[name if seen[name] == 1 else f"{name} ({seen[name]})"] = values
    return rows


def _different_cells(
    name: str, own: list[str], right: list[str], columns: tuple[str, ...]
) -> Iterator[str]:
    if len(own) != len(right):
        yield f"{shown(name)}: the row has {len(own)} cells, not {len(right)}"
        return
    for column, here, there in zip(columns, own, right, strict=True):
        if here != there and not (column in _NUMBERS and _is_same(here, there)):
            yield f"{shown(name)}: {column} is {shown(here)!r}, the analysis gives {shown(there)!r}"


def _is_same(one: str, other: str) -> bool:
    try:
        return isclose(float(one), float(other), rel_tol=SAME_TO, abs_tol=SAME_TO * 1e-3)
    except ValueError:
        return False
