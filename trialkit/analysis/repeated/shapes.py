"""The correlation matrix R of a covariance structure, and its derivatives.

R depends on its parameters t in one of three forms:

* *sum*: R = I + Σⱼ ρⱼ Mⱼ (Toeplitz: a correlation for each lag; compound symmetry: one for all),
* *product*: R = Πⱼ ρⱼ^Nⱼ elementwise (AR(1): the lag; ante-dependence: the steps between two visits;
  spatial exponential: the distance in time),
* *Cholesky*: R = LLᵀ with L unit lower triangular (unstructured; R is then no correlation matrix).

A link carries each ρ to a t on the whole line. Arrays may carry further axes behind their own.
"""

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np


class CorrelationForm(Enum):
    """How R follows from the shape parameters."""

    LAGS = auto()  # sum, a matrix for each lag
    EQUAL = auto()  # sum, one matrix for all pairs
    POWER = auto()  # product, the lag
    STEPS = auto()  # product, a factor for each step from one visit to the next
    DISTANCE = auto()  # product, the distance in time
    CHOLESKY = auto()


class Link(Enum):
    """How a shape parameter on the whole line becomes ρ."""

    ALGEBRAIC = auto()  # t / √(1 + t²)
    EXCHANGEABLE = auto()  # logit⁻¹(t)(1 + a) − a, a = 1 / (visits − 1)
    LOGISTIC = auto()  # logit⁻¹(t)
    NONE = auto()


@dataclass(frozen=True, slots=True, eq=False)
class CorrelationShape:
    """R for a number of visits.

    ``incidence`` (parameter, visit, visit[, block]) holds M of a sum or N of a product, ``cells`` the
    row and column of each element of L.
    """

    form: CorrelationForm
    link: Link
    visits: int
    incidence: np.ndarray
    cells: np.ndarray

    @property
    def n_parameters(self) -> int:
        """How many parameters R has."""
        return len(self.cells) if self.form is CorrelationForm.CHOLESKY else len(self.incidence)


def along(array: np.ndarray, extra: int) -> np.ndarray:
    """``array`` with ``extra`` axes of length one behind its own."""
    return array.reshape(array.shape + (1,) * extra)


def link_values(
    shape: CorrelationShape, t: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """ρ and its first two derivatives (parameter, …)."""
    if shape.link is Link.ALGEBRAIC:
        root = 1 / np.sqrt(1 + t**2)
        return t * root, root**3, -3 * t * root**5
    reach = 1.0
    if shape.link is Link.EXCHANGEABLE:
        reach += 1 / max(shape.visits - 1, 1)
    logistic = 0.5 * (1 + np.tanh(t / 2))
    slope = reach * logistic * (1 - logistic)
    return reach * logistic - (reach - 1), slope, slope * (1 - 2 * logistic)


def inverse_link(shape: CorrelationShape, rho: np.ndarray) -> np.ndarray:
    """The parameters t that give ρ."""
    if shape.link is Link.ALGEBRAIC:
        return np.asarray(rho / np.sqrt(1 - rho**2))
    reach = 1.0
    if shape.link is Link.EXCHANGEABLE:
        reach += 1 / max(shape.visits - 1, 1)
    share = (rho + reach - 1) / reach
    return np.asarray(np.log(share / (1 - share)))


def _unit_lower(shape: CorrelationShape, t: np.ndarray) -> np.ndarray:
    """L (visit, visit, …)."""
    size = shape.visits
    lower = np.zeros((size, size, *t.shape[1:]))
    lower[np.arange(size), np.arange(size)] = 1
    lower[shape.cells[:, 0], shape.cells[:, 1]] = t
    return lower


def _factors(shape: CorrelationShape, t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The factors of a product and their first two derivatives by t (parameter, visit, visit, …)."""
    power = along(shape.incidence, t.ndim + 2 - shape.incidence.ndim)
    rho, slope, bend = (each[:, None, None] for each in link_values(shape, t))
    smooth = (power != 0) & (power != 1)
    value = rho**power
    by_rho = np.where(power == 0, 0.0, power * rho ** np.where(power == 0, 0, power - 1))
    twice = np.where(smooth, power * (power - 1) * rho ** np.where(smooth, power - 2, 0), 0.0)
    return value, by_rho * slope, twice * slope**2 + by_rho * bend


def _products_of_the_others(factors: np.ndarray) -> np.ndarray:
    """For each factor the product of the other ones, without dividing."""
    before = np.ones_like(factors)
    after = np.ones_like(factors)
    for j in range(1, len(factors)):
        before[j] = before[j - 1] * factors[j - 1]
        after[-1 - j] = after[-j] * factors[-j]
    return np.asarray(before * after)


def correlation(shape: CorrelationShape, t: np.ndarray) -> np.ndarray:
    """R (visit, visit, …)."""
    match shape.form:
        case CorrelationForm.CHOLESKY:
            lower = _unit_lower(shape, t)
            return np.asarray(np.einsum("uw...,vw...->uv...", lower, lower))
        case CorrelationForm.LAGS | CorrelationForm.EQUAL:
            rho = link_values(shape, t)[0]
            eye = along(np.eye(shape.visits), t.ndim - 1)
            return np.asarray(eye + np.einsum("juv,j...->uv...", shape.incidence, rho))
        case _:
            if not len(shape.incidence):
                return along(np.ones((1, 1)), t.ndim - 1)
            return np.asarray(np.prod(_factors(shape, t)[0], axis=0))


def first_derivatives(shape: CorrelationShape, t: np.ndarray) -> np.ndarray:
    """∂R / ∂t (visit, visit, parameter, …)."""
    match shape.form:
        case CorrelationForm.CHOLESKY:
            lower = _unit_lower(shape, t)
            rows, columns = shape.cells.T
            index = np.arange(len(rows))
            half = np.zeros((shape.visits, shape.visits, *t.shape))
            half[rows, :, index] = np.swapaxes(lower[:, columns], 0, 1)
            return half + np.swapaxes(half, 0, 1)
        case CorrelationForm.LAGS | CorrelationForm.EQUAL:
            slope = link_values(shape, t)[1]
            return np.asarray(np.einsum("juv,j...->uvj...", shape.incidence, slope))
        case _:
            if not len(shape.incidence):
                return np.zeros((shape.visits, shape.visits, *t.shape))
            value, slope, _ = _factors(shape, t)
            return np.moveaxis(slope * _products_of_the_others(value), 0, 2)


def _second(shape: CorrelationShape, t: np.ndarray) -> np.ndarray:
    """∂²R / ∂t∂t of a product (parameter, parameter, visit, visit, …)."""
    value, slope, bend = _factors(shape, t)
    rows = []
    for j in range(len(value)):
        changed = value.copy()
        changed[j] = slope[j]
        row = slope * _products_of_the_others(changed)
        changed[j] = bend[j]
        row[j] = np.prod(changed, axis=0)
        rows.append(row)
    return np.stack(rows)


def _same_column(shape: CorrelationShape) -> np.ndarray:
    """Which elements of L stand in the same column (parameter, parameter)."""
    columns = shape.cells[:, 1]
    return np.asarray(np.equal.outer(columns, columns).astype(float))


def second_weighted(shape: CorrelationShape, t: np.ndarray, weighted: np.ndarray) -> np.ndarray:
    """Σᵤᵥ weightedᵤᵥ ∂²Rᵤᵥ / ∂t∂t (parameter, parameter, …)."""
    match shape.form:
        case CorrelationForm.CHOLESKY:
            rows = shape.cells[:, 0]
            same = along(_same_column(shape), weighted.ndim - 2)
            return np.asarray(2 * same * weighted[np.ix_(rows, rows)])
        case CorrelationForm.LAGS | CorrelationForm.EQUAL:
            bend = link_values(shape, t)[2]
            diagonal = np.einsum("juv,uv...->j...", shape.incidence, weighted) * bend
            eye = along(np.eye(len(shape.incidence)), diagonal.ndim - 1)
            return np.asarray(eye * diagonal[None])
        case _:
            if not len(shape.incidence):
                return np.zeros((0, 0, *weighted.shape[2:]))
            return np.asarray(np.einsum("ijuv...,uv...->ij...", _second(shape, t), weighted))


def second_total(shape: CorrelationShape, t: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Σᵢⱼ weightᵢⱼ ∂²R / ∂tᵢ∂tⱼ (visit, visit, …)."""
    match shape.form:
        case CorrelationForm.CHOLESKY:
            rows = np.eye(shape.visits)[shape.cells[:, 0]]
            total = 2 * rows.T @ (weight * _same_column(shape)) @ rows
            return along(total, t.ndim - 1)
        case CorrelationForm.LAGS | CorrelationForm.EQUAL:
            bend = link_values(shape, t)[2] * along(np.diagonal(weight), t.ndim - 1)
            return np.asarray(np.einsum("juv,j...->uv...", shape.incidence, bend))
        case _:
            if not len(shape.incidence):
                return np.zeros((shape.visits, shape.visits, *t.shape[1:]))
            return np.asarray(np.einsum("ij,ijuv...->uv...", weight, _second(shape, t)))
