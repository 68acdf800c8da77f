"""What the types have in common whose values lie on the calendar."""

from datetime import date, timedelta

import polars as pl

from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.items.kind import Chance, Particulars, Reading

SHAPE = {
    DateOrder.YMD: (r"^([0-9]{4})([-/.])([0-9]{1,2})([-/.])([0-9]{1,2})$", ("1", "3", "5")),
    DateOrder.DMY: (r"^([0-9]{1,2})([-/.])([0-9]{1,2})([-/.])([0-9]{4})$", ("5", "3", "1")),
    DateOrder.MDY: (r"^([0-9]{1,2})([-/.])([0-9]{1,2})([-/.])([0-9]{4})$", ("5", "1", "3")),
}
"""By the order of a date: its pattern, and the groups of year, month and day."""
_SAID = {
    DateOrder.YMD: "a date such as 2025-03-31 (year, month, day)",
    DateOrder.DMY: "a date such as 31.03.2025 (day, month, year)",
    DateOrder.MDY: "a date such as 03/31/2025 (month, day, year)",
}


def read_day(text: pl.Expr, how: Reading) -> pl.Expr:
    """Days in the declared order with ``-``, ``/`` or ``.`` between, the year in four digits."""
    pattern, (year, month, day) = SHAPE[how.data.dates]
    groups = text.str.extract_groups(pattern).struct
    iso = pl.concat_str(
        groups.field(year),
        groups.field(month).str.zfill(2),
        groups.field(day).str.zfill(2),
        separator="-",
    )
    one_separator = (groups.field("2") == groups.field("4")) & (groups.field(year) != "0000")
    return pl.when(one_separator).then(iso).str.to_date("%Y-%m-%d", strict=False)


def day_said(data: DataFormat) -> str:
    """A day in words."""
    return _SAID[data.dates]


def draw_day(item: Particulars, chance: Chance) -> date:
    """A day that the range allows, at the anchor or a few days later."""
    return item.range.nearest_day(chance.anchor + timedelta(days=int(chance.rng.integers(0, 4))))
