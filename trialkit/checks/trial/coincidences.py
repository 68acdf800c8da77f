"""How many pairs of rows agree in all their measurements by chance alone."""

from collections.abc import Sequence

import numpy as np
import polars as pl

_ONE_AND_THE_SAME = 1e-9


def pairs_alike_by_chance(rows: pl.DataFrame, names: Sequence[str]) -> float:
    """The number of pairs of rows that are expected to have the same measurements.

    It is that of independent measurements, times how much oftener these agree together; infinite
    where one measurement follows from others.
    """
    pairs = rows.height * (rows.height - 1) / 2
    alike = np.prod([_share_alike(rows[name]) for name in names])
    return float(pairs * alike * _going_together(rows.drop_nulls(names), names))


def _share_alike(values: pl.Series) -> float:
    """The share of pairs of rows that have the same value."""
    counts = values.value_counts()["count"].to_numpy().astype(float)
    return float((counts * (counts - 1)).sum() / (len(values) * (len(values) - 1)))


def _going_together(known: pl.DataFrame, names: Sequence[str]) -> float:
    """How many times as often as independent ones these measurements agree together.

    Of normal ones with the correlations R it is one by the root of det R; ranks stand for them.
    """
    if known.height <= len(names):
        return float("inf")
    ranks = known.select(pl.col(names).rank()).to_numpy()
    if (ranks.std(axis=0) == 0).any():
        return float("inf")
    size = float(np.linalg.det(np.corrcoef(ranks, rowvar=False)))
    return float("inf") if size <= _ONE_AND_THE_SAME else float(size**-0.5)
