"""The contrast matrices of the tests of terms, types II and III.

A term's own columns are tested, with the terms that contain it (more categories, never a number)
either at the average of their levels (III) or at what least squares would make of them (II).
The basis matters to a Satterthwaite F: it is that of R's mmrm, the term's columns for type II, and
for type III the deviations from the mean over levels, of all levels but the last.
"""

import numpy as np

from trialkit.analysis.repeated.design import ModelTerm
from trialkit.protocol.methods.repeated import TermTestType


def term_contrasts(
    term: ModelTerm, terms: tuple[ModelTerm, ...], rows: np.ndarray, kind: TermTestType
) -> np.ndarray:
    """The contrasts (row, p) of the reported coefficients; ``rows`` is the design matrix (n, p)."""
    own = list(term.columns)
    contrasts = np.zeros((len(own), rows.shape[1]))
    contrasts[np.arange(len(own)), own] = 1
    for other in terms:
        if not _contains(other, term):
            continue
        columns = list(other.columns)
        if kind is TermTestType.TYPE_III:
            contrasts[:, columns] = _averaged(term, other)
        else:
            contrasts[:, columns] = _projected(rows, own, columns)
    if kind is TermTestType.TYPE_III:
        return _deviations(term) @ contrasts
    return contrasts


def _deviations(term: ModelTerm) -> np.ndarray:
    """The deviations from the mean over levels, of the effects that are differences to the first."""
    basis: np.ndarray = np.ones((1, 1))
    for size in term.sizes:
        # a number has no levels, and its one column stays as it is
        of_factor = np.eye(size)[: size - 1, 1:] - 1 / size if size else np.ones((1, 1))
        basis = np.kron(of_factor, basis)
    return basis


def _contains(other: ModelTerm, term: ModelTerm) -> bool:
    """Whether ``other`` is ``term`` with a further category."""
    more = [
        size
        for factor, size in zip(other.factors, other.sizes, strict=True)
        if factor not in term.factors
    ]
    return set(term.factors) < set(other.factors) and term.factors != ("(Intercept)",) and all(more)


def _averaged(term: ModelTerm, other: ModelTerm) -> np.ndarray:
    """The share of each column of ``other`` in the average over its further category."""
    at = other.factors.index(term.factors[0])
    levels = other.sizes[1 - at]
    # columns of an interaction run through the first factor within the second
    first, second = (max(size - 1, 1) for size in other.sizes)
    place = np.arange(first * second)
    own = place % first if at == 0 else place // first
    return np.asarray((own[None, :] == np.arange(len(term.columns))[:, None]) / levels)


def _projected(rows: np.ndarray, own: list[int], columns: list[int]) -> np.ndarray:
    """What the columns of the containing term amount to in the term's own, all else adjusted for."""
    rest = np.delete(rows, own + columns, axis=1)
    basis, _ = np.linalg.qr(rest)
    free = rows[:, own] - basis @ (basis.T @ rows[:, own])
    return np.asarray(np.linalg.lstsq(free, rows[:, columns], rcond=None)[0])
