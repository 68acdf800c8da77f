"""Text becomes typed values, a whole column at a time, and never by guessing.

A cell is blank, or holds a missing code, or a value, or something that cannot be read as what the
item holds; the last is missing here and a finding later, since its text is kept apart. White space
around a cell means nothing. Nothing is rounded, coerced or filled in.

What is read: integers of up to 15 digits; decimals with the declared decimal character, also as
``1.5E-3``, without thousands separators; dates in the declared order with ``-``, ``/`` or ``.``
between, the year in four digits; times as ``8:30`` or ``08:30``; yes/no as ``yes``, ``no``, ``y``,
``n``, ``1``, ``0``, ``true`` or ``false`` in any case; choices as their codes, exactly.

Of several choices the codes, separated by spaces, semicolons or commas, each once; they are kept in
the order of the form with a space between. ``none_of_these`` is the answer that nothing was chosen,
kept as an empty text. Of a partial date what is unknown is ``UN``; it is kept as ``2026-03-UN``. A
date and a time have a space or ``T`` between, and may have seconds. A file is a path in ``files/``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.decimal import DECIMAL
from trialkit.schemas.items.kind import ItemKind, Nature, Reading
from trialkit.schemas.values.distinct import Telling, once_for_each, once_for_each_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedColumn:
    """The cells of one item, each a value, a missing code, blank or unreadable."""

    values: pl.Series
    """Text, Int64, Float64, Boolean, Date or Datetime; null where the cell has no value."""
    codes: pl.Series
    """The missing code of a cell that holds one, else null."""
    unreadable: pl.Series
    """Whether the cell says something that is neither a value of the item nor a code."""


def parse_item(cells: pl.Series, item: Item, *, data: DataFormat) -> ParsedColumn:
    """The typed values, missing codes and unreadable cells of an item's column."""
    return parse_column(cells, item.kind, _reading(item, data))


def parse_meaning(cells: pl.Series, item: Item, *, data: DataFormat) -> ParsedColumn:
    """The same by what a cell says: ``55.0`` is 55 for a whole number too, which a check finds ill written."""
    kind = DECIMAL if item.kind.nature is Nature.WHOLE else item.kind
    return parse_column(cells, kind, _reading(item, data))


def parse_items(
    cells: pl.DataFrame, items: Sequence[Item], *, data: DataFormat
) -> list[ParsedColumn]:
    """The typed values, missing codes and unreadable cells of a form's items, in their order."""
    tellings = [_telling(each.id, each.kind, _reading(each, data)) for each in items]
    told = once_for_each_of([cells[each.id] for each in items], tellings)
    return [_parsed(item.id, each) for item, each in zip(items, told, strict=True)]


def item_value(item: Item, cells: pl.Expr, *, data: DataFormat) -> pl.Expr:
    """The value of an item's text cells as an expression, null where they have none."""
    text = cells.str.strip_chars()
    known = [code.code for code in data.all_missing_codes]
    answer = pl.when((text != "") & ~text.is_in(known)).then(text)
    return item.kind.read(answer, _reading(item, data))


def _reading(item: Item, data: DataFormat) -> Reading:
    alone = tuple(choice.code for choice in item.choices if choice.alone)
    return Reading(data=data, codes=item.codes, alone=alone)


def parse_column(cells: pl.Series, kind: ItemKind, how: Reading) -> ParsedColumn:
    """The typed values, missing codes and unreadable cells of a text column."""
    return _parsed(cells.name, once_for_each(cells, _telling(cells.name, kind, how)))


def _telling(name: str, kind: ItemKind, how: Reading) -> Telling:
    """How the texts of a column become values, codes, and what cannot be read."""
    text = pl.col(name).str.strip_chars()
    known = [code.code for code in how.data.all_missing_codes]
    answer = pl.col("answer")

    def tell(table: pl.LazyFrame) -> pl.LazyFrame:
        stripped = table.select(
            codes=pl.when(text.is_in(known)).then(text),
            answer=pl.when((text != "") & ~text.is_in(known)).then(text),
        )
        values = stripped.select("codes", "answer", values=kind.read(answer, how))
        return values.select(
            "codes", "values", unreadable=answer.is_not_null() & pl.col("values").is_null()
        )

    return tell


def _parsed(name: str, told: pl.DataFrame) -> ParsedColumn:
    return ParsedColumn(
        values=told["values"].alias(name),
        codes=told["codes"].alias(name),
        unreadable=told["unreadable"].alias(name),
    )
