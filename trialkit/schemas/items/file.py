"""A file within the trial's folder ``files/``, by its path there."""

import polars as pl

from trialkit.schemas.items.kind import ItemKind, Nature, Reading


def _read(text: pl.Expr, _: Reading) -> pl.Expr:
    """A path with ``/`` between, which does not lead out of the folder."""
    inside = text.str.contains(r"^[^/\\:\p{Cc}]+(/[^/\\:\p{Cc}]+)*$")
    away = text.str.contains(r"(^|/)[ .]+(/|$)")
    return pl.when(inside & ~away).then(text.str.normalize("NFC"))


FILE = ItemKind(
    name="file",
    nature=Nature.TEXT,
    read=_read,
    said=lambda _: "a path of a file in the folder files/, such as scans/0012.pdf",
    to_enter="the path of a file in the folder files, as scans/0012.pdf",
    names_a_file=True,
    xlsform=("file",),
)
