"""One of several choices."""

import numpy as np
import polars as pl

from trialkit.protocol.methods.outcome_kinds import Values
from trialkit.schemas.items.kind import (
    Chance,
    Describes,
    ItemKind,
    Nature,
    PaperSpace,
    Particulars,
    Reading,
    TypingCheck,
)


def _read(text: pl.Expr, how: Reading) -> pl.Expr:
    return pl.when(text.is_in(list(how.codes))).then(text)


def _draw(item: Particulars, chance: Chance) -> str:
    codes = [choice.code for choice in item.choices]
    if chance.first_mostly:
        weights = 0.3 ** np.arange(len(codes))
        return codes[int(chance.rng.choice(len(codes), p=weights / weights.sum()))]
    return codes[int(chance.rng.integers(len(codes)))]


CHOICE = ItemKind(
    name="choice",
    nature=Nature.CODE,
    read=_read,
    said=lambda _: "one of the choices",
    to_enter="one of the codes",
    keys=frozenset({"choices"}),
    outcome=Values.LEVEL,
    describes=Describes.BY_CATEGORIES,
    typing=TypingCheck.LISTED,
    space=PaperSpace.TICK_ONE,
    draw=_draw,
    xlsform=("select_one",),
)
