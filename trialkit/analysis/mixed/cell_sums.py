"""Sufficient statistics of a model with random intercepts: the sums of its cells.

A *cell* holds the rows that share the level of every grouping and the residual class. Rotated to one
row √n times the cell's mean and n − 1 rows of deviations, the deviations are independent of everything
else and of variance σ², so that their cross-products are all that is needed of them: the likelihood costs
the same for clusters of 5 and of 5000. Cells that share a level, directly or by way of others, make a
*block*; blocks of the same number of cells are computed together, those of many cells by their levels.

Axes: K blocks of m cells, G groupings, R residual classes, a = p + 1 columns (fixed effects, outcome).
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from trialkit.analysis.mixed.crossed_block import CrossedBlock, crossed_block
from trialkit.analysis.mixed.groupings import RowGrouping
from trialkit.errors import AnalysisError

MOST_AT_ONCE = 2000
"""Cells or, where these are fewer, levels of one block, whose matrices are inverted whole."""
CROSSED, LARGE = 1.5, 20
"""A block of more than so many cells for a level, and more than so many in all, is computed by its levels."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellStack:
    """Blocks of m cells: ``rows`` (K, m, a), the derivatives of their covariance by the variances.

    ``shared`` (G, K, m, m) are those by the variances of the groupings, ``residual`` (R, K, m) the
    diagonals of those by the residual variances.
    """

    rows: np.ndarray
    shared: np.ndarray
    residual: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellSums:
    """The data as the likelihood sees them.

    ``within`` (R, a, a) are the cross-products of deviations in each residual class, ``within_df`` (R,)
    how many they are, ``log_columns`` the log determinant of the cross-products of the reported columns.
    """

    stacks: tuple[CellStack, ...]
    crossed: tuple[CrossedBlock, ...]
    within: np.ndarray
    within_df: np.ndarray
    n: int
    log_columns: float

    @property
    def p(self) -> int:
        """How many fixed effects there are."""
        return int(self.within.shape[1]) - 1


def gather_cells(
    columns: np.ndarray,
    groupings: tuple[RowGrouping, ...],
    classes: np.ndarray,
    *,
    n_classes: int,
    log_columns: float,
) -> CellSums:
    """The sums of rows ``columns`` (n, a) with their residual class ``classes`` (n,).

    Raises ``AnalysisError`` for crossed groupings of too many cells.
    """
    codes = np.column_stack([each.codes for each in groupings])
    free = (codes < 0).all(axis=1)
    within = np.stack([_crossed(columns[free & (classes == r)]) for r in range(n_classes)])
    within_df = np.bincount(classes[free], minlength=n_classes).astype(float)
    own = ~free
    cells, cell = np.unique(
        np.column_stack([codes[own], classes[own]]), axis=0, return_inverse=True
    )
    cell = cell.reshape(-1)
    count = np.bincount(cell)
    order = np.argsort(cell, kind="stable")
    starts = np.cumsum(count) - count
    sums = np.add.reduceat(columns[own][order], starts, axis=0)
    deviations = columns[own] - (sums / count[:, None])[cell]
    for r in range(n_classes):
        within[r] += _crossed(deviations[classes[own] == r])
        within_df[r] += (count - 1)[cells[:, -1] == r].sum()
    stacks, crossed = _by_blocks(
        sums / np.sqrt(count)[:, None], cells, np.sqrt(count), n_classes=n_classes
    )
    return CellSums(
        stacks=stacks,
        crossed=crossed,
        within=within,
        within_df=within_df,
        n=len(columns),
        log_columns=log_columns,
    )


def _crossed(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows.T @ rows)


def _by_blocks(
    rows: np.ndarray, cells: np.ndarray, root: np.ndarray, *, n_classes: int
) -> tuple[tuple[CellStack, ...], tuple[CrossedBlock, ...]]:
    """The cells block by block; ``cells`` (C, G + 1) are levels and class, ``root`` (C,) is √n."""
    block = _blocks(cells[:, :-1])
    size = np.bincount(block)
    order = np.argsort(block, kind="stable")
    starts = np.cumsum(size) - size
    stacks, crossed = [], []
    for m in np.unique(size):
        at = order[starts[size == m][:, None] + np.arange(m)]  # (K, m)
        by_level = np.array(
            [m > LARGE and m > CROSSED * _count_levels(cells[each, :-1]) for each in at]
        )
        for each in at[by_level]:
            found = crossed_block(
                rows[each], cells[each, :-1], root[each], cells[each, -1], n_classes=n_classes
            )
            _refuse_too_large(len(found.grouping), "levels")
            crossed.append(found)
        if not by_level.all():
            _refuse_too_large(int(m), "cells")
            stacks.append(_stack(rows, cells, root, at[~by_level], n_classes=n_classes))
    return tuple(stacks), tuple(crossed)


def _count_levels(levels: np.ndarray) -> int:
    """How many levels of all groupings stand in some cells (m, G)."""
    return sum(len(np.unique(codes[codes >= 0])) for codes in levels.T)


def _refuse_too_large(count: int, what: str) -> None:
    if count > MOST_AT_ONCE:
        raise AnalysisError(
            f"the groupings make one block of {count:,} {what}, more than the {MOST_AT_ONCE:,} that "
            "can be computed at once",
            advice="leave out a grouping that crosses the others",
        )


def _stack(
    rows: np.ndarray, cells: np.ndarray, root: np.ndarray, at: np.ndarray, *, n_classes: int
) -> CellStack:
    """The blocks whose cells are numbered in ``at`` (K, m)."""
    outer = root[at][:, :, None] * root[at][:, None, :]
    levels = np.moveaxis(cells[at][:, :, :-1], 2, 0)  # (G, K, m)
    alike = (levels[..., :, None] == levels[..., None, :]) & (levels[..., :, None] >= 0)
    residual = cells[at][:, :, -1] == np.arange(n_classes)[:, None, None]
    return CellStack(rows=rows[at], shared=alike * outer, residual=residual.astype(float))


def _blocks(levels: np.ndarray) -> np.ndarray:
    """The number of the block of each cell (C,), from its ``levels`` (C, G)."""
    cells = np.arange(len(levels))
    ties, first = [], len(levels)
    for codes in levels.T:
        here = codes >= 0
        ties.append(np.column_stack([cells[here], first + codes[here]]))
        first += int(codes.max()) + 1
    ends = np.concatenate(ties)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(first, first))
    _, label = connected_components(graph, directed=False)
    return np.asarray(np.unique(label[: len(levels)], return_inverse=True)[1]).reshape(-1)
