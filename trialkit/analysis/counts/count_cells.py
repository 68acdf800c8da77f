"""Counts of many replicates summed over rows that no model can tell apart."""

from dataclasses import dataclass

import numpy as np

from trialkit.errors import AnalysisError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountCells:
    """Replicates R of counts in C cells, each of rows with one design and one exposure.

    ``design`` (C, p), of which ``distinct`` (D, p) are the different rows and ``which`` (C,) the
    number of each cell's; ``exposure`` (C,) or (R, C), ``size`` (C,) how many rows a cell has,
    ``sums`` and ``squares`` (R, C) of the counts, and ``above`` (R, K): how many exceed 0, 1, ….
    """

    design: np.ndarray
    distinct: np.ndarray
    which: np.ndarray
    exposure: np.ndarray
    size: np.ndarray
    sums: np.ndarray
    squares: np.ndarray
    above: np.ndarray

    def of(self, replicates: np.ndarray) -> "CountCells":
        """Some of the replicates."""
        return CountCells(
            design=self.design,
            distinct=self.distinct,
            which=self.which,
            exposure=self.exposure if self.exposure.ndim == 1 else self.exposure[replicates],
            size=self.size,
            sums=self.sums[replicates],
            squares=self.squares[replicates],
            above=self.above[replicates],
        )

    def mean(self, coefficients: np.ndarray) -> np.ndarray:
        """The expected count (R, C) at coefficients (R, p)."""
        rates = np.exp(coefficients @ self.distinct.T)
        return np.asarray(rates[:, self.which] * self.exposure)

    def information(self, weights: np.ndarray) -> np.ndarray:
        """X'WX (R, p, p) for weights (R, C) of whole cells."""
        cells, p = self.design.shape
        products = (self.design[:, :, None] * self.design[:, None, :]).reshape(cells, p * p)
        return np.asarray((weights @ products).reshape(-1, p, p))

    def squared_residuals(self, mean: np.ndarray) -> np.ndarray:
        """Σ (y − m)² in each cell (R, C)."""
        return np.asarray(self.squares - 2 * mean * self.sums + self.size * mean**2)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellLayout:
    """The ``cell`` (n,) of each row, and what all replicates of ``CountCells`` share."""

    cell: np.ndarray
    design: np.ndarray
    distinct: np.ndarray
    which: np.ndarray
    exposure: np.ndarray
    size: np.ndarray

    def filled(self, counts: np.ndarray, replicates: slice) -> CountCells:
        """Some replicates of counts (R, n) summed by cell."""
        part, cells = counts[replicates], len(self.size)
        return CountCells(
            design=self.design,
            distinct=self.distinct,
            which=self.which,
            exposure=self.exposure if self.exposure.ndim == 1 else self.exposure[replicates],
            size=self.size,
            sums=_summed(part, self.cell, cells),
            squares=_summed(part.astype(float) ** 2, self.cell, cells),
            above=_above(part.astype(np.int64)),
        )


def cell_layout(counts: np.ndarray, design: np.ndarray, exposure: np.ndarray | None) -> CellLayout:
    """Check the arrays of a batch and find which rows can be summed.

    Raises ``AnalysisError`` for shapes that do not fit, values that are no counts, exposures of 0 or
    less and a design without full rank.
    """
    _refuse_what_no_batch_is(counts, design, exposure)
    n = counts.shape[1]
    shared = exposure is None or exposure.ndim == 1
    time = np.ones(n) if exposure is None else exposure
    keys = np.column_stack([design, time]) if shared else np.arange(n)[:, None]
    _, first, cell = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    cell = cell.reshape(-1)
    if len(first) == n:  # nothing to sum; the rows stay in their order
        first = cell = np.arange(n)
    distinct, which = np.unique(design[first], axis=0, return_inverse=True)
    return CellLayout(
        cell=cell,
        design=design[first],
        distinct=distinct,
        which=which.reshape(-1),
        exposure=time[first] if shared else time,
        size=np.bincount(cell).astype(float),
    )


def _summed(values: np.ndarray, cell: np.ndarray, cells: int) -> np.ndarray:
    if cells == values.shape[1]:
        return values.astype(float)
    member = np.zeros((values.shape[1], cells))
    member[np.arange(len(cell)), cell] = 1.0
    return np.asarray(values @ member)


def _above(counts: np.ndarray) -> np.ndarray:
    replicates, n = counts.shape
    largest = int(counts.max(initial=0))
    at = counts + (largest + 1) * np.arange(replicates)[:, None]
    frequencies = np.bincount(at.ravel(), minlength=replicates * (largest + 1))
    return np.asarray(
        n - np.cumsum(frequencies.reshape(replicates, -1), axis=1)[:, :-1], dtype=float
    )


def _refuse_what_no_batch_is(
    counts: np.ndarray, design: np.ndarray, exposure: np.ndarray | None
) -> None:
    if counts.ndim != 2 or design.ndim != 2 or len(design) != counts.shape[1]:
        raise AnalysisError(
            f"counts must have the shape (replicates, rows) and the design (rows, columns), got "
            f"{counts.shape} and {design.shape}"
        )
    if not np.all(np.isfinite(counts)) or (counts < 0).any() or (counts != np.floor(counts)).any():
        raise AnalysisError("counts must be whole numbers from 0 up, none missing")
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise AnalysisError("the columns of the design are combinations of each other")
    if exposure is None:
        return
    if exposure.shape not in {(counts.shape[1],), counts.shape}:
        raise AnalysisError(
            f"exposure must have the shape (rows,) or (replicates, rows), got {exposure.shape}"
        )
    if not (exposure > 0).all() or not np.isfinite(exposure).all():
        raise AnalysisError("exposures must be above 0, none missing")
