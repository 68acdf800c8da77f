"""Values become texts as the files of a trial hold them."""

import polars as pl

from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.items.kind import ItemKind

_ISO_DATE = r"^([0-9]{4})-([0-9]{2}|UN)-([0-9]{2}|UN)($|[ T].*$)"
_POINTED = r"^[+-]?[0-9]*\.[0-9]+([eE][+-]?[0-9]+)?$"


def as_the_trial_writes(cells: pl.Series, kind: ItemKind, data: DataFormat) -> pl.Series:
    """ISO dates and decimal points become the order and the sign that ``[data]`` declares.

    Everything else, a missing code or what is no value at all, stays as it is.
    """
    name = cells.name
    text = pl.col(name)
    changed = text
    if kind.nature.has_a_day and data.dates is not DateOrder.YMD:
        order = "${3}-${2}-${1}${4}" if data.dates is DateOrder.DMY else "${2}-${3}-${1}${4}"
        changed = text.str.replace(_ISO_DATE, order)
    if kind.has_decimals and data.decimal == ",":
        comma = text.str.replace(".", ",", literal=True)
        changed = pl.when(text.str.contains(_POINTED)).then(comma).otherwise(text)
    return pl.DataFrame({name: cells}).select(changed.alias(name))[name]
