"""What a rule read in other rows of a participant, as text beside the row that asked.

Of ``PREVIOUS`` it is the row before, of ``COUNT`` and ``ANY`` the rows that counted or may count: a
row in which the condition is known not to hold decides nothing, and neither does its number. Of
``SUM``, ``MIN`` and ``MAX`` it is the rows that have a value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from trialkit.errors import DataFileError
from trialkit.limits import MOST_COMPARED
from trialkit.schemas.forms.expressions import (
    Calculation,
    Condition,
    Looking,
    OtherRows,
    Reference,
    every_look,
)
from trialkit.schemas.forms.forms import Form, Schemas
from trialkit.schemas.forms.identifying import identifying, masked_texts
from trialkit.schemas.rules.joining import (
    ROW,
    VALUE,
    WhatIsRead,
    asked_rows,
    how_many_beside,
    rows_answered,
    rows_beside,
    shared_key,
    with_row_before,
    with_what_is_read,
)
from trialkit.schemas.rules.names import KEYS, NO_ITEMS
from trialkit.store.data_days import DataDays
from trialkit.store.one_file.scanning import text_of
from trialkit.store.rows_as_read import one_row_a_key, tables_as_read
from trialkit.store.snapshot import FormData

_TOLD = "__told"


def other_rows_told(
    read: Condition | Calculation,
    form: Form,
    forms: Mapping[str, FormData],
    schemas: Schemas,
    *,
    days: DataDays,
) -> dict[tuple[str, ...], str]:
    """By the key of a row of the form, what was read for it in other rows.

    ``forms`` hold the rows of those participants who are asked about.
    """
    tables = one_row_a_key(
        tables_as_read(form, read.references, forms, schemas, read.looks, days=days), schemas
    )
    names = identifying_columns(schemas)
    reading = WhatIsRead(form=form.id, key=form.key, references=read.references, looks=())
    table = with_what_is_read(reading, tables[form.id], tables)
    columns = []
    for number, look in enumerate({each.column: each for each in read.looks}.values()):
        columns.append(f"{_TOLD}{number}")
        table = _with_told(look, table, tables, columns[-1], names)
    told = table.select(
        pl.concat_list(_as_text(table, name) for name in form.key).alias("key"),
        pl.concat_str(columns, separator="; ").alias(_TOLD),
    )
    return dict(zip(map(tuple, told["key"].to_list()), told[_TOLD].to_list(), strict=True))


def is_of_all_rows(read: Condition | Calculation) -> bool:
    """Whether a condition says the same of each row of a participant: it reads none for itself."""
    looks = every_look(read.looks)
    own = [each for each in read.references if each.item not in KEYS and not each.visit]
    own += [each for look in looks for each in look.outer]
    return bool(looks) and not own and all(each.how is not Looking.PREVIOUS for each in looks)


def identifying_columns(schemas: Schemas) -> frozenset[tuple[str, str]]:
    """The form and the item of every answer that names a person."""
    return frozenset((form.id, item) for form in schemas.forms for item in identifying(form))


def _with_told(
    look: OtherRows,
    table: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame],
    name: str,
    names: frozenset[tuple[str, str]],
) -> pl.DataFrame:
    """The table with a column of text: what a look reads for each row."""
    rows, within = asked_rows(look, tables), []
    for number, inner in enumerate(look.looks):
        within.append(f"{name}_{number}")
        rows = _with_told(inner, rows, tables, within[-1], names)
    rows = rows.with_columns(_texts(look.references, rows, names, within).alias(name))
    if look.how is Looking.PREVIOUS:
        before = replace(look, column=name, value=pl.col(name), last=None, size=None, wrong=())
        told = with_row_before(before, table, rows)
        told = told.drop(before.latest, before.sized, before.doubt)
        where = "row before" if look.back == 1 else f"{look.back} rows before"
        return told.with_columns(
            pl.concat_str(pl.lit(f"{where}: "), pl.col(name).fill_null("none")).alias(name)
        )
    together, asked = shared_key(look), iter([rows])
    if look.outer:
        _refuse_too_many(look, table, rows)
        together, asked = [*together, ROW], rows_beside(look, table, rows)
    said = pl.format(
        "{} of {}: {}", pl.len(), pl.lit(look.form), pl.col(name).sort().str.join(" | ")
    )
    each = pl.concat(
        rows_answered(look, some).filter(_counts(look)).group_by(together).agg(said.alias(name))
        for some in asked
    ).cast({key: table.schema[key] for key in together})
    told = table.join(each, on=together, how="left", maintain_order="left")
    return told.with_columns(
        pl.concat_str(pl.lit("counted: "), pl.col(name).fill_null(f"none of {look.form}")).alias(
            name
        )
    )


def _refuse_too_many(look: OtherRows, table: pl.DataFrame, rows: pl.DataFrame) -> None:
    """Raise :class:`DataFileError` where the text of what was read could not be held."""
    many = int(how_many_beside(look, table, rows).sum())
    if many > MOST_COMPARED:
        raise DataFileError(
            f"a rule compares rows with those of {look.form}, {many:,} pairs for the participants "
            f"with confirmed findings, of which {MOST_COMPARED:,} can be kept as what was read; "
            "correct or reopen some of these findings, or let the rule name fewer rows (one visit, a "
            "form of its own)"
        )


def _counts(look: OtherRows) -> pl.Expr:
    """Whether a row counts or may count; of one number of all rows, whether it has a value."""
    if look.how in {Looking.COUNT, Looking.ANY}:
        return pl.col(VALUE).fill_null(value=True)
    return pl.col(VALUE).is_not_null()


def _texts(
    references: Sequence[Reference],
    rows: pl.DataFrame,
    names: frozenset[tuple[str, str]],
    within: Sequence[str],
) -> pl.Series:
    """What stands in some columns of each row, as ``form.item=text``."""
    said = []
    for each in references:
        if each.item not in NO_ITEMS:
            columns = [each.column, *([each.latest] if each.partial else [])]
            text = rows.select(
                pl.concat_str([_as_text(rows, column) for column in columns], separator=" to ")
            ).to_series()
            if (each.form, each.item) in names and not each.code:
                text = masked_texts(text)
            said.append(pl.concat_str(pl.lit(f"{each.column}="), text))
    parts = [*said, *(pl.col(column) for column in within)]
    if not parts:
        return pl.repeat("row", rows.height, eager=True, dtype=pl.String)
    return rows.select(pl.concat_str(parts, separator=", ")).to_series()


def _as_text(table: pl.DataFrame, column: str) -> pl.Expr:
    return text_of(pl.col(column), table.schema[column])
