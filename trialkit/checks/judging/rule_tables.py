"""The tables that conditions run over: each form's usable rows, joined to what a rule reads.

A value that cannot be right stands as null beside a mark that says so. So does a blank cell that
must be answered, and every item of a row that is due and not there: each has its own finding, and
the rules that read it find nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.cells import CheckedCells
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.rules.expression import Condition
from trialkit.schemas.rules.joining import ROW, WRONG, as_computed, as_read, joined
from trialkit.store.snapshot import FormData


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdicts:
    """For which rows of a form a condition holds, and for which it does not.

    Rows of which it cannot be said are in neither.
    """

    true: np.ndarray
    false: np.ndarray


def rule_table(cells: CheckedCells, absent: pd.DataFrame | None) -> pl.DataFrame:
    """The usable rows of a form as rules read them, and the rows that are due and not there."""
    columns = {ROW: pl.Series(cells.rows, dtype=pl.Int64)}
    usable = cells.data.take(cells.rows)
    for key in cells.form.key:
        columns[key] = as_computed(usable.typed[key])
    for item in cells.form.items:
        columns |= _columns(item, cells, usable)
    table = pl.DataFrame(columns)
    if absent is None or absent.empty:
        return table
    keys = {key: absent[key].tolist() for key in cells.form.key if key in absent.columns}
    ghosts = pl.DataFrame(keys, schema=dict.fromkeys(keys, pl.String)).with_columns(
        pl.lit(value=True).alias(item.id + WRONG) for item in cells.form.items
    )
    return pl.concat([table, ghosts], how="diagonal")


def _columns(item: Item, cells: CheckedCells, usable: FormData) -> dict[str, pl.Series]:
    doubtful = cells.wrong[item.id].copy()
    if not item.shown_when:
        doubtful[cells.required.get(item.id, [])] = True
    wrong = pl.Series(doubtful[cells.rows], dtype=pl.Boolean)
    return as_read(item, usable.typed[item.id], usable.coded[item.id], wrong)


class RuleTables(Mapping[str, pl.DataFrame]):
    """The tables of all forms, each made when a rule first reads it."""

    def __init__(
        self, cells: Mapping[str, CheckedCells], absent: Mapping[str, pd.DataFrame]
    ) -> None:
        self._cells = cells
        self._absent = absent
        self._made: dict[str, pl.DataFrame] = {}

    def __getitem__(self, form_id: str) -> pl.DataFrame:
        if form_id not in self._made:
            self._made[form_id] = rule_table(self._cells[form_id], self._absent.get(form_id))
        return self._made[form_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)


def verdicts(condition: Condition, form: Form, tables: Mapping[str, pl.DataFrame]) -> Verdicts:
    """What a condition says of each usable row of a form."""
    table = joined(condition.references, form, tables)
    judged = table.select(ROW).with_columns(condition.judged(table).alias("holds"))
    return Verdicts(
        true=judged.filter(pl.col("holds"))[ROW].to_numpy(),
        false=judged.filter(~pl.col("holds"))[ROW].to_numpy(),
    )
