"""Dates that had not come: later than the last day that the data can know of.

An item whose day lies ahead by its nature (``ahead``) is left alone, as is one that is calculated. The
date of a row that stands although it lies after the cut is found, too: a later visit took place by
then (:mod:`trialkit.store.cutting`).
"""

from datetime import date
from functools import partial

import numpy as np
import polars as pl

from trialkit.checks.judging import wording
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Item, Severity
from trialkit.schemas.forms.partial_dates import earliest
from trialkit.schemas.items.kind import Nature
from trialkit.store.cutting import own_date
from trialkit.store.data_days import DataDays
from trialkit.store.snapshot import FormData


def may_be_too_late(item: Item) -> bool:
    """Whether the item holds a day that has to be over."""
    return item.kind.nature.has_a_day and item.kind.is_asked and not item.ahead


def after(value: pl.Expr, item: Item, day: date) -> pl.Expr:
    """Whether a value surely lies after a day: of a date known in part, its first day does."""
    if item.kind.nature is Nature.DAYS:
        return earliest(value) > day
    return value.cast(pl.Date) > day


def check_days(
    form: Form,
    item: Item,
    data: FormData,
    right: np.ndarray,
    *,
    days: DataDays,
    written: DataFormat,
) -> tuple[Hits, ...]:
    """The dates of an item that lie too late, among the rows that are right so far."""
    if days.today is None or not may_be_too_late(item):
        return ()
    said = partial(wording.not_yet, item=item, data=written, day=days.today)
    beyond = _rows(item, data, right, days.today)
    found = [(beyond, said)]
    if days.cut is not None and item is own_date(form):
        said = partial(wording.after_the_cut, item=item, data=written, day=days.cut)
        found.append((np.setdiff1d(_rows(item, data, right, days.cut), beyond), said))
    hits: tuple[Hits, ...] = ()
    for rows, words in found:
        hits += hits_at_rows(
            form,
            data,
            rows,
            words,
            item=item.id,
            rule_id=BuiltIn.AFTER_CUT.value,
            severity=Severity.HARD,
        )
    return hits


def _rows(item: Item, data: FormData, right: np.ndarray, day: date) -> np.ndarray:
    late = data.typed.select(after(pl.col(item.id), item, day).fill_null(value=False))
    rows: np.ndarray = right[late.to_series().to_numpy()[right]]
    return rows
