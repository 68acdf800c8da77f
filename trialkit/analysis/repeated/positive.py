"""Inverse and log determinant of stacks of symmetric positive definite matrices.

A stack has the matrix axes behind ``lead`` leading ones, and behind these, where many data sets are
fitted at once, one axis of data sets. That last axis is the long one, so the matrices are swept
elementwise along it; without it LAPACK does the work.
"""

import numpy as np


def invert(stack: np.ndarray, *, lead: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inverses, log determinants and, for each data set, whether all matrices were definite."""
    if stack.ndim == lead + 2:
        return _factorise(stack)
    return _sweep(stack, lead=lead)


def _factorise(stack: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    try:
        root = np.linalg.cholesky(stack)
        inverse = np.linalg.inv(stack)
    except np.linalg.LinAlgError:
        root = inverse = np.full_like(stack, np.nan)
    if not np.isfinite(inverse).all():  # LAPACK takes what is no number without a word
        return np.zeros_like(stack), np.zeros(stack.shape[:-2]), np.asarray(a=False)
    diagonal = np.diagonal(root, axis1=-2, axis2=-1)
    # LAPACK's general inverse is symmetric only up to rounding
    inverse = (inverse + np.swapaxes(inverse, -1, -2)) / 2
    return inverse, 2 * np.log(diagonal).sum(axis=-1), np.asarray(a=True)


def _sweep(stack: np.ndarray, *, lead: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Goodnight's sweep operator on every pivot, which gives minus the inverse.

    A matrix that turns out not to be definite is swept no further and comes out as nought: its numbers
    mean nothing, and may grow past what a number can be.
    """
    swept = np.moveaxis(stack, (lead, lead + 1), (0, 1)).copy()
    size = swept.shape[0]
    logdet = np.zeros(swept.shape[2:])
    definite = np.ones(swept.shape[2:], dtype=bool)
    for pivot in range(size):
        value = swept[pivot, pivot].copy()
        definite &= (value > 0) & (value < np.inf)
        value[~definite] = 1.0
        logdet += np.log(value)
        column = np.where(definite, swept[:, pivot], 0.0)
        scaled = column / value
        with np.errstate(over="ignore", invalid="ignore"):
            swept -= column[:, None] * scaled[None, :]
        swept[:, pivot] = scaled
        swept[pivot, :] = scaled
        swept[pivot, pivot] = -1 / value
    inverse = np.moveaxis(np.where(definite, -swept, 0.0), (0, 1), (lead, lead + 1))
    return inverse, logdet, np.asarray(definite.all(axis=tuple(range(lead))))
