"""Yes or no."""

import polars as pl

from trialkit.protocol.methods.outcome_kinds import Values
from trialkit.schemas.items.answers import ItemChoice
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

_YES = ("yes", "y", "1", "true")
_NO = ("no", "n", "0", "false")
_OFFERED = (ItemChoice(code="yes", label="Yes"), ItemChoice(code="no", label="No"))


def _read(text: pl.Expr, _: Reading) -> pl.Expr:
    lower = text.str.to_lowercase()
    return pl.when(lower.is_in([*_YES, *_NO])).then(lower.is_in(_YES))


def _draw(_: Particulars, chance: Chance) -> bool:
    return bool(chance.rng.random() < (0.05 if chance.rare else 0.5))


YES_NO = ItemKind(
    name="yes_no",
    nature=Nature.TRUTH,
    read=_read,
    said=lambda _: "yes or no",
    to_enter="yes or no",
    typed_column=TypedColumn.TRUTH,
    offers=lambda _: _OFFERED,
    outcome=Values.YES_NO,
    describes=Describes.BY_CATEGORIES,
    typing=TypingCheck.LISTED,
    space=PaperSpace.TICK_ONE,
    draw=_draw,
    xlsform=("acknowledge",),
)
