"""What was entered for a calculated item, beside the value that follows from the other items.

A value entered with fewer decimals is equal when it is the calculated one rounded to them. Where
an item that it is calculated from has a finding of its own, nothing is said.
"""

from functools import partial

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging import wording
from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.judging.others import Others
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Item, Severity
from trialkit.schemas.rules.condition_words import items_in_words
from trialkit.schemas.rules.joining import ROW
from trialkit.schemas.values.parsing import parse_item

_CLOSE = 1e-9


def check_calculated(cells: CheckedCells, others: Others) -> tuple[Hits, ...]:
    """Entered values of calculated items that cannot be read, or are not what follows."""
    hits: list[Hits] = []
    for item in cells.form.calculated:
        if _anything_entered(item, cells):
            hits += _compared(item, cells, others)
    return tuple(hits)


def _anything_entered(item: Item, cells: CheckedCells) -> bool:
    return bool((cells.data.entered[item.id] != "").any())


def _compared(item: Item, cells: CheckedCells, others: Others) -> tuple[Hits, ...]:
    usable = cells.data.take(cells.rows)
    entered = parse_item(usable.entered[item.id], item, data=cells.written)
    digits = usable.entered[item.id].str.strip_chars().str.extract(r"[.,]([0-9]+)$", 1)
    rounding = 0.5 * 10.0 ** -digits.str.len_chars().fill_null(0).cast(pl.Float64)
    value = usable.typed[item.id]
    apart = (entered.values - value).abs() > rounding + _CLOSE * value.abs().clip(1.0)
    lacking = value.is_null() & entered.values.is_not_null() & ~_doubted(item, cells, others)
    different = np.flatnonzero(apart.fill_null(value=False).to_numpy())
    expected = pd.Series(value.gather(pl.Series(different, dtype=pl.UInt32)).to_numpy())
    unread = np.flatnonzero(entered.unreadable.to_numpy())
    of = items_in_words(cells.form.calculations[item.calculation].reads, cells.form, others.schemas)
    found = (
        (unread, partial(wording.unreadable, item=item, data=cells.written), BuiltIn.UNREADABLE),
        (
            different,
            partial(wording.miscalculated, item=item, value=expected, data=cells.written, of=of),
            BuiltIn.MISCALCULATED,
        ),
        (
            np.flatnonzero(lacking.to_numpy()),
            partial(wording.not_calculable, item=item, of=of),
            BuiltIn.MISCALCULATED,
        ),
    )
    hits: list[Hits] = []
    for rows, words, rule in found:
        hits += hits_at_rows(
            cells.form,
            cells.data,
            cells.rows[rows],
            words,
            item=item.id,
            rule_id=rule.value,
            severity=Severity.HARD,
        )
    return tuple(hits)


def _doubted(item: Item, cells: CheckedCells, others: Others) -> pl.Series:
    """Whether anything that the item is calculated from cannot be right, for each usable row."""
    read = cells.form.calculations[item.calculation]
    if not read.reads:
        return pl.repeat(value=False, n=len(cells.rows), eager=True)
    table = others.beside(cells, read.references, read.looks).sort(ROW)
    return table.select(pl.any_horizontal(read.doubts)).to_series()
