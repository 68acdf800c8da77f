"""Calculated items get their values, from what was entered and from each other.

A value that cannot be right (unreadable, outside its hard range, blank where it must be answered)
is not known, and neither is what is calculated from it. A calculated item without a value has the
missing code of the first item that it is calculated from and that has one. What was entered in its
own column is kept apart, to be compared by the checks. Of a row elsewhere whose key another row has,
too, nothing is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from trialkit.schemas.forms.expressions import Reference
from trialkit.schemas.forms.forms import Form, Item, Schemas
from trialkit.schemas.reading.conditions import calculations
from trialkit.schemas.rules.joining import joined
from trialkit.schemas.rules.names import NO_ITEMS
from trialkit.store.data_days import NO_DAYS, DataDays
from trialkit.store.rows_as_read import one_row_a_key, tables_as_read
from trialkit.store.snapshot import FormData


def with_calculations(
    forms: Mapping[str, FormData], schemas: Schemas, days: DataDays = NO_DAYS
) -> dict[str, FormData]:
    """The forms' data with the value of every calculated item."""
    calculated = dict(forms)
    for form, item in calculations(schemas.forms):
        calculated[form.id] = _with_value(form, item, calculated, schemas, days=days)
    return calculated


def with_calculations_of(
    form: Form, forms: Mapping[str, FormData], schemas: Schemas, days: DataDays = NO_DAYS
) -> FormData:
    """The data of one form with the values of its calculated items; the others have theirs."""
    calculated = dict(forms)
    for each, item in calculations(schemas.forms):
        if each.id == form.id:
            calculated[form.id] = _with_value(each, item, calculated, schemas, days=days)
    return calculated[form.id]


def _with_value(
    form: Form, item: Item, forms: Mapping[str, FormData], schemas: Schemas, *, days: DataDays
) -> FormData:
    read = form.calculations[item.calculation]
    shown = form.conditions[item.shown_when] if item.shown_when else None
    references = (*read.references, *(shown.references if shown else ()))
    looks = (*read.looks, *(shown.looks if shown else ()))
    coded = _codes_of(read.references)
    tables = tables_as_read(form, references, forms, schemas, looks, days=days)
    together = tuple(dict.fromkeys((*references, *coded)))
    table = joined(together, form, tables[form.id], one_row_a_key(tables, schemas), looks)
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
            if each.item not in NO_ITEMS
        )
    )
