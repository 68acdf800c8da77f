"""Calculated items get their values, from what was entered and from each other.

A value that cannot be right (unreadable, outside its hard range, blank where it must be answered)
is not known, and neither is what is calculated from it. A calculated item without a value has the
missing code of the first item that it is calculated from and that has one. What was entered in its
own column is kept apart, to be compared by the checks. Of a row elsewhere whose key another row has,
too, nothing is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from trialkit.schemas.forms.expressions import Reference
from trialkit.schemas.forms.forms import Form, Item, Schemas
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.reading.conditions import calculations
from trialkit.schemas.rules.joining import ROW, SHARED, as_read, joined
from trialkit.schemas.rules.names import KEYS
from trialkit.store.snapshot import FormData


def with_calculations(forms: Mapping[str, FormData], schemas: Schemas) -> dict[str, FormData]:
    """The forms' data with the value of every calculated item."""
    calculated = dict(forms)
    for form, item in calculations(schemas.forms):
        calculated[form.id] = _with_value(form, item, calculated, schemas)
    return calculated


def _with_value(
    form: Form, item: Item, forms: Mapping[str, FormData], schemas: Schemas
) -> FormData:
    read = form.calculations[item.calculation]
    shown = form.conditions[item.shown_when] if item.shown_when else None
    references = (*read.references, *(shown.references if shown else ()))
    coded = _codes_of(read.references)
    tables = _tables(form, references, forms, schemas)
    own = tables[form.id]
    elsewhere = {
        name: table.unique(schemas.form(name).key, keep="first", maintain_order=True)
        for name, table in tables.items()
    }
    table = joined(tuple(dict.fromkeys((*references, *coded))), form, own, elsewhere)
    value = read.computed(table).alias(item.id)
    if shown is not None:
        value = pl.select(pl.when(shown.judged(table)).then(value)).to_series().alias(item.id)
    data = forms[form.id]
    codes = table.select(
        pl.coalesce([pl.lit(None, dtype=pl.String), *(each.column for each in coded)])
    ).to_series()
    inherited = pl.when(value.is_null()).then(codes.cast(data.coded[item.id].dtype))
    return replace(
        data,
        typed=data.typed.with_columns(value),
        coded=data.coded.with_columns(pl.coalesce([item.id, inherited]).alias(item.id)),
    )


def _codes_of(references: Sequence[Reference]) -> tuple[Reference, ...]:
    """The missing codes of the items that are read."""
    return tuple(
        dict.fromkeys(
            replace(each, code=True, of="", partial=False)
            for each in references
            if each.item not in KEYS
        )
    )


def _tables(
    form: Form, references: Sequence[Reference], forms: Mapping[str, FormData], schemas: Schemas
) -> dict[str, pl.DataFrame]:
    """The columns that the references need."""
    needed = {form.id: set[str]()}
    for each in references:
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
        tables[form_id] = table.with_columns(shared).with_row_index(ROW)
    return tables


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
