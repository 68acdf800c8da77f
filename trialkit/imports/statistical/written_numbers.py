"""Numbers as the text that means them in the fewest digits: 1 and not 1.0, 0.1 also in four bytes."""

import polars as pl

_LARGEST_WHOLE = 1e15


def written_numbers(numbers: pl.Expr, *, single: bool = False) -> pl.Expr:
    """The numbers of a column; ``single`` says that the file holds them in four bytes."""
    whole = (numbers == numbers.floor()) & (numbers.abs() < _LARGEST_WHOLE)
    exact = numbers.cast(pl.Float32) if single else numbers
    return (
        pl.when(numbers.is_null() | numbers.is_nan())
        .then(pl.lit(None, dtype=pl.String))
        .when(whole)
        .then(pl.when(whole).then(numbers).cast(pl.Int64).cast(pl.String))
        .otherwise(exact.cast(pl.String))
    )


def written_number(number: float) -> str:
    """One number."""
    frame = pl.DataFrame({"number": [number]}, schema={"number": pl.Float64})
    text = frame.select(written_numbers(pl.col("number")).fill_null("")).item()
    return str(text)
