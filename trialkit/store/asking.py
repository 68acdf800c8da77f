"""Whether an item was to be asked: by its condition, of each row that could be there.

By three-valued logic: where the condition reads what nobody knows, nobody knows whether the item was
to be asked. The checks judge the same: a blank is a finding only where the condition is known to
hold, and an answer only where it is known not to.
"""

from collections.abc import Mapping

import polars as pl

from trialkit.schemas.forms.forms import Form, Item, Schemas
from trialkit.schemas.rules.joining import ROW, WRONG, joined
from trialkit.store.data_days import NO_DAYS, DataDays
from trialkit.store.rows_as_read import one_row_a_key, tables_as_read
from trialkit.store.snapshot import FormData


def shown(
    form: Form,
    item: Item,
    keys: pl.DataFrame,
    forms: Mapping[str, FormData],
    schemas: Schemas,
    *,
    days: DataDays = NO_DAYS,
) -> pl.Series:
    """Of each key of the form, whether its condition shows the item: true, false, or null.

    ``keys`` has the key columns of the form, as text or as they are kept; a row that is not there
    has answered nothing.
    """
    if not item.shown_when:
        return pl.repeat(value=True, n=keys.height, dtype=pl.Boolean, eager=True)
    condition = form.conditions[item.shown_when]
    elsewhere = one_row_a_key(
        tables_as_read(form, condition.references, forms, schemas, condition.looks, days=days),
        schemas,
    )
    there = elsewhere[form.id].rename({ROW: "__there"})
    own = keys.select(pl.col(key).cast(there.schema[key]) for key in form.key)
    own = own.join(there, on=form.key, how="left", maintain_order="left")
    absent = pl.col("__there").is_null()
    own = own.with_row_index(ROW).with_columns(
        pl.when(absent).then(statement=True).otherwise(name).alias(name)
        for name in there.columns
        if name.endswith(WRONG)
    )
    return condition.judged(joined(condition.references, form, own, elsewhere, condition.looks))
