"""Design matrices from named columns, and the hypotheses that an analysis of variance tests.

No formula is written or read: a model is a tuple of terms, a term a tuple of column names.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import SumOfSquares

Term: TypeAlias = tuple[str, ...]
"""The columns whose product a term is: one for a main effect, two for an interaction."""

COLLINEAR = 1e-9
"""A column with less than this share of itself outside the columns before it adds nothing."""
CONSTANT = 1e-12
"""A column that varies by less than this share of its size is the same in all rows, to rounding."""


class Coding(StrEnum):
    """How the levels of a factor become columns."""

    TREATMENT = "treatment"
    """Each level against the base level."""
    SUM = "sum"
    """Each level against the mean of the levels, as type III needs."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NumericColumn:
    """A covariate with its values (n,)."""

    name: str
    values: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactorColumn:
    """A category: level numbers (n,), the levels in order, and which is the base."""

    name: str
    codes: np.ndarray
    levels: tuple[object, ...]
    base: int = 0

    def contrast_matrix(self, coding: Coding) -> np.ndarray:
        """The columns of each level, (levels, levels − 1)."""
        others = [i for i in range(len(self.levels)) if i != self.base]
        matrix = np.eye(len(self.levels))[:, others]
        if coding is Coding.SUM:
            matrix[self.base] = -1.0
        return matrix

    @property
    def other_levels(self) -> tuple[object, ...]:
        """The levels that have a column in treatment coding."""
        return tuple(level for i, level in enumerate(self.levels) if i != self.base)


ModelColumn: TypeAlias = NumericColumn | FactorColumn


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """A design matrix (n, p), intercept first, with the name and the term of each column.

    ``term_of`` is 0 for the intercept and i for the i-th of ``terms``.
    """

    columns: tuple[ModelColumn, ...]
    terms: tuple[Term, ...]
    matrix: np.ndarray
    names: tuple[str, ...]
    term_of: np.ndarray
    coding: Coding

    def column(self, name: str) -> ModelColumn:
        """The model column of that name."""
        return next(each for each in self.columns if each.name == name)

    def row(self, at: Mapping[str, float | np.ndarray]) -> np.ndarray:
        """The expected row (p,) where each covariate has a value and each factor level weights."""
        parts = [np.ones(1)]
        for term in self.terms:
            part = np.ones(1)
            for name in term:
                column = self.column(name)
                if isinstance(column, FactorColumn):
                    coded = np.asarray(at[name]) @ column.contrast_matrix(self.coding)
                    part = np.multiply.outer(part, coded).ravel()
                else:
                    part = part * at[name]
            parts.append(part)
        return np.concatenate(parts)


def term_name(term: Term) -> str:
    """How a term is written: ``arm``, ``arm:baseline``."""
    return ":".join(term)


def build_design(
    columns: tuple[ModelColumn, ...], terms: tuple[Term, ...], *, coding: Coding = Coding.TREATMENT
) -> Design:
    """The design matrix of an intercept and ``terms``, not yet checked for rank."""
    by_name = {column.name: column for column in columns}
    first = columns[0]
    rows = len(first.values) if isinstance(first, NumericColumn) else len(first.codes)
    blocks, names, term_of = [np.ones((rows, 1))], ["intercept"], [0]
    for number, term in enumerate(terms, start=1):
        block, labels = np.ones((rows, 1)), [""]
        for name in term:
            coded, suffixes = _coded(by_name[name], coding)
            block = (block[:, :, None] * coded[:, None, :]).reshape(rows, -1)
            labels = [f"{a}:{b}" if a else b for a in labels for b in suffixes]
        blocks.append(block)
        names.extend(labels)
        term_of.extend([number] * block.shape[1])
    return Design(
        columns=columns,
        terms=terms,
        matrix=np.hstack(blocks),
        names=tuple(names),
        term_of=np.array(term_of),
        coding=coding,
    )


def _coded(column: ModelColumn, coding: Coding) -> tuple[np.ndarray, list[str]]:
    if isinstance(column, NumericColumn):
        return column.values[:, None], [column.name]
    labels = [f"{column.name}[{level}]" for level in column.other_levels]
    return column.contrast_matrix(coding)[column.codes], labels


def independent_columns(design: Design) -> np.ndarray:
    """Which columns (p,) are no linear combination of those before them.

    Columns are centred first, so that a covariate far from zero is judged by its variation.
    """
    matrix = design.matrix
    independent = _varies(matrix)
    independent[0] = True  # the intercept
    centred = matrix - matrix.mean(axis=0)
    length = np.linalg.norm(centred, axis=0)
    basis = np.zeros(matrix.shape)  # orthonormal columns as far as they are filled
    filled = 0
    for index in range(1, len(independent)):
        if not independent[index]:
            continue
        rest = centred[:, index] / length[index]
        if filled:
            known = basis[:, :filled]
            for _ in range(2):  # twice is enough for orthogonality to rounding
                rest = rest - known @ (known.T @ rest)
        left = math.sqrt(rest @ rest)
        independent[index] = left >= COLLINEAR
        if independent[index]:
            basis[:, filled] = rest / left
            filled += 1
    return independent


def _varies(columns: np.ndarray) -> np.ndarray:
    """Of each column (n, p), whether its standard deviation is more than rounding of its size."""
    return np.asarray(columns.std(axis=0) > CONSTANT * np.abs(columns).max(axis=0))


def refuse_collinear(design: Design) -> None:
    """Refuse a design in which a column is a combination of those before it, naming the column."""
    if design.matrix.shape[0] <= design.matrix.shape[1]:
        n, p = design.matrix.shape
        raise AnalysisError(f"a model of {p} coefficients needs at least {p + 1} rows, got {n}")
    independent = independent_columns(design)
    if independent.all():
        return
    index = int(np.argmin(independent))
    name, values = design.names[index], design.matrix[:, index]
    low, high = float(values.min()), float(values.max())
    if low == high:
        raise AnalysisError(
            f"{name!r} is the same in all rows used", advice="leave it out of the model"
        )
    if not _varies(values[:, None])[0]:
        raise AnalysisError(
            f"{name!r} varies only between {low!r} and {high!r}, too little for its size to be "
            "told from rounding",
            advice="subtract a constant from it, such as its smallest value",
        )
    raise AnalysisError(
        f"{name!r} is a linear combination of the terms before it "
        f"({', '.join(design.names[1:index])})",
        advice="leave one of them out of the model",
    )


def term_hypotheses(design: Design, kind: SumOfSquares) -> tuple[np.ndarray, ...]:
    """For each term the matrix L (df, p) of its hypothesis Lβ = 0, β in the design's coding.

    Type I and II by the sweep of the terms adjusted for, which gives the reduction in the residual
    sum of squares; type III as the term's coefficients in sum coding.
    """
    if kind is SumOfSquares.PARTIAL:
        summed = build_design(design.columns, design.terms, coding=Coding.SUM)
        scale = np.linalg.norm(summed.matrix, axis=0)
        to_sum = np.linalg.lstsq(summed.matrix / scale, design.matrix, rcond=None)[0]
        to_sum = to_sum / scale[:, None]
        return tuple(to_sum[summed.term_of == i] for i in range(1, len(design.terms) + 1))
    return tuple(
        _swept(design, number, before=_adjusted_for(design, number, kind))
        for number in range(1, len(design.terms) + 1)
    )


def _adjusted_for(design: Design, number: int, kind: SumOfSquares) -> np.ndarray:
    """Which columns a term is adjusted for: the earlier terms, or those that do not contain it."""
    if kind is SumOfSquares.SEQUENTIAL:
        return design.term_of < number
    term = set(design.terms[number - 1])
    containing = [i for i, other in enumerate(design.terms, start=1) if term <= set(other)]
    return ~np.isin(design.term_of, containing)


def _swept(design: Design, number: int, *, before: np.ndarray) -> np.ndarray:
    """Xₜ'M X with M the projection off the columns ``before``."""
    own = design.matrix[:, design.term_of == number]
    earlier, _ = np.linalg.qr(design.matrix[:, before])
    own = own - earlier @ (earlier.T @ own)
    own = own - earlier @ (earlier.T @ own)
    hypothesis = own.T @ design.matrix
    hypothesis[:, before] = 0.0
    return np.asarray(hypothesis / np.linalg.norm(hypothesis, axis=1, keepdims=True))
