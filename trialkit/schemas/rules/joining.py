"""The table that an expression runs over: a form's rows, joined to what it reads elsewhere.

The tables that go in have, for each form, its key columns, ``ROW`` (null for a row that is due and
not there), ``SHARED`` (whether another row has the same key) and, for each item, what
:func:`as_read` makes of it. Each key stands in them once. Of a key that several rows of the data
have, nobody knows which row counts: what stands there is known to the row itself and to no other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from trialkit.schemas.forms.expressions import (
    COUNT,
    LATEST,
    MISSING,
    Kind,
    Looking,
    OtherRows,
    Reference,
    run,
)
from trialkit.schemas.forms.forms import Form, Item
from trialkit.schemas.forms.partial_dates import earliest, latest
from trialkit.schemas.items.kind import Nature
from trialkit.schemas.rules.names import CUT, DAYS, ENTRY, NO_ITEMS, TODAY, chosen

ROW = "__row"
WRONG = "__wrong"
SHARED = "__shared"
_AT_A_TIME = 2_000_000
"""How many rows are compared with the rows that ask at a time."""


def as_read(
    item: Item, values: pl.Series, codes: pl.Series, wrong: pl.Series
) -> dict[str, pl.Series]:
    """An item as rules read it: value, missing code, and whether it cannot be right.

    A value that cannot be right is null. Of several choices there is a column for each, of a
    partial date one for both its ends.
    """
    known = as_computed(values)
    if wrong.any():
        known = pl.select(pl.when(~wrong).then(known)).to_series()
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


def with_days(
    table: pl.DataFrame, *, today: date | None = None, cut: date | None = None
) -> pl.DataFrame:
    """The rows with the days by which they are looked at; not known where nobody stated them."""
    stated = {TODAY: today, CUT: cut, ENTRY: None}
    return table.with_columns(
        pl.lit(day, dtype=pl.Date).alias(name) for name, day in stated.items()
    )


def joined(
    references: Sequence[Reference],
    form: Form,
    rows: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    looks: Sequence[OtherRows] = (),
) -> pl.DataFrame:
    """Rows of the form, with a column and a wrong mark for each reference, and what others say.

    ``tables`` hold the rows that are read elsewhere, of this form at another visit as well, and
    those of each form that is asked as a whole.
    """
    asked = tuple({each.column: each for each in looks}.values())
    read = WhatIsRead(form=form.id, key=form.key, references=tuple(references), looks=asked)
    there = rows.filter(pl.col(ROW).is_not_null()) if rows[ROW].null_count() else rows
    table = with_what_is_read(read, there, tables)
    return table.drop("repeat") if "repeat" in table.columns else table


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIsRead:
    """What is read of each row of a form, and beside it; :func:`with_what_is_read` carries it out."""

    form: str
    key: tuple[str, ...]
    references: tuple[Reference, ...]
    looks: tuple[OtherRows, ...]


def with_what_is_read(
    read: WhatIsRead, rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """The key of each row, a column and a wrong mark for each reference, and what others say."""
    places: dict[tuple[str, str], list[Reference]] = {}
    for reference in read.references:
        places.setdefault((reference.visit, reference.form), []).append(reference)
    own = places.pop(("", read.form), [])
    if any(each.item in DAYS.values() for each in own) and TODAY not in rows.columns:
        rows = with_days(rows)
    table = rows.select(ROW, *read.key, *_named(own))
    for (visit, other), there in places.items():
        elsewhere = tables[other]
        on = ["subject_id"]
        if visit:
            elsewhere = elsewhere.filter(pl.col("visit") == visit)
        elif "visit" in elsewhere.columns:
            on = ["subject_id", "visit"]
        elsewhere = _without_shared(elsewhere).select(*on, *_named(there))
        table = table.join(elsewhere, on=on, how="left", validate="m:1", maintain_order="left")
    marks = dict.fromkeys(reference.wrong for reference in read.references)
    unmarked = [mark for mark in marks if table[mark].null_count()]
    if unmarked:
        table = table.with_columns(pl.col(unmarked).fill_null(value=False))
    for look in read.looks:
        asked = asked_rows(look, tables)
        if look.how is Looking.PREVIOUS:
            table = with_row_before(look, table, asked)
        elif look.outer:
            table = _with_one(look, table, _compared(look, table, asked), [ROW])
        else:
            table = _with_one(look, table, rows_answered(look, asked), shared_key(look))
    return table


def _with_one(
    look: OtherRows, table: pl.DataFrame, answered: pl.DataFrame, together: Sequence[str]
) -> pl.DataFrame:
    """The table with the one answer that all rows which are asked give together."""
    if look.how in {Looking.COUNT, Looking.ANY}:
        return _with_answers(look, table, answered, together)
    return _with_values(look, table, answered, together)


def _without_shared(table: pl.DataFrame) -> pl.DataFrame:
    """The table, with nothing known of the rows whose key others have."""
    shared = pl.col(SHARED).fill_null(value=False)
    if not table[SHARED].any():
        return table
    keys = [*NO_ITEMS, ROW, SHARED]
    marks = [name for name in table.columns if name.endswith(WRONG)]
    values = [name for name in table.columns if name not in {*keys, *marks, "subject_id"}]
    return table.with_columns(
        *(pl.when(~shared).then(pl.col(name)).alias(name) for name in values),
        *((pl.col(name) | shared).alias(name) for name in marks),
    )


VALUE, _LAST, _SIZE, _DOUBT, _AMONG = "__value", "__last", "__size", "__doubt", "__among"


def asked_rows(look: OtherRows, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The rows that a look is at, each with what is read of it."""
    rows = _without_shared(tables[look.form])
    if look.visit:
        rows = rows.filter(pl.col("visit") == look.visit)
    read = WhatIsRead(form=look.form, key=look.key, references=look.references, looks=look.looks)
    return with_what_is_read(read, rows, tables)


def rows_answered(look: OtherRows, rows: pl.DataFrame) -> pl.DataFrame:
    """What each row gives, and whether it depends on what cannot be right."""
    last = look.value if look.last is None else look.last
    size = look.value if look.size is None else look.size
    among = pl.lit(value=True) if look.among is None else look.among
    given = run(rows, look.literals, look.steps, look.value, last, size, among)
    doubt = pl.any_horizontal(look.wrong) if look.wrong else pl.lit(value=False)
    return rows.with_columns(
        *(
            each.alias(name)
            for each, name in zip(given, (VALUE, _LAST, _SIZE, _AMONG), strict=True)
        ),
        doubt.alias(_DOUBT),
    )


def shared_key(look: OtherRows) -> list[str]:
    """What the rows that are asked have in common with the row that asks."""
    return [name for name in look.key[:-1] if name != "visit" or not look.visit]


def with_row_before(look: OtherRows, table: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The table with what the row before each gives: by its number, or at the visit before."""
    *together, order = look.key
    given = [VALUE, _LAST, _SIZE, _DOUBT]
    answered = rows_answered(look, rows).select(*look.key, *given, _AMONG)
    answered = answered.filter(pl.col(_AMONG).fill_null(value=True)).drop(_AMONG)
    if order == "repeat":
        answered = answered.filter(pl.col(order).is_not_null()).sort(*look.key)
        answered = answered.with_columns(pl.col(given).shift(look.back).over(together))
    else:
        later = dict(zip(look.visits, look.visits[look.back :], strict=False))
        visit = pl.col(order).cast(pl.String)
        answered = answered.with_columns(
            visit.replace_strict(later, default=None, return_dtype=pl.String).alias(order)
        )
    answered = answered.cast({name: table.schema[name] for name in look.key})
    answered = answered.unique(look.key, keep="first", maintain_order=True)
    named = {VALUE: look.column, _LAST: look.latest, _SIZE: look.sized, _DOUBT: look.doubt}
    table = table.join(
        answered.rename(named), on=look.key, how="left", validate="m:1", maintain_order="left"
    )
    return table.with_columns(pl.col(look.doubt).fill_null(value=False))


def _with_answers(
    look: OtherRows, table: pl.DataFrame, rows: pl.DataFrame, together: Sequence[str]
) -> pl.DataFrame:
    """The table with in how many rows a condition holds, or whether it does in any."""
    value = pl.col(VALUE)
    counted = (
        rows.group_by(together)
        .agg(
            value.sum().alias("__sure"),
            value.is_null().sum().alias("__open"),
            (value.is_null() & pl.col(_DOUBT)).any().alias(look.doubt),
        )
        .cast({name: table.schema[name] for name in together})
    )
    table = table.join(counted, on=together, how="left", validate="m:1", maintain_order="left")
    sure, unknown = (pl.col(name).fill_null(0).cast(pl.Float64) for name in ("__sure", "__open"))
    is_one = pl.when(sure > 0).then(statement=True).when(unknown == 0).then(statement=False)
    return table.with_columns(
        (sure if look.how is Looking.COUNT else is_one).alias(look.column),
        (sure + unknown).alias(look.latest),
        pl.col(look.doubt).fill_null(value=False),
    ).drop("__sure", "__open")


def _with_values(
    look: OtherRows, table: pl.DataFrame, rows: pl.DataFrame, together: Sequence[str]
) -> pl.DataFrame:
    """The table with the sum, the least or the greatest of the values that are there.

    None where there is none, and where a value cannot be right: nobody knows what it would add.
    """
    value, size = pl.col(VALUE), pl.col(_SIZE)
    found = {Looking.SUM: value.sum(), Looking.MIN: value.min(), Looking.MAX: value.max()}[look.how]
    doubted = (value.is_null() & pl.col(_DOUBT)).any()
    size = size.abs().sum() if look.how is Looking.SUM else size.abs().max()
    sizes = [size.alias(look.sized)] if look.kind is Kind.NUMBER else []
    each = (
        rows.group_by(together)
        .agg(
            pl.when(value.is_not_null().any() & ~doubted).then(found).alias(look.column),
            *sizes,
            doubted.alias(look.doubt),
        )
        .cast({name: table.schema[name] for name in together})
    )
    table = table.join(each, on=together, how="left", validate="m:1", maintain_order="left")
    return table.with_columns(pl.col(look.doubt).fill_null(value=False))


def _compared(look: OtherRows, table: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """What every row gives beside each row that asks."""
    return pl.concat(
        rows_answered(look, some).select(ROW, VALUE, _SIZE, _DOUBT)
        for some in rows_beside(look, table, rows)
    )


def rows_beside(look: OtherRows, table: pl.DataFrame, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The rows that are asked beside each row that asks, by its ``ROW``: some of them at a time."""
    together = shared_key(look)
    outer = [name for each in look.outer for name in columns_of(each)]
    asking = table.select(*together, ROW, *dict.fromkeys(outer))
    rows = rows.drop(ROW).cast({name: table.schema[name] for name in together})
    part = how_many_beside(look, table, rows).cum_sum() // _AT_A_TIME
    parts = asking.with_columns(part.alias("__part")).partition_by("__part", include_key=False)
    for some in parts or [asking]:
        yield some.join(rows, on=together)


def how_many_beside(look: OtherRows, table: pl.DataFrame, rows: pl.DataFrame) -> pl.Series:
    """For each row that asks how many are asked beside it."""
    together = shared_key(look)
    rows = rows.select(together).cast({name: table.schema[name] for name in together})
    each = rows.group_by(together).agg(pl.len().alias("__rows"))
    many = table.select(together).join(each, on=together, how="left", maintain_order="left")
    return many["__rows"].fill_null(0)


def columns_of(reference: Reference) -> tuple[str, ...]:
    """The columns of a table in which a reference is read."""
    latest = (reference.latest,) if reference.partial else ()
    return (reference.column, reference.wrong, *latest)


def _named(references: list[Reference]) -> list[pl.Expr]:
    """The columns of a form under the names that its references use."""
    columns: dict[str, pl.Expr] = {}
    for reference in references:
        source = reference.item + (MISSING if reference.code else reference.of)
        columns[reference.column] = pl.col(source).alias(reference.column)
        if reference.partial:
            columns[reference.latest] = pl.col(reference.item + LATEST).alias(reference.latest)
        wrong = (
            pl.lit(value=False) if reference.item in NO_ITEMS else pl.col(reference.item + WRONG)
        )
        columns[reference.wrong] = wrong.alias(reference.wrong)
    return list(columns.values())
