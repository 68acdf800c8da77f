"""The rows at hand beside those that are judged, as conditions read them.

A value that cannot be right stands as null beside a mark that says so. So does a blank cell that
must be answered, and every item of a row that is due and not there: each has its own finding, and
the rules that read it find nothing. The same is true of a row whose key another row has, too, for
whatever reads it from elsewhere: nobody knows which of them counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.cells import CheckedCells, check_cells
from trialkit.schemas.forms.expressions import (
    Condition,
    OtherRows,
    Reference,
    every_look,
    every_reference,
)
from trialkit.schemas.forms.forms import Form, Item, Schemas
from trialkit.schemas.rules.joining import (
    ROW,
    SHARED,
    WRONG,
    as_computed,
    as_read,
    joined,
    with_days,
)
from trialkit.store.data_days import NO_DAYS, DataDays
from trialkit.store.snapshot import FormData


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Rows of one form, with the values of its calculated items."""

    data: FormData
    usable: np.ndarray
    """Whether each row has a known subject and visit, and a key that no earlier row has."""
    shared: np.ndarray | None = None
    """Whether each row has a key that another one has, too; None where no row has."""


class CellsOfForms(Mapping[str, CheckedCells]):
    """The cells of each form at hand, looked at when they are first asked for, or known before."""

    def __init__(
        self,
        rows: Mapping[str, Rows],
        schemas: Schemas,
        files: frozenset[str] = frozenset(),
        days: DataDays = NO_DAYS,
        *,
        known: Mapping[str, CheckedCells] | None = None,
    ) -> None:
        self._rows = rows
        self._schemas = schemas
        self._files = files
        self.days = days
        self._made = dict(known or {})

    def of(self, form: Form, rows: Rows) -> CheckedCells:
        """The cells of rows of a form; those at hand are looked at once."""
        if self._rows.get(form.id) is rows:
            return self[form.id]
        return self._checked(form, rows)

    def holds(self, cells: CheckedCells) -> bool:
        """Whether these cells are those of their form at hand."""
        return self._made.get(cells.form.id) is cells

    def __getitem__(self, form_id: str) -> CheckedCells:
        if form_id not in self._made:
            form = self._schemas.form(form_id)
            self._made[form_id] = self._checked(form, self._rows[form_id])
        return self._made[form_id]

    def _checked(self, form: Form, rows: Rows) -> CheckedCells:
        return check_cells(
            form,
            rows.data,
            rows.usable,
            shared=rows.shared,
            written=self._schemas.data,
            files=self._files,
            days=self.days,
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


@dataclass(frozen=True, kw_only=True, eq=False)
class Others:
    """What is known of a trial beside the rows that are judged; these may be among it."""

    schemas: Schemas
    cells: CellsOfForms
    absent: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """By form, the keys of the rows that are due and not there."""
    _tables: dict[str, pl.DataFrame] = field(default_factory=dict, init=False, repr=False)

    def table(self, form_id: str) -> pl.DataFrame:
        """The rows of a form as rules read them, made when a rule first does."""
        if form_id not in self._tables:
            self._tables[form_id] = _table(self.cells[form_id], self.absent.get(form_id))
        return self._tables[form_id]

    def beside(
        self, cells: CheckedCells, references: Sequence[Reference], looks: Sequence[OtherRows] = ()
    ) -> pl.DataFrame:
        """The judged rows, with a column and a wrong mark for each reference, and what others say."""
        form = cells.form
        among = self.cells.holds(cells)
        own = self.table(form.id) if among else _table(cells, None)
        elsewhere = {}
        read, asked = every_reference(references, looks), {each.form for each in every_look(looks)}
        for form_id in dict.fromkeys([*(each.form for each in read), *sorted(asked)]):
            if form_id != form.id or among:
                elsewhere[form_id] = self.table(form_id)
            elif form_id in asked or any(each.visit for each in read if each.form == form_id):
                there = self.table(form_id).join(own, on=list(form.key), how="anti")
                elsewhere[form_id] = pl.concat([there, own], how="diagonal")
        return joined(references, form, own, elsewhere, looks)


def _table(cells: CheckedCells, absent: pd.DataFrame | None) -> pl.DataFrame:
    """The usable rows of a form as rules read them, and the rows that are due and not there."""
    columns = {
        ROW: pl.Series(cells.rows, dtype=pl.Int64),
        SHARED: pl.Series(cells.shared[cells.rows], dtype=pl.Boolean),
    }
    usable = cells.data.take(cells.rows)
    for key in cells.form.key:
        columns[key] = as_computed(usable.typed[key])
    for item in cells.form.items:
        columns |= _columns(item, cells, usable)
    days = cells.days
    table = with_days(pl.DataFrame(columns), today=days.today, cut=days.cut)
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdicts:
    """For which rows of a form a condition holds, and for which it does not.

    Rows of which it cannot be said are in neither.
    """

    true: np.ndarray
    false: np.ndarray


def verdicts(condition: Condition, cells: CheckedCells, others: Others) -> Verdicts:
    """What a condition says of each usable row of a form."""
    table = others.beside(cells, condition.references, condition.looks)
    holds = condition.judged(table)
    rows = table[ROW].to_numpy()
    if not holds.null_count():
        known = holds.to_numpy()
        return Verdicts(true=rows[known], false=rows[~known])
    return Verdicts(
        true=rows[holds.fill_null(value=False).to_numpy()],
        false=rows[~holds.fill_null(value=True).to_numpy()],
    )
