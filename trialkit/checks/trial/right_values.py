"""The values of a form that can be right, as what looks at several rows together reads them."""

from collections.abc import Sequence

import polars as pl

from trialkit.checks.judging.cells import CheckedCells
from trialkit.schemas.forms.forms import Item

ROW = "__row"


def right_values(cells: CheckedCells, items: Sequence[Item]) -> pl.DataFrame:
    """The usable rows that share their key with none: their number, their key, and the items.

    What cannot be right is missing; lists of choices and choices are text.
    """
    at = pl.Series(cells.rows, dtype=pl.UInt32)
    usable = cells.data.typed.select([*cells.form.key, *(item.id for item in items)])
    usable = usable.select(pl.all().gather(at)) if len(at) < usable.height else usable
    columns = {}
    for item in items:
        value = usable[item.id]
        if value.dtype in {pl.Categorical, pl.Enum}:
            value = value.cast(pl.String)
        wrong = pl.Series(cells.wrong[item.id][cells.rows], dtype=pl.Boolean)
        columns[item.id] = value.to_frame("value").select(
            pl.when(~wrong).then(pl.col("value")).alias(item.id)
        )[item.id]
    table = usable.with_columns(**columns).with_columns(pl.Series(ROW, cells.rows, dtype=pl.Int64))
    shared = pl.Series(cells.shared[cells.rows], dtype=pl.Boolean)
    return table.filter(~shared)
