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

from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.forms.forms import NONE_CHOSEN, Item, ItemType

_YES = ("yes", "y", "1", "true")
_NO = ("no", "n", "0", "false")
_TIME = r"([01]?[0-9]|2[0-3]):([0-5][0-9])"
_DATE = {
    DateOrder.YMD: (r"^([0-9]{4})([-/.])([0-9]{1,2})([-/.])([0-9]{1,2})$", ("1", "3", "5")),
    DateOrder.DMY: (r"^([0-9]{1,2})([-/.])([0-9]{1,2})([-/.])([0-9]{4})$", ("5", "3", "1")),
    DateOrder.MDY: (r"^([0-9]{1,2})([-/.])([0-9]{1,2})([-/.])([0-9]{4})$", ("5", "1", "3")),
}


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
    alone = tuple(choice.code for choice in item.choices if choice.alone)
    return parse_column(cells, item.type, data=data, choices=item.codes, alone=alone)


def item_value(item: Item, cells: pl.Expr, *, data: DataFormat) -> pl.Expr:
    """The value of an item's text cells as an expression, null where they have none."""
    text = cells.str.strip_chars()
    known = [code.code for code in data.all_missing_codes]
    answer = pl.when((text != "") & ~text.is_in(known)).then(text)
    alone = tuple(choice.code for choice in item.choices if choice.alone)
    return _expression(item.type, answer, data=data, choices=item.codes, alone=alone)


def parse_column(
    cells: pl.Series,
    kind: ItemType,
    *,
    data: DataFormat,
    choices: Sequence[str] = (),
    alone: Sequence[str] = (),
) -> ParsedColumn:
    """The typed values, missing codes and unreadable cells of a text column.

    ``alone`` are those of several ``choices`` that exclude every other.
    """
    name = cells.name
    text = pl.col(name).str.strip_chars()
    known = [code.code for code in data.all_missing_codes]
    stripped = pl.DataFrame({name: cells}).select(
        codes=pl.when(text.is_in(known)).then(text),
        answer=pl.when((text != "") & ~text.is_in(known)).then(text),
    )
    answer = pl.col("answer")
    parsed = stripped.select(
        "codes", "answer", values=_expression(kind, answer, data=data, choices=choices, alone=alone)
    ).with_columns(unreadable=answer.is_not_null() & pl.col("values").is_null())
    return ParsedColumn(
        values=parsed["values"].alias(name),
        codes=parsed["codes"].alias(name),
        unreadable=parsed["unreadable"].alias(name),
    )


def _expression(
    kind: ItemType,
    answer: pl.Expr,
    *,
    data: DataFormat,
    choices: Sequence[str],
    alone: Sequence[str],
) -> pl.Expr:
    """The value of an answer, null where it cannot be read as one."""
    match kind:
        case ItemType.TEXT:
            value = answer
        case ItemType.CHOICE:
            value = pl.when(answer.is_in(list(choices))).then(answer)
        case ItemType.MULTI_CHOICE:
            value = _several(answer, choices=choices, alone=alone)
        case ItemType.FILE:
            inside = answer.str.contains(r"^[^/\\:\p{Cc}]+(/[^/\\:\p{Cc}]+)*$")
            away = answer.str.contains(r"(^|/)[ .]+(/|$)")
            value = pl.when(inside & ~away).then(answer.str.normalize("NFC"))
        case ItemType.INTEGER:
            whole = answer.str.contains(r"^[+-]?[0-9]{1,15}$")
            digits = pl.when(whole).then(answer.str.strip_prefix("+"))
            value = digits.cast(pl.Int64, strict=False)
        case ItemType.DECIMAL | ItemType.CALCULATED | ItemType.VISUAL_ANALOGUE:
            value = _decimal(answer, decimal=data.decimal)
        case ItemType.YES_NO:
            lower = answer.str.to_lowercase()
            value = pl.when(lower.is_in([*_YES, *_NO])).then(lower.is_in(_YES))
        case ItemType.DATE:
            value = _date(answer, order=data.dates)
        case ItemType.PARTIAL_DATE:
            value = _partial_date(answer, order=data.dates)
        case ItemType.DATE_TIME:
            value = _date_time(answer, order=data.dates)
        case ItemType.TIME:
            groups = answer.str.extract_groups(f"^{_TIME}$").struct
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


def _partial_date(answer: pl.Expr, *, order: DateOrder) -> pl.Expr:
    """A date with ``UN`` for a day, or for a day and a month, that nobody knows."""
    pattern, (year, month, day) = _DATE[order]
    pattern = pattern.replace("[0-9]{1,2}", "[0-9]{1,2}|UN")
    groups = answer.str.to_uppercase().str.extract_groups(pattern).struct
    text = pl.concat_str(
        groups.field(year),
        groups.field(month).str.zfill(2),
        groups.field(day).str.zfill(2),
        separator="-",
    )
    same = groups.field("2") == groups.field("4")
    skips = (groups.field(month) == "UN") & (groups.field(day) != "UN")
    first = text.str.replace("-UN", "-01").str.replace("-UN", "-01")
    exists = first.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    return pl.when(same & ~skips & exists & (groups.field(year) != "0000")).then(text)


def _date_time(answer: pl.Expr, *, order: DateOrder) -> pl.Expr:
    groups = answer.str.extract_groups(rf"^([^ T]+)(?: +|T){_TIME}(?::([0-5][0-9]))?$").struct
    seconds = (
        groups.field("2").cast(pl.Int64) * 3600
        + groups.field("3").cast(pl.Int64) * 60
        + groups.field("4").cast(pl.Int64).fill_null(0)
    )
    day = _date(groups.field("1"), order=order).cast(pl.Datetime("us"))
    return day + pl.duration(seconds=seconds, time_unit="us")


def _several(answer: pl.Expr, *, choices: Sequence[str], alone: Sequence[str]) -> pl.Expr:
    """The codes of a cell in the order of the form, or an empty text for ``none_of_these``."""
    codes = answer.str.replace_all(r"[\s;,]+", " ").str.strip_chars(" ").str.split(" ")
    known = codes.list.eval(pl.element().is_in(list(choices))).list.all()
    once = codes.list.n_unique() == codes.list.len()
    excluded = codes.list.eval(pl.element().is_in(list(alone))).list.any() & (codes.list.len() > 1)
    in_order = [pl.when(codes.list.contains(pl.lit(code))).then(pl.lit(code)) for code in choices]
    chosen = pl.concat_str(*in_order, separator=" ", ignore_nulls=True) if in_order else pl.lit("")
    return (
        pl.when(answer == NONE_CHOSEN).then(pl.lit("")).when(known & once & ~excluded).then(chosen)
    )
