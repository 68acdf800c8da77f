"""What the types have in common whose values are numbers."""

from datetime import date

import polars as pl

from trialkit.protocol.trial.data_format import DataFormat
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.kind import Chance, Particulars, Reading

_SHARE_OF_RANGE = 6.0
_ANY_LOW, _ANY_HIGH = 0.0, 100.0


def read_number(text: pl.Expr, how: Reading) -> pl.Expr:
    """Decimals with the declared sign, also as ``1.5E-3``, without thousands separators."""
    point = r"\." if how.data.decimal == "." else ","
    shape = rf"^[+-]?([0-9]+({point}[0-9]*)?|{point}[0-9]+)([eE][+-]?[0-9]{{1,3}})?$"
    number: pl.Expr = pl.when(text.str.contains(shape)).then(text.str.strip_prefix("+"))
    if how.data.decimal == ",":
        number = number.str.replace(",", ".", literal=True)
    value = number.cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


def number_said(data: DataFormat) -> str:
    """A number in words."""
    return f"a number such as 12{data.decimal}5"


def fit_number(limits: Range, value: float, digits: int) -> float:
    """The nearest number in the range, rounded."""
    return round(limits.nearest(value), digits)


def draw_number(item: Particulars, chance: Chance) -> float:
    """A number with one decimal, near the middle of what is usual."""
    return fit_number(item.range, any_number(item, chance), 1)


def any_number(item: Particulars, chance: Chance) -> float:
    """A number near the middle of what is usual, else of what is possible."""
    low, high = usual_range(item)
    low = _ANY_LOW if low is None else low
    high = max(_ANY_HIGH, low + 1) if high is None else high
    value = float(chance.rng.normal((low + high) / 2, (high - low) / _SHARE_OF_RANGE))
    return min(max(value, low), high)


def usual_range(item: Particulars) -> tuple[float | None, float | None]:
    """The limits of a number that nobody would wonder at, else those that are possible."""
    low = _first(item.expected_range.low, item.range.low)
    high = _first(item.expected_range.high, item.range.high)
    return low, high


def _first(limit: float | date | None, other: float | date | None) -> float | None:
    if isinstance(limit, int | float):
        return float(limit)
    return float(other) if isinstance(other, int | float) else None
