"""The rows of ``results.csv`` against those that the analysis gives again."""

import csv
from collections.abc import Iterator
from io import StringIO
from math import isclose

from trialkit.results.results import COLUMNS
from trialkit.verifying.recorded import shown

SAME_TO = 1e-9
"""Two machines may differ in the last digits of a float; a changed digit that matters is larger."""
_ID, _STAT = COLUMNS.index("result_id"), COLUMNS.index("stat")
_LONGEST_FIELD = 10_000_000


def different_rows(file: bytes, true: bytes) -> Iterator[str]:
    """What ``results.csv`` says otherwise than the analysis, a line each."""
    try:
        own, right = _rows(file), _rows(true)
    except (UnicodeDecodeError, csv.Error):
        yield "is not a CSV file in UTF-8"
        return
    if own is None or right is None:
        yield f"does not begin with the columns {', '.join(COLUMNS)}"
        return
    for name, values in right.items():
        if name not in own:
            yield f"{shown(name)}: the row is missing"
        elif own[name] != values:
            yield from _different_cells(name, own[name], values)
    for name in own:
        if name not in right:
            yield f"{shown(name)}: the analysis gives no such row"
    if len(own) == len(right) and list(own) != list(right):
        yield "the rows stand in another order"


def _rows(content: bytes) -> dict[str, list[str]] | None:
    csv.field_size_limit(_LONGEST_FIELD)
    lines = list(csv.reader(StringIO(content.decode("utf-8"), newline="")))
    if not lines or tuple(lines[0]) != COLUMNS:
        return None
    rows: dict[str, list[str]] = {}
    for values in lines[1:]:
        name = values[_ID] if len(values) > _ID else ""
        rows[f"{name} (again)" if name in rows else name] = values
    return rows


def _different_cells(name: str, own: list[str], right: list[str]) -> Iterator[str]:
    if len(own) != len(right):
        yield f"{shown(name)}: the row has {len(own)} cells, not {len(right)}"
        return
    for column, here, there in zip(COLUMNS, own, right, strict=True):
        if here != there and not (column == "stat" and _is_same(here, there)):
            yield f"{shown(name)}: {column} is {shown(here)!r}, the analysis gives {shown(there)!r}"


def _is_same(one: str, other: str) -> bool:
    try:
        return isclose(float(one), float(other), rel_tol=SAME_TO, abs_tol=SAME_TO * 1e-3)
    except ValueError:
        return False
