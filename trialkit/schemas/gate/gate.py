"""The one gate that typed values pass: types, choices, ranges and blank required cells of a form.

All rules of a form are one select over its columns, so wrong data come back all together, as numbers
of rows. What is compared is what was parsed: nothing is coerced or filled in, and what is missing
breaks no limit. Keys are the business of the shape phase; severity, label and message stay with the
form.
"""

from collections.abc import Iterator
from datetime import date, datetime, time

import numpy as np
import polars as pl

from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.items.kind import Nature

BLANK = "__blank"
"""Behind the id of a required item: the column that says whether the cell was left blank."""
EARLIEST = "__earliest"
"""Behind the id of a partial date: the column of its first possible days; its own has the last."""
NO_CHOICE = "__no_choice"
"""Behind the id of a choice: the column that says whether something else was entered."""
Place = tuple[str, BuiltIn]
"""An item, and the rule that it breaks."""


def broken_rules(table: pl.DataFrame, form: Form) -> dict[Place, np.ndarray]:
    """The rules that rows of ``table`` break, each with the rows' numbers, ascending.

    The table has a column of typed values for each item, and beside it those that :data:`BLANK`,
    :data:`EARLIEST` and :data:`NO_CHOICE` name.
    """
    rules = {place: broken for item in form.items for place, broken in _rules(item)}
    found = table.select(
        broken.fill_null(value=False).arg_true().implode().alias(str(number))
        for number, broken in enumerate(rules.values())
    )
    rows = (column[0].to_numpy().astype(np.intp) for column in found)
    return {place: each for place, each in zip(rules, rows, strict=True) if len(each)}


def _rules(item: Item) -> Iterator[tuple[Place, pl.Expr]]:
    """The rules of an item, and where each is broken; null where it speaks of nothing."""
    if item.kind.nature is Nature.CODE:
        yield (item.id, BuiltIn.NOT_A_CHOICE), pl.col(item.id + NO_CHOICE)
    for rule, limits in (
        (BuiltIn.OUT_OF_RANGE, item.range),
        (BuiltIn.UNUSUAL, item.expected_range),
    ):
        last, first = pl.col(item.id), pl.col(item.id)
        if item.kind.nature is Nature.DAYS:
            first = pl.col(item.id + EARLIEST)
        if item.kind.nature is Nature.NUMBER:
            last, first = last.fill_nan(None), first.fill_nan(None)
        outside = []
        if limits.low is not None:
            outside.append(last < _limit(limits.low, item))
        if limits.high is not None:
            outside.append(first > _limit(limits.high, item, through=True))
        if outside:
            yield (item.id, rule), pl.any_horizontal(outside)
    if item.required:
        yield (item.id, BuiltIn.REQUIRED), pl.col(item.id + BLANK)


def _limit(limit: float | date, item: Item, *, through: bool = False) -> pl.Expr:
    """A limit as a column is compared with it; of a moment, a day goes through to its end."""
    if isinstance(limit, date) and item.kind.nature is Nature.MOMENT:
        return pl.lit(datetime.combine(limit, time.max if through else time.min))
    return pl.lit(limit)
