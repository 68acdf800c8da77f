"""A time of day."""

import polars as pl

from trialkit.schemas.items.kind import (
    Chance,
    ItemKind,
    Nature,
    PaperSpace,
    Particulars,
    Reading,
    TypingCheck,
)

SHAPE = r"([01]?[0-9]|2[0-3]):([0-5][0-9])"


def _read(text: pl.Expr, _: Reading) -> pl.Expr:
    """``8:30`` or ``08:30``."""
    groups = text.str.extract_groups(f"^{SHAPE}$").struct
    return pl.concat_str(groups.field("1").str.zfill(2), groups.field("2"), separator=":")


def _draw(_: Particulars, chance: Chance) -> str:
    return f"{int(chance.rng.integers(8, 18)):02d}:{int(chance.rng.integers(0, 12)) * 5:02d}"


TIME = ItemKind(
    name="time",
    nature=Nature.CLOCK,
    read=_read,
    said=lambda _: "a time such as 08:30",
    to_enter="a time as 08:30",
    typing=TypingCheck.TIME,
    space=PaperSpace.TIME,
    draw=_draw,
    redcap=("time",),
    xlsform=("time",),
)
