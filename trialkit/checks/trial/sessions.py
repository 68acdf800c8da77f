"""Sessions of one participant beside each other: two on a day, and numbers against dates.

Neither is asked about where a trial does it all the time: two sessions a day as planned, or a log that
is not numbered by date.
"""

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.judging.wording import shown
from trialkit.checks.trial.right_values import ROW, right_values
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import FormKind, Item, Purpose, Severity

_USUAL = 0.05
"""The share of days with two sessions, or of steps back in time, from which on it is usual."""
_FEW = 2
"""As many are asked about however few sessions there are."""


def check_sessions(cells: CheckedCells) -> tuple[Hits, ...]:
    """The second of two sessions on a day, and sessions whose date is out of the order of numbers."""
    form = cells.form
    day = form.item_for(Purpose.SESSION_DATE)
    if form.kind is not FormKind.SESSIONS or day is None or not form.repeating:
        return ()
    attended = form.item_for(Purpose.ATTENDED)
    table = right_values(cells, [day, *([attended] if attended else [])])
    table = table.rename({day.id: "day"}).drop_nulls(["day"]).sort("subject_id", "repeat", ROW)
    held = table.filter(pl.col(attended.id).fill_null(value=False)) if attended else table
    return (*_twice_a_day(held, day, cells), *_out_of_order(table, day, cells))


def _twice_a_day(held: pl.DataFrame, day: Item, cells: CheckedCells) -> tuple[Hits, ...]:
    key = ["subject_id", "day"]
    days = held.group_by(key, maintain_order=True).agg(
        pl.len().alias("n"), pl.col(ROW), pl.col("repeat").cast(pl.String)
    )
    twice = days.filter(pl.col("n") > 1)
    if twice.height > max(_FEW, _USUAL * days.height):
        return ()
    number = twice.select(pl.col("repeat").list.first()).to_series()
    return hits_at_rows(
        cells.form,
        cells.data,
        twice.select(pl.col(ROW).list.get(1)).to_series().to_numpy().astype(np.intp),
        lambda entered: (
            f"{day.label}: session "
            + pd.Series(number.to_list(), dtype="str")
            + " was held on "
            + shown(entered)
            + " too. Correct the date or take the second one out, or confirm that there were two."
        ),
        item=day.id,
        rule_id=BuiltIn.TWO_SESSIONS_A_DAY.value,
        severity=Severity.SOFT,
    )


def _out_of_order(table: pl.DataFrame, day: Item, cells: CheckedCells) -> tuple[Hits, ...]:
    """Of two sessions in the wrong order the one that differs from those around both."""
    neighbours = {f"by{step}": pl.col("day").shift(step).over("subject_id") for step in (2, 1, -1)}
    near = table.with_columns(**neighbours).with_columns(
        before=pl.col(ROW).shift(1).over("subject_id"),
        number=pl.col("repeat").cast(pl.String),
        number_before=pl.col("repeat").shift(1).over("subject_id").cast(pl.String),
    )
    back = near.filter(pl.col("day") < pl.col("by1"))
    if back.height > max(_FEW, _USUAL * table.height):
        return ()
    first_is_late = (pl.col("by1") > pl.col("by-1")).fill_null(value=False) & (
        pl.col("by2") <= pl.col("day")
    ).fill_null(value=True)
    said = back.select(
        row=pl.when(first_is_late).then("before").otherwise(ROW),
        own=pl.when(first_is_late).then("number_before").otherwise("number"),
        other=pl.when(first_is_late).then("number").otherwise("number_before"),
        how=pl.when(first_is_late).then(pl.lit("after")).otherwise(pl.lit("before")),
        day=pl.when(first_is_late).then("day").otherwise("by1").cast(pl.String),
    )
    own, other, how, then = (
        pd.Series(said[name].to_list(), dtype="str") for name in said.columns[1:]
    )
    return hits_at_rows(
        cells.form,
        cells.data,
        said["row"].to_numpy().astype(np.intp),
        lambda entered: (
            f"{day.label}: session "
            + own
            + " on "
            + shown(entered)
            + " was "
            + how
            + " session "
            + other
            + " on "
            + then
            + ". Correct the date or the number that is wrong, or confirm them."
        ),
        item=day.id,
        rule_id=BuiltIn.SESSION_ORDER.value,
        severity=Severity.SOFT,
    )
