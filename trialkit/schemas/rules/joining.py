"""The table that an expression runs over: a form's rows, joined to what it reads elsewhere.

The tables that go in have, for each form, its key columns, ``ROW`` (null for a row that is due and
not there), ``SHARED`` (whether another row has the same key) and, for each item, what
:func:`as_read` makes of it. Each key stands in them once. Of a key that several rows of the data
have, nobody knows which row counts: what stands there is known to the row itself and to no other.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from trialkit.schemas.forms.expressions import COUNT, LATEST, MISSING, Reference
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.forms.partial_dates import earliest, latest
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.names import KEYS, chosen

ROW = "__row"
WRONG = "__wrong"
SHARED = "__shared"


def as_read(
    item: Item, values: pl.Series, codes: pl.Series, wrong: pl.Series
) -> dict[str, pl.Series]:
    """An item as rules read it: value, missing code, and whether it cannot be right.

    A value that cannot be right is null. Of several choices there is a column for each, of a
    partial date one for both its ends.
    """
    known = pl.select(pl.when(~wrong).then(as_computed(values))).to_series()
    parts = _parts(item, known)
    return {**parts, item.id + MISSING: codes.cast(pl.String), item.id + WRONG: wrong}


def as_computed(values: pl.Series) -> pl.Series:
    """A column as rules compute with it: numbers as floats, choices as text, dates as they are."""
    match values.dtype:
        case pl.Int64:
            return values.cast(pl.Float64)
        case pl.Enum():
            return values.cast(pl.String)
        case _:
            return values


def _parts(item: Item, known: pl.Series) -> dict[str, pl.Series]:
    value = pl.col(item.id)
    table = pl.DataFrame({item.id: known})
    if item.kind.nature is Nature.DAYS:
        table = table.select(earliest(value).alias(item.id), latest(value).alias(item.id + LATEST))
    elif item.kind.nature is Nature.CODES:
        codes = pl.when(value != "").then(value.str.split(" ")).when(value == "").then([])
        table = table.with_columns(
            codes.list.len().cast(pl.Float64).alias(item.id + COUNT),
            *(codes.list.contains(code).alias(item.id + chosen(code)) for code in item.codes),
        )
    return {name: table[name] for name in table.columns}


def joined(
    references: Sequence[Reference],
    form: Form,
    rows: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
) -> pl.DataFrame:
    """Rows of the form, with a column and a wrong mark for each reference.

    ``tables`` hold the rows that are read elsewhere, of this form at another visit as well.
    """
    places: dict[tuple[str, str], list[Reference]] = {}
    for reference in references:
        places.setdefault((reference.visit, reference.form), []).append(reference)
    keys = [key for key in form.key if key != "repeat"]
    own = places.pop(("", form.id), [])
    table = rows.filter(pl.col(ROW).is_not_null())
    table = table.select(ROW, *keys, *_named(own))
    for (visit, other), there in places.items():
        elsewhere = tables[other]
        on = ["subject_id"]
        if visit:
            elsewhere = elsewhere.filter(pl.col("visit") == visit)
        elif "visit" in elsewhere.columns:
            on = ["subject_id", "visit"]
        elsewhere = _without_shared(elsewhere).select(*on, *_named(there))
        table = table.join(elsewhere, on=on, how="left", validate="m:1", maintain_order="left")
    marks = dict.fromkeys(reference.wrong for reference in references)
    return table.with_columns(pl.col(mark).fill_null(value=False) for mark in marks)


def _without_shared(table: pl.DataFrame) -> pl.DataFrame:
    """The table, with nothing known of the rows whose key others have."""
    shared = pl.col(SHARED).fill_null(value=False)
    if not table[SHARED].any():
        return table
    keys = [*KEYS, ROW, SHARED]
    marks = [name for name in table.columns if name.endswith(WRONG)]
    values = [name for name in table.columns if name not in {*keys, *marks, "subject_id"}]
    return table.with_columns(
        *(pl.when(~shared).then(pl.col(name)).alias(name) for name in values),
        *((pl.col(name) | shared).alias(name) for name in marks),
    )


def _named(references: list[Reference]) -> list[pl.Expr]:
    """The columns of a form under the names that its references use."""
    columns: dict[str, pl.Expr] = {}
    for reference in references:
        source = reference.item + (MISSING if reference.code else reference.of)
        columns[reference.column] = pl.col(source).alias(reference.column)
        if reference.partial:
            columns[reference.latest] = pl.col(reference.item + LATEST).alias(reference.latest)
        wrong = pl.lit(value=False) if reference.item in KEYS else pl.col(reference.item + WRONG)
        columns[reference.wrong] = wrong.alias(reference.wrong)
    return list(columns.values())
