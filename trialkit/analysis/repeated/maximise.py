"""Newton's method on −2ℓ, guarded so that every step goes down and every Σ is definite."""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.repeated.likelihood import (
    CovarianceModel,
    Evaluation,
    Information,
    Slope,
    evaluate,
    expected_information,
    observed_information,
    slope,
)
from trialkit.analysis.repeated.statistics import MmrmStatistics

_STEPS = 200
_HALVINGS = 40
_LONGEST = 1.0  # of a parameter in one step: e-fold of a scale, or doubling of a large one
_SETTLED = 1e-20  # squared length of the Newton step in units of standard error
_PROVEN = 1e-9  # of the same at an accepted optimum


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optimum:
    """Where the likelihood is largest, and the derivatives that prove it."""

    at: Evaluation
    slope: Slope
    information: Information
    steps: int

    @property
    def theta_covariance(self) -> np.ndarray:
        """The inverse of the observed information of the covariance parameters."""
        return np.asarray(np.linalg.inv(self.information.observed / 2))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Failure:
    """Why no optimum was found, and the parameters at which the climb ended, if it began."""

    reason: str
    theta: np.ndarray | None = None


def maximise(
    statistics: MmrmStatistics,
    model: CovarianceModel,
    start: np.ndarray,
    *,
    restricted: bool,
    steps: int = _STEPS,
) -> Optimum | Failure:
    """Climb from ``start``; the observed information leads as soon as it is definite."""
    at = evaluate(statistics, model, start, restricted=restricted)
    if not np.isfinite(at.value):
        return Failure(reason="the starting covariance matrix is not positive definite")
    last = np.inf
    for step in range(steps):
        first = slope(statistics, model, at, restricted=restricted)
        second: Information | None = None
        direction = -_solve(expected_information(statistics, model, at, first), first.gradient)
        decrement = float(-first.gradient @ direction)
        if decrement < 1.0:
            second = observed_information(statistics, model, at, first, restricted=restricted)
            newton = _definite_solve(second.observed, first.gradient)
            if newton is not None:
                direction = -newton
                decrement = float(-first.gradient @ direction)
                stalled = decrement < _PROVEN and decrement > last / 4
                if decrement < _SETTLED or stalled:
                    return Optimum(at=at, slope=first, information=second, steps=step)
        if not np.isfinite(decrement):
            break
        moved = _go(statistics, model, at, direction, decrement, restricted=restricted)
        if moved is None:
            break
        at, last = moved, decrement
    return Failure(reason=_diagnosis(model, at), theta=at.theta)


def _go(
    statistics: MmrmStatistics,
    model: CovarianceModel,
    at: Evaluation,
    direction: np.ndarray,
    decrement: float,
    *,
    restricted: bool,
) -> Evaluation | None:
    """The longest of the halved steps along ``direction`` that lowers −2ℓ as it should."""
    longest = float(np.max(np.abs(direction) / np.maximum(1.0, np.abs(at.theta))))
    length = min(1.0, _LONGEST / longest) if longest > 0 else 1.0
    noise = 1e-11 * (1 + abs(float(at.value)))
    for _ in range(_HALVINGS):
        tried = evaluate(statistics, model, at.theta + length * direction, restricted=restricted)
        if tried.value <= at.value - 1e-4 * length * decrement + noise:
            return tried
        length /= 2
    return None


def _solve(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """``matrix⁻¹ vector`` for a matrix that is definite but for rounding."""
    found = _definite_solve(matrix, vector)
    if found is not None:
        return found
    values, vectors = np.linalg.eigh(matrix)
    floor = max(float(values.max()), 1e-300) * 1e-10
    return np.asarray(vectors @ ((vectors.T @ vector) / np.maximum(values, floor)))


def _definite_solve(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray | None:
    """``matrix⁻¹ vector``, or nothing when the matrix is not positive definite."""
    diagonal = np.diagonal(matrix)
    if not (np.isfinite(diagonal) & (diagonal > 0)).all():
        return None
    size = np.sqrt(diagonal)
    scaled = matrix / np.outer(size, size)
    try:
        root = np.linalg.cholesky(scaled)
    except np.linalg.LinAlgError:
        return None
    if np.min(np.diagonal(root)) < 1e-7:
        return None
    half = np.linalg.solve(root, vector / size)
    return np.asarray(np.linalg.solve(root.T, half) / size)


def _diagnosis(model: CovarianceModel, at: Evaluation) -> str:
    """What the point at which the climb ended says about the data."""
    smallest, spread = smallest_eigenvalue(model, at.theta)
    if smallest < 1e-4 or spread < 1e-4:
        return (
            "the covariance matrix became singular "
            f"(smallest eigenvalue of the correlation matrix {smallest:.1e})"
        )
    return (
        "no maximum of the likelihood was found: the observed information is not positive definite "
        "where the climb ended"
    )


def smallest_eigenvalue(model: CovarianceModel, theta: np.ndarray) -> tuple[float, float]:
    """That of the correlation matrices, and the ratio of the least deviation to the greatest."""
    stack = np.moveaxis(model.sigma(theta), 2, 0)
    sd = np.sqrt(np.diagonal(stack, axis1=1, axis2=2))
    smallest = float(np.linalg.eigvalsh(stack / (sd[:, :, None] * sd[:, None, :])).min())
    return smallest, float(sd.min() / sd.max())
