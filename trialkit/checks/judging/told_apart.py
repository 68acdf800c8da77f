"""Two rows of a form that are of the same, such as a level and side, where there is to be one."""

from functools import partial

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Severity

_ROW, _FIRST = "__row", "__first"


def check_told_apart(cells: CheckedCells) -> tuple[Hits, ...]:
    """Each row that is of the same as one before it; of a blank nobody knows what it is of."""
    form, names = cells.form, list(cells.form.one_row_for)
    if not names:
        return ()
    order = [*form.key[:-1], *names]
    number = form.key[-1]
    usable = cells.data.take(cells.rows)
    rows = usable.typed.select(*form.key, *(pl.col(name).cast(pl.String) for name in names))
    rows = rows.with_columns(pl.Series(_ROW, cells.rows, dtype=pl.Int64)).filter(
        pl.all_horizontal(pl.col(order).is_not_null()),
        *(pl.Series(~cells.wrong[name][cells.rows]) for name in names),
    )
    rows = rows.sort(number, _ROW).with_columns(pl.col(number).first().over(order).alias(_FIRST))
    again = rows.filter(~pl.struct(order).is_first_distinct()).sort(_ROW)
    return hits_at_rows(
        form,
        cells.data,
        again[_ROW].to_numpy().astype(np.intp),
        partial(_same_as, form=form, first=pd.Series(again[_FIRST].to_list(), dtype="object")),
        item=names[0],
        rule_id=BuiltIn.SAME_ROW_TWICE.value,
        severity=Severity.HARD,
    )


def _same_as(entered: pd.Series, *, form: Form, first: pd.Series) -> pd.Series:
    told = " and ".join(f"“{form.item(name).label}”" for name in form.one_row_for)
    number = first.astype("str")
    return pd.Series(
        "Number "
        + number
        + f" has the same {told}; correct the one that is wrong, or take one out.",
        index=entered.index,
    )
