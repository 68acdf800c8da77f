"""At which of its form's visits an item can be asked at all, whatever anybody answers."""

import polars as pl

from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.expressions import Reference, every_look
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.rules.joining import ROW, SHARED, as_read, joined
from trialkit.schemas.rules.names import NO_ITEMS
from trialkit.schemas.values.parsing import parse_item


def visits_that_ask(form: Form, item: Item, forms: tuple[Form, ...]) -> tuple[str, ...]:
    """The visits of the form, without those at which the item's condition cannot hold.

    All that the condition reads besides the visit is taken to be unknown.
    """
    condition = form.conditions.get(item.shown_when)
    if condition is None or not form.visits:
        return form.visits
    known = {each.id: each for each in forms} | {form.id: form}
    read = {each.form for each in condition.reads} | {form.id}
    read |= {each.form for each in every_look(condition.looks)}
    empty = {name: _no_rows(known[name]) for name in sorted(read)}
    visits = pl.DataFrame({"visit": form.visits}).with_row_index(ROW)
    own = pl.concat([empty[form.id], visits], how="diagonal_relaxed")
    table = joined(condition.references, form, own, empty, condition.looks)
    unknown = [pl.lit(value=True).alias(each.wrong) for each in _answers(condition.references)]
    for look in condition.looks:
        nothing = [name for name in (look.column, look.latest, look.sized) if name in table.columns]
        unknown += [pl.lit(value=True).alias(look.doubt)]
        unknown += [pl.lit(None, dtype=table.schema[name]).alias(name) for name in nothing]
    holds = condition.judged(table.with_columns(unknown))
    return tuple(
        visit
        for visit, fails in zip(form.visits, holds.not_().fill_null(value=False), strict=True)
        if not fails
    )


def _answers(references: tuple[Reference, ...]) -> list[Reference]:
    """What is read besides the key of the row."""
    return [each for each in references if each.item not in NO_ITEMS]


def _no_rows(form: Form) -> pl.DataFrame:
    """The table of a form in which nobody has a row."""
    nothing = pl.Series([], dtype=pl.String)
    never = pl.Series([], dtype=pl.Boolean)
    columns = {ROW: pl.Series([], dtype=pl.UInt32), SHARED: never}
    columns |= {key: nothing.cast(pl.Float64) if key == "repeat" else nothing for key in form.key}
    for item in form.items:
        values = parse_item(nothing.alias(item.id), item, data=DataFormat()).values
        columns |= as_read(item, values, nothing, never)
    return pl.DataFrame(columns)
