"""Any number of the choices, none included, which is not the same as no answer."""

import polars as pl

from trialkit.schemas.items.answers import NONE_CHOSEN
from trialkit.schemas.items.kind import (
    Chance,
    Describes,
    ItemKind,
    Nature,
    PaperSpace,
    Particulars,
    Reading,
)


def _read(text: pl.Expr, how: Reading) -> pl.Expr:
    """The codes of a cell in the order of the form, or an empty text for ``none_of_these``."""
    codes = text.str.replace_all(r"[\s;,]+", " ").str.strip_chars(" ").str.split(" ")
    known = codes.list.eval(pl.element().is_in(list(how.codes))).list.all()
    once = codes.list.n_unique() == codes.list.len()
    by_itself = codes.list.eval(pl.element().is_in(list(how.alone))).list.any()
    excluded = by_itself & (codes.list.len() > 1)
    in_order = [pl.when(codes.list.contains(pl.lit(code))).then(pl.lit(code)) for code in how.codes]
    chosen = pl.concat_str(*in_order, separator=" ", ignore_nulls=True) if in_order else pl.lit("")
    return pl.when(text == NONE_CHOSEN).then(pl.lit("")).when(known & once & ~excluded).then(chosen)


def _draw(item: Particulars, chance: Chance) -> str:
    """Each choice with the same chance, none of them if so it falls out."""
    together = [choice.code for choice in item.choices if not choice.alone]
    chosen = [code for code in together if chance.rng.random() < 0.3]
    return " ".join(chosen) or NONE_CHOSEN


MULTI_CHOICE = ItemKind(
    name="multi_choice",
    nature=Nature.CODES,
    read=_read,
    said=lambda _: "a list of the choices",
    to_enter=f"all codes that apply, with spaces between, or {NONE_CHOSEN}",
    keys=frozenset({"choices"}),
    describes=Describes.BY_CHOICES,
    space=PaperSpace.TICK_MANY,
    draw=_draw,
    xlsform=("select_multiple", "rank"),
)
