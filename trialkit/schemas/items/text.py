"""Free text."""

import polars as pl

from trialkit.schemas.items.kind import Chance, Describes, ItemKind, Nature, Particulars, Reading

SIMULATED = "Simulated"


def _read(text: pl.Expr, _: Reading) -> pl.Expr:
    return text


def _draw(item: Particulars, chance: Chance) -> str:
    if item.example:
        return item.example
    return str(chance.rng.choice(chance.words)) if chance.words else SIMULATED


TEXT = ItemKind(
    name="text",
    nature=Nature.TEXT,
    read=_read,
    said=lambda _: "a text",
    to_enter="text",
    keys=frozenset({"pattern"}),
    takes_any_text=True,
    describes=Describes.BY_CATEGORIES,
    draw=_draw,
    redcap=("", "signature"),
    xlsform=("text", "barcode", "hidden", "geopoint", "geotrace", "geoshape"),
)
