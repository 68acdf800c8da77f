"""An entry workbook that comes back, row by row: what was changed in it, and what it cannot decide.

A row that was there is taken as far as somebody changed it. Where the data changed meanwhile too,
the row is listed and left as it is; so is a new row whose key another row has.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from trialkit.imports.entry_workbook.as_it_was import told
from trialkit.imports.entry_workbook.shown_rows import next_number
from trialkit.imports.taking_in.difference import same_answers
from trialkit.imports.taking_in.incoming import (
    Incoming,
    IncomingTable,
    LeftOut,
    as_cells,
    keys,
    named,
)
from trialkit.imports.taking_in.present import present_rows
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.forms.identifying import MASKED, for_display, identifying, masked_texts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settled:
    """What of a workbook is taken, and the rows that are not, each with the reason."""

    incoming: Incoming
    refused: tuple[LeftOut, ...]


def settled(incoming: Incoming, folder: Path, schemas: Schemas) -> Settled:
    """The changes that a workbook brings, beside the data as they stand in ``folder``.

    A table of a sheet that does not say what its rows were is taken as it is.
    """
    tables, refused = [], []
    for table in incoming.tables:
        if not any(place in incoming.as_it_was for place in table.places):
            tables.append(table)
            continue
        form = schemas.form(table.form_id)
        there = present_rows(folder, form, schemas.data).cells
        rows = _Rows(table, incoming.as_it_was, there, form, schemas.data)
        tables.append(rows.taken())
        refused += rows.refused
    return Settled(incoming=replace(incoming, tables=tuple(tables)), refused=tuple(refused))


class _Rows:
    """The rows of a table three times: as they were, as the data have them, as the workbook has."""

    def __init__(
        self,
        table: IncomingTable,
        as_it_was: Mapping[str, str],
        there: pl.DataFrame,
        form: Form,
        data: DataFormat,
    ) -> None:
        self.refused: list[LeftOut] = []
        self._table = replace(table, cells=as_cells(table.cells))
        self._form = form
        self._items = [name for name in table.cells.columns if name not in form.key]
        self._keys = keys(self._table.cells, form)
        columns = [*form.key, *self._items]
        read = [told(as_it_was.get(place, ""), columns) for place in table.places]
        self._is_old = np.array([each is not None for each in read], dtype=bool)
        blank = dict.fromkeys(columns, "")
        schema = dict.fromkeys(columns, pl.String)
        self._was = pl.DataFrame([each or blank for each in read], schema=schema)
        numbers = {key: number for number, key in enumerate(keys(there, form).rows())}
        at = [numbers.get(key) for key in self._keys.rows()]
        self._is_there = np.array([each is not None for each in at], dtype=bool)
        known = there.select([name for name in self._items if name in there.columns])
        self._now = known[[each or 0 for each in at]] if there.height else known.clear(len(at))
        self._there = there
        self._says = self._table.cells
        for item in identifying(form) & set(self._items) & set(self._now.columns):
            self._read_masks(item)
        self._moved, self._changed, self._differs = (
            self._unlike(one, other, data)
            for one, other in (
                (self._was, self._now),
                (self._was, self._says),
                (self._says, self._now),
            )
        )

    def _read_masks(self, item: str) -> None:
        """Put what is behind the mask of an answer that names a person in its place.

        A mask that nobody wrote over says what the data say. One that was written over was the
        answer that is there, unless the data have another one by now.
        """
        is_mask = self._is_old & np.array([each.startswith(MASKED) for each in self._was[item]])
        now, was = self._now[item], self._was[item]
        untouched = is_mask & (self._says[item].fill_null("").str.strip_chars() == was).to_numpy()
        still = untouched | (is_mask & (masked_texts(now) == was).to_numpy())
        self._says = self._says.with_columns(_where(untouched, now, self._says[item]))
        self._was = self._was.with_columns(_where(still, now, was))

    def _unlike(self, one: pl.DataFrame, other: pl.DataFrame, data: DataFormat) -> np.ndarray:
        """By row and item, whether two of the three say something else."""
        columns = [
            ~same_answers(
                one[item].fill_null(""), other[item].fill_null(""), self._form, item, data
            ).fill_null(value=False)
            if item in one.columns and item in other.columns
            else pl.repeat(False, self._says.height, eager=True)  # noqa: FBT003 - of polars
            for item in self._items
        ]
        if not columns:
            return np.zeros((self._says.height, 0), dtype=bool)
        return np.column_stack([column.to_numpy() for column in columns])

    def taken(self) -> IncomingTable:
        """The rows that are taken, with the cells that change; a new one has all of them."""
        kept, wanted = [], np.zeros_like(self._differs)
        for row in range(self._says.height):
            why = self._why_not(row)
            if why:
                self.refused.append(
                    LeftOut(
                        place=self._table.places[row],
                        found=named(self._form, self._keys.row(row)),
                        why=why,
                    )
                )
                continue
            if self._is_old[row] and not self._is_there[row]:
                continue  # nobody touched it, and it is gone
            kept.append(row)
            is_new = not self._is_old[row] and not self._is_there[row]
            changes = self._changed[row] if self._is_old[row] else True
            wanted[row] = True if is_new else self._differs[row] & changes
        columns = [
            pl.select(pl.when(pl.Series(wanted[:, number])).then(self._says[item]))
            .to_series()
            .alias(item)
            for number, item in enumerate(self._items)
        ]
        cells = self._says.with_columns(columns)[kept]
        return replace(
            self._table, cells=cells, places=tuple(self._table.places[row] for row in kept)
        )

    def _why_not(self, row: int) -> str:
        """Why a row is not taken; empty where it is."""
        if not self._is_old[row]:
            return self._why_not_new(row) if self._is_there[row] else ""
        was = keys(self._was[row], self._form).row(0)
        changed = bool((self._changed[row] & self._differs[row]).any())
        if was != self._keys.row(row):
            return (
                f"the row was {named(self._form, was)} when the workbook was made; put that back, "
                "and add a row below for another one"
            )
        if not self._is_there[row]:
            return (
                "was changed in the workbook, and is not in the data any more"
                if (self._changed[row].any())
                else ""
            )
        if changed and bool((self._moved[row] & self._differs[row]).any()):
            return (
                f"was changed in the data since the workbook was made: {self._both(row)}. Ask which "
                "is right, and change it in a new workbook"
            )
        return ""

    def _both(self, row: int) -> str:
        """What the workbook and the data say of a row that both changed."""
        differs = self._differs[row] & (self._changed[row] | self._moved[row])
        return "; ".join(
            f"{self._form.item(item).label} was {self._told(item, self._was, row)}, is "
            f"{self._told(item, self._now, row)}, and the workbook says "
            f"{self._told(item, self._says, row)}"
            for number, item in enumerate(self._items)
            if differs[number]
        )

    def _told(self, item: str, table: pl.DataFrame, row: int) -> str:
        return repr(for_display(self._form, item, (table[item][row] or "").strip()))

    def _why_not_new(self, row: int) -> str:
        """Why a row that was added is not taken where another has its key."""
        says = [(self._says[item][row] or "").strip() for item in self._items]
        now = [self._now[item][row].strip() for item in self._items if item in self._now.columns]
        differs = self._differs[row]
        fills = all(
            not different or not present for different, present in zip(differs, now, strict=True)
        )
        if fills and any(now) and any(says):
            return ""
        if not self._form.repeating:
            return (
                "is new in the workbook, and was entered in the data since it was made; change it "
                "in a new workbook"
            )
        return (
            "is new in the workbook, and the data have another row of this number; the next free "
            f"number is {self._free(row)}"
        )

    def _free(self, row: int) -> int:
        """The first number that neither the data nor the workbook have."""
        own = self._keys.row(row)[:-1]
        rows = (*keys(self._there, self._form).rows(), *self._keys.rows())
        return next_number(key[-1] for key in rows if key[:-1] == own)


def _where(chosen: np.ndarray, one: pl.Series, other: pl.Series) -> pl.Series:
    """A column with the texts of one where it is chosen, else those of the other."""
    return pl.select(
        pl.when(pl.Series(chosen)).then(one).otherwise(other).alias(other.name)
    ).to_series()
