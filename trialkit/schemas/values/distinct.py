"""What is true of a text, found out once for each that is different: a column says few things often."""

from collections.abc import Callable, Sequence
from math import expm1
from typing import TypeAlias

import polars as pl

_FEW = 2_000
"""Cells below which each is looked at by itself, since telling them apart takes as long."""
_MANY_DIFFERENT = 0.25
"""The share of different texts from which on each cell is looked at by itself."""
Telling: TypeAlias = Callable[[pl.LazyFrame], pl.LazyFrame]
"""From a table with one text column, a table of what is true of each of its cells, row by row."""


def once_for_each(cells: pl.Series, tell: Telling) -> pl.DataFrame:
    """What is told of each cell; of equal cells it has to be the same."""
    return once_for_each_of([cells], [tell])[0]


def once_for_each_of(
    columns: Sequence[pl.Series], tellings: Sequence[Telling]
) -> list[pl.DataFrame]:
    """What is told of each cell of each column; short columns are looked at together.

    Of a short column most of the time goes into asking. Long ones come one after the other, so that
    only one of them is in memory several times.
    """
    told = list(zip(columns, tellings, strict=True))
    short = iter(
        pl.collect_all([tell(cells.to_frame().lazy()) for cells, tell in told if is_short(cells)])
    )
    return [next(short) if is_short(cells) else _of_long(cells, tell) for cells, tell in told]


def numbered(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The different texts of a column, and which of them each cell is; null where it has none."""
    alike = cells.cast(pl.Categorical(pl.Categories.random()))
    numbers = alike.to_physical()
    last = numbers.max()
    if not isinstance(last, int):
        return pl.Series(cells.name, [], dtype=pl.String), numbers
    every = pl.int_range(last + 1, eager=True).cast(numbers.dtype)
    return every.cat.to(alike.dtype).cast(pl.String).alias(cells.name), numbers


def is_short(cells: pl.Series) -> bool:
    """Whether a column has so few cells that telling its texts apart takes as long as it saves."""
    return len(cells) < _FEW


def _of_long(cells: pl.Series, tell: Telling) -> pl.DataFrame:
    if mostly_different(cells):
        return tell(cells.to_frame().lazy()).collect()
    distinct, numbers = numbered(cells)
    if numbers.null_count():
        numbers = numbers.fill_null(len(distinct))
        distinct = distinct.append(pl.Series([None], dtype=pl.String))
    told = tell(distinct.to_frame().lazy()).collect()
    return told.select(_everywhere(column, numbers) for column in told)


def mostly_different(cells: pl.Series) -> bool:
    """Whether a column that is not short seems to have few texts that are equal, by a sample."""
    sample = cells.gather_every(len(cells) // _FEW)
    many = _MANY_DIFFERENT * len(cells)
    of_so_many = many * -expm1(-len(sample) / many)
    return sample.n_unique() > of_so_many


def _everywhere(told: pl.Series, numbers: pl.Series) -> pl.Series:
    """What is told of the numbered texts, at each cell."""
    if told.null_count() == len(told):
        return pl.repeat(None, len(numbers), dtype=told.dtype, eager=True).alias(told.name)
    if told.dtype == pl.Boolean and not told.null_count() and not told.any():
        return pl.repeat(value=False, n=len(numbers), dtype=told.dtype, eager=True).alias(told.name)
    return told.gather(numbers)
