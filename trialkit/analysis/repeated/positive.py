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
        return np.zeros_like(stack), np.zeros(stack.shape[:-2]), np.asarray(a=False)
    diagonal = np.diagonal(root, axis1=-2, axis2=-1)
    # LAPACK's general inverse is symmetric only up to rounding
    inverse = (inverse + np.swapaxes(inverse, -1, -2)) / 2
    return inverse, 2 * np.log(diagonal).sum(axis=-1), np.asarray(a=True)


def _sweep(stack: np.ndarray, *, lead: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Goodnight's sweep operator on every pivot, which gives minus the inverse."""
    swept = np.moveaxis(stack, (lead, lead + 1), (0, 1)).copy()
    size = swept.shape[0]
    logdet = np.zeros(swept.shape[2:])
    definite = np.ones(swept.shape[2:], dtype=bool)
    for pivot in range(size):
        value = swept[pivot, pivot].copy()
        positive = value > 0
        definite &= positive
        value[~positive] = 1.0
        logdet += np.log(value)
        column = swept[:, pivot].copy()
        scaled = column / value
        swept -= column[:, None] * scaled[None, :]
        swept[:, pivot] = scaled
        swept[pivot, :] = scaled
        swept[pivot, pivot] = -1 / value
    inverse = np.moveaxis(-swept, (0, 1), (lead, lead + 1))
    return inverse, logdet, np.asarray(definite.all(axis=tuple(range(lead))))
