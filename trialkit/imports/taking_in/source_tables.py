"""A table of a file from elsewhere: its own columns, its own words, and where each row stands."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from trialkit.errors import DataFileError
from trialkit.files.csv_reading import read_any_table
from trialkit.files.workbook_reading import Sheet, SheetCell
from trialkit.limits import MOST_PLACES
from trialkit.protocol.trial.data_format import DataFormat

_POINTED = re.compile(r"-?[0-9]+\.[0-9]+(e[+-][0-9]+)?")
_SEARCHED_ROWS = 25
"""How far down a sheet its names of columns may stand, below titles and remarks."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SourceTable:
    """Text by the file's own columns, and what stands in the way of taking it."""

    place: str
    """How messages call it: ``answers.xlsx, sheet Pain``."""
    sheet: str
    cells: pl.DataFrame
    places: tuple[str, ...]
    """Where each row stands."""
    troubles: Mapping[str, tuple[str, ...]]
    """By column the cells without a value that could be taken, each with its place and the reason."""
    formulas: Mapping[str, int]
    """By column how many cells are formulas whose last value was taken."""
    merged: tuple[str, ...] = ()
    """Areas of cells that were merged into one, below the names of the columns."""


def csv_table(path: Path, data: DataFormat) -> SourceTable:
    """The table in a CSV file.

    Raises :class:`~trialkit.errors.DataFileError` for a file that cannot be read.
    """
    raw = read_any_table(path, file=path.name, data=data)
    return SourceTable(
        place=path.name,
        sheet="",
        cells=raw.cells,
        places=tuple(f"line {line}" for line in raw.lines.tolist()),
        troubles={},
        formulas={},
    )


def sheet_table(sheet: Sheet, *, file: str, subject: str, data: DataFormat) -> SourceTable | None:
    """The table on a sheet whose column ``subject`` names the participant; None if there is none.

    The names of the columns are in the first row that has this one.
    """
    head = _head(sheet, subject)
    if head is None:
        return None
    names = _names(sheet.rows[head])
    rows = [row for row in sheet.rows if row > head]
    place = f"{file}, sheet {sheet.name}"
    if len(names) * len(rows) > MOST_PLACES:
        raise DataFileError(
            f"{place}: has {len(names):,} named columns and {len(rows):,} rows, together more than "
            f"the {MOST_PLACES:,} places that are read; remove what is no data, or import it as CSV"
        )
    cells = {
        name: [_text(sheet.rows[row].get(column), data) for row in rows]
        for column, name in names.items()
    }
    return SourceTable(
        place=place,
        sheet=sheet.name,
        cells=pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)),
        places=tuple(f"{place}, row {row}" for row in rows),
        troubles={name: _troubles(sheet, rows, column) for column, name in names.items()},
        formulas={name: _formulas(sheet, rows, column) for column, name in names.items()},
        merged=tuple(area for area in sheet.merged if _last_row(area) >= head),
    )


def _head(sheet: Sheet, subject: str) -> int | None:
    for row in list(sheet.rows)[:_SEARCHED_ROWS]:
        if subject in (_name(cell) for cell in sheet.rows[row].values()):
            return row
    return None


def _names(cells: Mapping[int, SheetCell]) -> dict[int, str]:
    """By column its name; of columns with one name each says where it stands."""
    names = {column: _name(cell) for column, cell in cells.items() if _name(cell)}
    often = Counter(names.values())
    return {
        column: name if often[name] == 1 else f"{name} (column {column_letters(column)})"
        for column, name in names.items()
    }


def _name(cell: SheetCell) -> str:
    return " ".join(cell.text.split())


def _text(cell: SheetCell | None, data: DataFormat) -> str:
    if cell is None:
        return ""
    if cell.number and data.decimal == "," and _POINTED.fullmatch(cell.text):
        return cell.text.replace(".", ",")
    return cell.text


def _troubles(sheet: Sheet, rows: list[int], column: int) -> tuple[str, ...]:
    cells = ((row, sheet.rows[row].get(column)) for row in rows)
    letters = column_letters(column)
    return tuple(
        f"cell {letters}{row}: {cell.trouble}" for row, cell in cells if cell and cell.trouble
    )


def _formulas(sheet: Sheet, rows: list[int], column: int) -> int:
    cells = (sheet.rows[row].get(column) for row in rows)
    return sum(cell is not None and cell.formula and not cell.trouble for cell in cells)


def _last_row(area: str) -> int:
    digits = "".join(sign for sign in area.rpartition(":")[2] if sign.isdigit())
    return int(digits[:9] or 0)


def column_letters(column: int) -> str:
    """A column as a spreadsheet names it: 28 is ``AB``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
