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

from trialkit.checks.cells import CheckedCells
from trialkit.schemas.forms import Form, Item, ItemType
from trialkit.schemas.partial_dates import earliest, latest
from trialkit.schemas.rules.expression import Condition
from trialkit.schemas.rules.names import COUNT, KEYS, LATEST, MISSING, Reference, chosen
from trialkit.store.snapshot import FormData

_ROW = "__row"
_WRONG = "__wrong"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdicts:
    """For which rows of a form a condition holds, and for which it does not.

    Rows of which it cannot be said are in neither.
    """

    true: np.ndarray
    false: np.ndarray


def rule_table(cells: CheckedCells, absent: pd.DataFrame | None) -> pl.DataFrame:
    """The usable rows of a form as rules read them, and the rows that are due and not there."""
    columns = {_ROW: pl.Series(cells.rows, dtype=pl.Int64)}
    usable = cells.data.take(cells.rows)
    for key in cells.form.key:
        columns[key] = _as_rules_compute(usable.typed[key])
    for item in cells.form.items:
        columns |= _columns(item, cells, usable)
    table = pl.DataFrame(columns)
    if absent is None or absent.empty:
        return table
    keys = {key: absent[key].tolist() for key in cells.form.key if key in absent.columns}
    ghosts = pl.DataFrame(keys, schema=dict.fromkeys(keys, pl.String)).with_columns(
        pl.lit(value=True).alias(item.id + _WRONG) for item in cells.form.items
    )
    return pl.concat([table, ghosts], how="diagonal")


def _columns(item: Item, cells: CheckedCells, usable: FormData) -> dict[str, pl.Series]:
    doubtful = cells.wrong[item.id].copy()
    if not item.shown_when:
        doubtful[cells.required.get(item.id, [])] = True
    wrong = pl.Series(doubtful[cells.rows], dtype=pl.Boolean)
    values = _as_rules_compute(usable.typed[item.id])
    codes = usable.coded[item.id].cast(pl.String)
    known = pl.select(pl.when(~wrong).then(values)).to_series()
    read = _parts(item, known)
    return {**read, item.id + MISSING: codes, item.id + _WRONG: wrong}


def _parts(item: Item, known: pl.Series) -> dict[str, pl.Series]:
    """What rules read of a value: of several choices each, of a partial date both its ends."""
    value = pl.col(item.id)
    table = pl.DataFrame({item.id: known})
    if item.type is ItemType.PARTIAL_DATE:
        table = table.select(earliest(value).alias(item.id), latest(value).alias(item.id + LATEST))
    elif item.type is ItemType.MULTI_CHOICE:
        codes = pl.when(value != "").then(value.str.split(" ")).when(value == "").then([])
        table = table.with_columns(
            codes.list.len().cast(pl.Float64).alias(item.id + COUNT),
            *(codes.list.contains(code).alias(item.id + chosen(code)) for code in item.codes),
        )
    return {name: table[name] for name in table.columns}


def _as_rules_compute(values: pl.Series) -> pl.Series:
    """A column as rules compute with it: numbers as floats, choices as text, dates as they are."""
    match values.dtype:
        case pl.Int64:
            return values.cast(pl.Float64)
        case pl.Enum():
            return values.cast(pl.String)
        case _:
            return values


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
    table = _joined(condition.references, form, tables)
    judged = table.select(_ROW).with_columns(condition.judged(table).alias("holds"))
    return Verdicts(
        true=judged.filter(pl.col("holds"))[_ROW].to_numpy(),
        false=judged.filter(~pl.col("holds"))[_ROW].to_numpy(),
    )


def _joined(
    references: tuple[Reference, ...], form: Form, tables: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """The rows of the form, with a column and a wrong mark for each reference."""
    places: dict[tuple[str, str], list[Reference]] = {}
    for reference in references:
        places.setdefault((reference.visit, reference.form), []).append(reference)
    keys = [key for key in form.key if key != "repeat"]
    own = places.pop(("", form.id), [])
    table = tables[form.id].filter(pl.col(_ROW).is_not_null())
    table = table.select(_ROW, *keys, *_named(own))
    for (visit, other), there in places.items():
        rows = tables[other]
        on = ["subject_id"]
        if visit:
            rows = rows.filter(pl.col("visit") == visit)
        elif "visit" in rows.columns:
            on = ["subject_id", "visit"]
        rows = rows.select(*on, *_named(there))
        table = table.join(rows, on=on, how="left", validate="m:1", maintain_order="left")
    marks = dict.fromkeys(reference.wrong for reference in references)
    return table.with_columns(pl.col(mark).fill_null(value=False) for mark in marks)


def _named(references: list[Reference]) -> list[pl.Expr]:
    """The columns of a form under the names that its references use."""
    columns: dict[str, pl.Expr] = {}
    for reference in references:
        source = reference.item + (MISSING if reference.code else reference.of)
        columns[reference.column] = pl.col(source).alias(reference.column)
        if reference.partial:
            columns[reference.latest] = pl.col(reference.item + LATEST).alias(reference.latest)
        wrong = pl.lit(value=False) if reference.item in KEYS else pl.col(reference.item + _WRONG)
        columns[reference.wrong] = wrong.alias(reference.wrong)
    return list(columns.values())
