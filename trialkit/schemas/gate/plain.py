"""What plainly is right: quick, and wrong on one side only, so that few rows are looked at closely.

A value that is not plainly right may yet be right; one that is needs no look by the gate.
"""

import polars as pl

from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.answers import UNLIMITED, Range
from trialkit.schemas.items.kind import Nature

_COMPARED = {Nature.NUMBER, Nature.WHOLE, Nature.DAY}
"""What is compared with the ends of a range as it stands."""


def plainly_right(item: Item) -> pl.Expr:
    """Of a column of parsed values: whether the gate has nothing to find in each.

    A choice that could not be read is no value, and is not spoken of here.
    """
    value, blank = pl.col(item.id), pl.lit(value=not item.required)
    if item.kind.nature in _COMPARED:
        return within(value, item).fill_null(blank)
    if {item.range, item.expected_range} != {UNLIMITED}:
        return value.is_null() & blank
    return value.is_not_null() | blank


def within(value: pl.Expr, item: Item, bounds: Range = UNLIMITED) -> pl.Expr:
    """Whether a value is within all its ranges, as few comparisons as can be; null where null."""
    ranges = (bounds, item.range, item.expected_range)
    low = max((each.low for each in ranges if each.low is not None), default=None)
    high = min((each.high for each in ranges if each.high is not None), default=None)
    if low is not None and high is not None:
        return value.is_between(low, high)
    if low is not None:
        return value >= low
    return value == value if high is None else value <= high  # noqa: PLR0124 - null where null
