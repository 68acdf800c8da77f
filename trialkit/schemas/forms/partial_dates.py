"""A partial date is an interval of days: ``2026-03-UN`` is some day of March 2026."""

import polars as pl

UNKNOWN = "UN"
"""What stands for the day, or for the month and the day, that nobody knows."""


def earliest(dates: pl.Expr) -> pl.Expr:
    """The first day that each partial date, written as ``2026-03-UN``, can be."""
    first = dates.str.replace(f"-{UNKNOWN}", "-01").str.replace(f"-{UNKNOWN}", "-01")
    return first.str.to_date("%Y-%m-%d", strict=False)


def latest(dates: pl.Expr) -> pl.Expr:
    """The last day that each partial date, written as ``2026-03-UN``, can be."""
    of_year = dates.str.replace(f"-{UNKNOWN}-{UNKNOWN}$", "-12-31")
    of_month = earliest(of_year).dt.month_end()
    return pl.when(of_year.str.ends_with(UNKNOWN)).then(of_month).otherwise(earliest(of_year))


def first_and_last_days(dates: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The earliest and the latest day of each partial date of a form's data."""
    value = pl.col(dates.name)
    days = pl.DataFrame(dates).select(first=earliest(value), last=latest(value))
    return days["first"], days["last"]
