"""Rows whose answers or measurements are those of another row, where chance does not do that.

Two rows of one person may agree because nothing changed: what is usual for the form is taken from how
often each item agrees from visit to visit. Rows of two persons are compared where something was
measured; measurements that go together agree together by chance, too, and one at the end of its scale
says nothing. Rows in which nearly all answers are one and the same (no complaint at all) say nothing.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.trial.coincidences import pairs_alike_by_chance
from trialkit.checks.trial.right_values import ROW, right_values
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Item, Severity
from trialkit.schemas.items.kind import Nature

_ANSWERS, _MEASUREMENTS = 6, 2
_DIFFERENT = 20
"""How many different values an item has that is taken for a measurement."""
_AT_MOST_ONE_VALUE = 0.7
_ANSWERED_ALIKE, _MEASURED_ALIKE = 0.5, 0.05
"""How many such agreements may be expected by chance in all of a form, so that one is asked about."""
_SELDOM = 0.02
"""The share of pairs of visits that agree up to which it is asked about."""
_PAIRS = 5


def check_copies(cells: CheckedCells) -> tuple[Hits, ...]:
    """The later of two rows of a form that say the same."""
    form = cells.form
    if not form.visits or len(cells.rows) < _PAIRS:
        return ()
    items = [item for item in form.asked if _is_compared(item)]
    if not items:
        return ()
    rows = right_values(cells, items).with_columns(
        pl.col(item.id).cast(pl.Float64 if item.kind.is_number else pl.String) for item in items
    )
    measured = [item for item in items if _is_measured(item, rows)]
    hits: list[Hits] = []
    if len(items) >= _ANSWERS:
        hits += _of_one_person(items, rows, cells, most=_ANSWERED_ALIKE)
    elif len(measured) >= _MEASUREMENTS:
        hits += _of_one_person(measured, rows, cells, most=_MEASURED_ALIKE)
    if len(measured) >= _MEASUREMENTS:
        hits += _of_two_persons(measured, rows, cells)
    return tuple(hits)


def _is_compared(item: Item) -> bool:
    nature = item.kind.nature
    answered = nature is Nature.CODE or item.kind.is_number or nature is Nature.TRUTH
    return answered and item.purpose is None and not item.identifier


def _is_measured(item: Item, rows: pl.DataFrame) -> bool:
    return item.kind.is_number and rows[item.id].drop_nulls().n_unique() >= _DIFFERENT


def _of_one_person(
    items: Sequence[Item], rows: pl.DataFrame, cells: CheckedCells, *, most: float
) -> tuple[Hits, ...]:
    names = [item.id for item in items]
    known = rows.filter(pl.sum_horizontal(pl.col(names).is_not_null()) * 2 > len(names))
    known = known.sort("subject_id", ROW)
    earlier = (pl.col(name).eq_missing(pl.col(name).shift()).alias(name) for name in names)
    own = pl.col("subject_id") == pl.col("subject_id").shift()
    pairs = known.select(*earlier, __own=own).filter(pl.col("__own").fill_null(value=False))
    if pairs.height < _PAIRS:
        return ()
    same = pairs.select(pl.all_horizontal(names)).to_series()
    others = pairs.filter(~same).select(names)
    alike = same.sum() / pairs.height
    if others.is_empty() or alike > max(_SELDOM, 1.5 / pairs.height):
        return ()
    chance = np.prod([float(others[name].sum()) / others.height for name in names])
    if chance * pairs.height > most:
        return ()
    theirs = ["subject_id", *names]
    twice = known.filter(known.select(pl.struct(theirs).is_duplicated()).to_series())
    first = twice.unique(theirs, keep="first", maintain_order=True)
    again = twice.join(first, on=theirs, nulls_equal=True, suffix="__then").filter(
        (pl.col(ROW) > pl.col(f"{ROW}__then")) & (pl.col("visit") != pl.col("visit__then"))
    )
    found = again.filter(_tells_something(again, names)).unique(ROW, maintain_order=True)
    return _said(found, pl.lit("visit ") + pl.col("visit__then").cast(pl.String), cells)


def _of_two_persons(
    items: Sequence[Item], rows: pl.DataFrame, cells: CheckedCells
) -> tuple[Hits, ...]:
    names = [item.id for item in items]
    known = rows.drop_nulls(names)
    if known.height < _PAIRS:
        return ()
    known = known.filter(
        pl.sum_horizontal(
            pl.col(name).is_between(pl.col(name).min(), pl.col(name).max(), closed="none")
            for name in names
        )
        >= _MEASUREMENTS
    )
    if known.height < _PAIRS:
        return ()
    if pairs_alike_by_chance(known, names) > _MEASURED_ALIKE:
        return ()
    twice = known.filter(known.select(pl.struct(names).is_duplicated()).to_series()).sort(ROW)
    first = twice.unique(names, keep="first", maintain_order=True)
    again = twice.join(first, on=names, suffix="__then").filter(
        (pl.col(ROW) > pl.col(f"{ROW}__then"))
        & (pl.col("subject_id") != pl.col("subject_id__then"))
    )
    return _said(again.unique(ROW, maintain_order=True), pl.lit("another participant"), cells)


def _tells_something(pairs: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """Whether no single value makes up most of the answers of a row."""
    answers = pairs.select(
        pl.concat_list(pl.col(name).cast(pl.String) for name in names).alias("all")
    )
    mode = answers.select(
        pl.col("all").list.drop_nulls().list.eval(pl.element().value_counts(sort=True)).list.first()
    ).to_series()
    most = mode.struct.field("count").fill_null(0)
    counted = answers["all"].list.drop_nulls().list.len()
    return most <= _AT_MOST_ONE_VALUE * counted


def _said(found: pl.DataFrame, of: pl.Expr, cells: CheckedCells) -> tuple[Hits, ...]:
    found = found.sort(ROW)
    whose = pd.Series(found.with_columns(__of=of)["__of"].to_list(), dtype="str")
    return hits_at_rows(
        cells.form,
        cells.data,
        found[ROW].to_numpy().astype(np.intp),
        lambda _: (
            f"All answers of {cells.form.title!r} are those of "
            + whose
            + ". Enter what this visit's sheet says, or confirm that it says the same."
        ),
        item="",
        rule_id=BuiltIn.COPIED_ANSWERS.value,
        severity=Severity.SOFT,
    )
