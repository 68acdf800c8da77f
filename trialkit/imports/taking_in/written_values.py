"""Dates and numbers that a file writes in its own way become what the trial's files have.

Nothing may change its meaning on the way: 1.234 in a file with a decimal comma is a mistake or
1234, and 03/04/2025 another day in another order. What cannot be read the file's way is refused.
"""

import polars as pl

from trialkit.errors import DataFileError
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.items.kind import ItemKind, Reading
from trialkit.schemas.values.parsing import parse_column
from trialkit.schemas.values.writing import as_the_trial_writes

_LISTED = 8
_DATES = {
    DateOrder.YMD: (r"^([0-9]{4})[-/.](\w+)[-/.](\w{1,2})($|[ T].*$)", (1, 2, 3)),
    DateOrder.DMY: (r"^(\w+)[-/.](\w+)[-/.]([0-9]{4})($|[ T].*$)", (3, 2, 1)),
    DateOrder.MDY: (r"^(\w+)[-/.](\w+)[-/.]([0-9]{4})($|[ T].*$)", (3, 1, 2)),
}


def rewritten(
    column: pl.Series, kind: ItemKind, *, data: DataFormat, written: DataFormat
) -> pl.Series:
    """The cells as the trial writes them, from the way in which the file does.

    Raises :class:`DataFileError` for cells that cannot be read in that way.
    """
    days = kind.nature.has_a_day and written.dates is not data.dates
    numbers = kind.has_decimals and written.decimal != data.decimal
    if not days and not numbers:
        return column
    parsed = parse_column(column, kind, Reading(data=written))
    if parsed.unreadable.any():
        strange = column.filter(parsed.unreadable).unique(maintain_order=True).to_list()
        more = f" and {len(strange) - _LISTED} more" if len(strange) > _LISTED else ""
        what = (
            f"dates in the order {written.dates.value}"
            if days
            else (f"numbers with {written.decimal!r} as decimal sign")
        )
        raise DataFileError(
            f"{column.name}: {', '.join(map(repr, strange[:_LISTED]))}{more} cannot be read as "
            f"{what}, which [file] of the mapping declares; correct the file or the mapping"
        )
    values = parsed.values.is_not_null()
    new = _iso(column, written.dates) if days else _pointed(column, written.decimal)
    new = as_the_trial_writes(new.alias(column.name), kind, data)
    return pl.select(pl.when(values).then(new).otherwise(column).alias(column.name)).to_series()


def _iso(column: pl.Series, order: DateOrder) -> pl.Series:
    pattern, (year, month, day) = _DATES[order]
    groups = column.str.strip_chars().str.to_uppercase().str.extract_groups(pattern).struct
    first, second, third = (groups.field(str(place)) for place in (year, month, day))
    return first + "-" + second.str.zfill(2) + "-" + third.str.zfill(2) + groups.field("4")


def _pointed(column: pl.Series, decimal: str) -> pl.Series:
    return column.str.strip_chars().str.replace(decimal, ".", literal=True)
