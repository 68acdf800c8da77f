"""Rows as expressions read them: a value that cannot be right is not known.

It cannot be right that is unreadable, outside its hard range, or blank where it must be answered.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from trialkit.schemas.forms.expressions import OtherRows, Reference, every_look, every_reference
from trialkit.schemas.forms.forms import Form, Item, Schemas
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.joining import ROW, SHARED, as_read, with_days
from trialkit.store.data_days import NO_DAYS, DataDays
from trialkit.store.snapshot import FormData


def tables_as_read(
    form: Form,
    references: Sequence[Reference],
    forms: Mapping[str, FormData],
    schemas: Schemas,
    looks: Sequence[OtherRows] = (),
    *,
    days: DataDays = NO_DAYS,
) -> dict[str, pl.DataFrame]:
    """The columns that are read, of the form itself and of each other form that is named or asked."""
    needed = {form.id: set[str](), **{each.form: set[str]() for each in every_look(looks)}}
    for each in every_reference(references, looks):
        needed.setdefault(each.form, set()).add(each.item)
    tables = {}
    for form_id, items in needed.items():
        other, data = schemas.form(form_id), forms[form_id]
        columns = {key: data.typed[key] for key in other.key}
        if "repeat" in columns:
            columns["repeat"] = columns["repeat"].cast(pl.Float64)
        for item in (each for each in other.items if each.id in items):
            values, codes = data.typed[item.id], data.coded[item.id]
            columns |= as_read(item, values, codes, _wrong(item, data))
        table = pl.DataFrame(columns)
        shared = table.select(pl.struct(other.key).is_duplicated().alias(SHARED))
        table = with_days(table, today=days.today, cut=days.cut)
        tables[form_id] = table.with_columns(shared).with_row_index(ROW)
    return tables


def one_row_a_key(tables: Mapping[str, pl.DataFrame], schemas: Schemas) -> dict[str, pl.DataFrame]:
    """The tables with the first row of each key, as they can be joined to others."""
    return {
        name: table.unique(schemas.form(name).key, keep="first", maintain_order=True)
        for name, table in tables.items()
    }


def _wrong(item: Item, data: FormData) -> pl.Series:
    """Whether what a cell holds, or that it holds nothing, cannot be right."""
    value = pl.col("value")
    table = pl.DataFrame(
        {"value": data.typed[item.id], "code": data.coded[item.id], "text": data.entered[item.id]}
    )
    nothing = value.is_null() & pl.col("code").is_null()
    blank = pl.col("text").str.strip_chars() == ""
    wrong = pl.lit(value=False)
    if item.kind.is_asked:
        must = item.required and not item.shown_when
        wrong = nothing if must else nothing & ~blank
    if item.kind.nature is not Nature.DAYS:
        low, high = _limit(item.range.low, item), _limit(item.range.high, item, last=True)
        wrong = wrong | (value < low) if low is not None else wrong
        wrong = wrong | (value > high) if high is not None else wrong
    return table.select(
        pl.repeat(value=False, n=pl.len()) | wrong.fill_null(value=False)
    ).to_series()


def _limit(limit: float | date | None, item: Item, *, last: bool = False) -> pl.Expr | None:
    """A limit beside the values of an item; of a moment, a day goes through to its end."""
    if limit is None:
        return None
    if item.kind.nature is Nature.MOMENT:
        day = pl.lit(limit).cast(pl.Datetime("us"))
        return day + pl.duration(days=1) - pl.duration(microseconds=1) if last else day
    return pl.lit(limit)
