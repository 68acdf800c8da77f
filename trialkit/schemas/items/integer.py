"""A whole number."""

import polars as pl

from trialkit.protocol.methods.outcome_kinds import Values
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.kind import (
    Chance,
    Describes,
    ItemKind,
    Nature,
    PaperSpace,
    Particulars,
    Reading,
    TypedColumn,
    TypingCheck,
)
from trialkit.schemas.items.numbers import any_number


def _read(text: pl.Expr, _: Reading) -> pl.Expr:
    """Up to 15 digits."""
    whole = text.str.contains(r"^[+-]?[0-9]{1,15}$")
    digits = pl.when(whole).then(text.str.strip_prefix("+"))
    return digits.cast(pl.Int64, strict=False)


def _fit(limits: Range, value: float, _: int) -> int:
    return round(limits.nearest(value))


def _draw(item: Particulars, chance: Chance) -> int:
    return round(item.range.nearest(any_number(item, chance)))


INTEGER = ItemKind(
    name="integer",
    nature=Nature.WHOLE,
    read=_read,
    said=lambda _: "a whole number",
    to_enter="a whole number",
    has_range=True,
    typed_column=TypedColumn.WHOLE,
    outcome=Values.NUMBER,
    describes=Describes.BY_NUMBERS,
    typing=TypingCheck.WHOLE,
    space=PaperSpace.BOXES,
    draw=_draw,
    fit=_fit,
    redcap=("integer", "int"),
    xlsform=("integer",),
)
