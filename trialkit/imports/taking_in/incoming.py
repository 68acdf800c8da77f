"""What a file from elsewhere holds, in the words of the trial, before anything is written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from trialkit.errors import DataFileError
from trialkit.schemas.forms.forms import Form, Schemas

_LISTED = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IncomingTable:
    """Rows for one form.

    ``cells`` are text as ``data/<form>.csv`` is to hold it, an empty cell ``""``: the key columns of
    the form, all of them, and those of its items that the file has. Null is a cell that the file
    does not have, which changes nothing. ``places`` says of each row where it came from, such as
    ``pain.xlsx, sheet Pain, row 4``.
    """

    form_id: str
    cells: pl.DataFrame
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something in a file from elsewhere that does not become part of the trial, and why."""

    place: str
    """Where it stands: a file, a sheet, a row of a dictionary, a column."""
    found: str
    why: str

    def __str__(self) -> str:
        return f"{self.place}: {self.found}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Incoming:
    """A file from elsewhere, as far as it could be understood."""

    source: str
    tables: tuple[IncomingTable, ...]
    left_out: tuple[LeftOut, ...] = ()
    whole: frozenset[str] = frozenset()
    """The forms of which it has all rows, as far as it is what it says."""
    as_it_was: Mapping[str, str] = field(default_factory=dict)
    """By the place of a row what an entry workbook says that it was; blank for one that was added."""


def as_cells(cells: pl.DataFrame) -> pl.DataFrame:
    """Text as a data file gives it back: lines end in a line feed, and there is no NUL."""
    return cells.with_columns(
        pl.all().str.replace_all(r"\r\n?", "\n").str.replace_all("\x00", "", literal=True)
    )


def check_incoming(incoming: Incoming, schemas: Schemas) -> None:
    """Refuse tables that cannot be placed: a key that is blank, or there twice.

    Raises :class:`DataFileError` with all such rows together.
    """
    wrong = [
        complaint
        for table in incoming.tables
        for complaint in _key_complaints(table, schemas.form(table.form_id))
    ]
    if wrong:
        raise DataFileError(
            f"{incoming.source}: nothing was imported, since rows cannot be told apart:\n  - "
            + "\n  - ".join(wrong)
        )


def keys(cells: pl.DataFrame, form: Form) -> pl.DataFrame:
    """The key of each row as it is compared: without white space, ``repeat`` without zeros."""
    stripped = cells.select(pl.col(*form.key).str.strip_chars())
    if not form.repeating:
        return stripped
    return stripped.with_columns(pl.col("repeat").str.replace(r"^\+?0*([0-9])", "$1"))


def _key_complaints(table: IncomingTable, form: Form) -> list[str]:
    rows = keys(table.cells, form)
    complaints = []
    for column in form.key:
        blank = rows.select((pl.col(column) == "").arg_true()).to_series().to_list()
        if blank:
            places = _listed([table.places[row] for row in blank])
            complaints.append(f"{form.id}: {column} is blank in {places}; {_WRITE[column]}")
    counts = Counter(rows.rows())
    twice = [key for key, count in counts.items() if count > 1 and all(key)]
    for key in twice[:_LISTED]:
        where = [place for row, place in zip(rows.rows(), table.places, strict=True) if row == key]
        complaints.append(
            f"{form.id}: {named(form, key)} is there {len(where)} times: {_listed(where)}"
        )
    if len(twice) > _LISTED:
        complaints.append(f"{form.id}: and {len(twice) - _LISTED} more keys that are there twice")
    return complaints


_WRITE = {
    "subject_id": "write whom the row is of",
    "visit": "write the visit that the row is of",
    "repeat": "write a number that no other row of the participant has, such as the next one",
}
"""What a row without this part of its key needs."""


def named(form: Form, key: Sequence[str]) -> str:
    """A row as a message names it: ``subject_id 0012, visit BL``."""
    return ", ".join(f"{name} {value}" for name, value in zip(form.key, key, strict=True))


def _listed(places: Sequence[str]) -> str:
    more = len(places) - _LISTED
    return "; ".join(places[:_LISTED]) + (f" and {more} more" if more > 0 else "")
