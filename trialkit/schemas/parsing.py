"""Text becomes typed values, a whole column at a time, and never by guessing.

A cell is blank, or holds a missing code, or a value, or something that cannot be read as what the
item holds; the last is missing here and a finding later, since its text is kept apart. White space
around a cell means nothing. Nothing is rounded, coerced or filled in.

What is read: integers of up to 15 digits; decimals with the declared decimal character, also as
``1.5E-3``, without thousands separators; dates in the declared order with ``-``, ``/`` or ``.``
between, the year in four digits; times as ``8:30`` or ``08:30``; yes/no as ``yes``, ``no``, ``y``,
``n``, ``1``, ``0``, ``true`` or ``false`` in any case; choices as their codes, exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from trialkit.protocol.model import DataFormat, DateOrder
from trialkit.schemas.forms import ItemType

_YES = ("yes", "y", "1", "true")
_NO = ("no", "n", "0", "false")
_DATE = {
    DateOrder.YMD: (r"^([0-9]{4})([-/.])([0-9]{1,2})([-/.])([0-9]{1,2})$", ("1", "3", "5")),
    DateOrder.DMY: (r"^([0-9]{1,2})([-/.])([0-9]{1,2})([-/.])([0-9]{4})$", ("5", "3", "1")),
    DateOrder.MDY: (r"^([0-9]{1,2})([-/.])([0-9]{1,2})([-/.])([0-9]{4})$", ("5", "1", "3")),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedColumn:
    """The cells of one item, each a value, a missing code, blank or unreadable."""

    values: pl.Series
    """Text, Int64, Float64, Boolean or Date; null where the cell has no value."""
    codes: pl.Series
    """The missing code of a cell that holds one, else null."""
    unreadable: pl.Series
    """Whether the cell says something that is neither a value of the item nor a code."""


def parse_column(
    cells: pl.Series, kind: ItemType, *, data: DataFormat, choices: Sequence[str] = ()
) -> ParsedColumn:
    """The typed values, missing codes and unreadable cells of a text column."""
    name = cells.name
    text = pl.col(name).str.strip_chars()
    known = [code.code for code in data.all_missing_codes]
    stripped = pl.DataFrame({name: cells}).select(
        codes=pl.when(text.is_in(known)).then(text),
        answer=pl.when((text != "") & ~text.is_in(known)).then(text),
    )
    answer = pl.col("answer")
    parsed = stripped.select(
        "codes", "answer", values=_expression(kind, answer, data=data, choices=choices)
    ).with_columns(unreadable=answer.is_not_null() & pl.col("values").is_null())
    return ParsedColumn(
        values=parsed["values"].alias(name),
        codes=parsed["codes"].alias(name),
        unreadable=parsed["unreadable"].alias(name),
    )


def _expression(
    kind: ItemType, answer: pl.Expr, *, data: DataFormat, choices: Sequence[str]
) -> pl.Expr:
    """The value of an answer, null where it cannot be read as one."""
    match kind:
        case ItemType.TEXT:
            value = answer
        case ItemType.CHOICE:
            value = pl.when(answer.is_in(list(choices))).then(answer)
        case ItemType.INTEGER:
            whole = answer.str.contains(r"^[+-]?[0-9]{1,15}$")
            digits = pl.when(whole).then(answer.str.strip_prefix("+"))
            value = digits.cast(pl.Int64, strict=False)
        case ItemType.DECIMAL:
            value = _decimal(answer, decimal=data.decimal)
        case ItemType.YES_NO:
            lower = answer.str.to_lowercase()
            value = pl.when(lower.is_in([*_YES, *_NO])).then(lower.is_in(_YES))
        case ItemType.DATE:
            value = _date(answer, order=data.dates)
        case ItemType.TIME:
            groups = answer.str.extract_groups(r"^([01]?[0-9]|2[0-3]):([0-5][0-9])$").struct
            hour, minute = groups.field("1").str.zfill(2), groups.field("2")
            value = pl.concat_str(hour, minute, separator=":")
    return value


def _decimal(answer: pl.Expr, *, decimal: str) -> pl.Expr:
    point = r"\." if decimal == "." else ","
    shape = rf"^[+-]?([0-9]+({point}[0-9]*)?|{point}[0-9]+)([eE][+-]?[0-9]{{1,3}})?$"
    number: pl.Expr = pl.when(answer.str.contains(shape)).then(answer.str.strip_prefix("+"))
    if decimal == ",":
        number = number.str.replace(",", ".", literal=True)
    value = number.cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


def _date(answer: pl.Expr, *, order: DateOrder) -> pl.Expr:
    pattern, (year, month, day) = _DATE[order]
    groups = answer.str.extract_groups(pattern).struct
    iso = pl.concat_str(
        groups.field(year),
        groups.field(month).str.zfill(2),
        groups.field(day).str.zfill(2),
        separator="-",
    )
    one_separator = (groups.field("2") == groups.field("4")) & (groups.field(year) != "0000")
    return pl.when(one_separator).then(iso).str.to_date("%Y-%m-%d", strict=False)
