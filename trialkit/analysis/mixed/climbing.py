"""The maximum of the likelihood of variance components, on the boundary where it lies there.

The variances are θ = offset + T η with η ≥ 0: all of them (T = I) or, for a profile, those that agree with
a fixed variance or correlation. A component that the likelihood would have negative is 0, as lme4 has it
(a singular fit).
"""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.mixed.cell_sums import CellSums
from trialkit.analysis.mixed.components import VarianceEvaluation, evaluate

_STEPS = 200
_HALVINGS = 40
_SETTLED = 1e-20
_PROVEN = 1e-9
_NOTHING = 1e-60  # information
_FLAT = 1e-13  # where parameters hardly matter, a scored step promises nothing more


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cone:
    """The variances θ = ``offset`` (t,) + ``turn`` (t, e) η, η ≥ 0."""

    offset: np.ndarray
    turn: np.ndarray

    def theta(self, eta: np.ndarray) -> np.ndarray:
        """The variances that η stands for."""
        return np.asarray(self.offset + self.turn @ eta)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Peak:
    """Parameters ``eta`` (e,) of a cone, and the likelihood there."""

    eta: np.ndarray
    at: VarianceEvaluation


def every_variance(count: int) -> Cone:
    """No variance fixed."""
    return Cone(offset=np.zeros(count), turn=np.eye(count))


def climb(sums: CellSums, cone: Cone, start: np.ndarray, *, restricted: bool) -> Peak | None:
    """The maximum that is found from ``start`` (e,); nothing if none is."""
    at = evaluate(sums, cone.theta(start), restricted=restricted)
    if at is None:
        return None
    point, last = Peak(eta=start, at=at), np.inf
    for _ in range(_STEPS):
        gradient = cone.turn.T @ point.at.gradient
        free = (point.eta > 0) | (gradient < 0)
        if not free.any():
            return point
        direction, proven = _direction(cone, point.at, gradient, free)
        decrement = float(-gradient @ direction)
        stalled = decrement < _PROVEN and decrement > last / 4
        if decrement < (_SETTLED if proven else _FLAT) or (proven and stalled):
            return point
        size = _sizes(_expected(cone, point.at)) ** 2
        for way in (direction, np.where(free, -gradient / size, 0.0)):
            moved = _go(sums, cone, point, way, restricted=restricted)
            if moved is not None:
                break
        if moved is None:
            return point if decrement < _PROVEN else None
        point, last = moved, decrement
    return None


def _expected(cone: Cone, at: VarianceEvaluation) -> np.ndarray:
    return np.asarray(cone.turn.T @ at.expected @ cone.turn)


def _direction(
    cone: Cone, at: VarianceEvaluation, gradient: np.ndarray, free: np.ndarray
) -> tuple[np.ndarray, bool]:
    """The step of the free parameters, and whether it is Newton's with definite curvature."""
    direction = np.zeros(len(gradient))
    observed = (cone.turn.T @ at.observed @ cone.turn)[np.ix_(free, free)]
    expected = _expected(cone, at)[np.ix_(free, free)]
    scored = _solve(expected, gradient[free])
    short = float(gradient[free] @ scored) < 1.0
    newton = short and _is_definite(observed)
    direction[free] = -(_solve(observed, gradient[free]) if newton else scored)
    return direction, newton


def _sizes(matrix: np.ndarray) -> np.ndarray:
    """The roots of the diagonal, 1 where nothing is known."""
    diagonal = np.diagonal(matrix)
    return np.asarray(np.sqrt(np.where(diagonal > _NOTHING, diagonal, 1.0)))


def _is_definite(matrix: np.ndarray) -> bool:
    size = _sizes(matrix)
    if not (np.diagonal(matrix) > _NOTHING).all():
        return False
    return float(np.linalg.eigvalsh(matrix / np.outer(size, size)).min()) > 1e-10


def _solve(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """``matrix⁻¹ vector``, directions without information left out."""
    size = _sizes(matrix)
    values, vectors = np.linalg.eigh(matrix / np.outer(size, size))
    known = values > 1e-12 * max(float(values.max()), _NOTHING)
    turned = np.where(known, (vectors.T @ (vector / size)) / np.where(known, values, 1.0), 0.0)
    return np.asarray((vectors @ turned) / size)


def _go(
    sums: CellSums, cone: Cone, point: Peak, direction: np.ndarray, *, restricted: bool
) -> Peak | None:
    """The longest of the halved steps, cut at 0, that lowers −2ℓ as it should."""
    gradient = cone.turn.T @ point.at.gradient
    noise = 1e-12 * (1 + abs(point.at.value))
    length = 1.0
    for _ in range(_HALVINGS):
        tried = np.maximum(point.eta + length * direction, 0.0)
        promised = float(gradient @ (point.eta - tried))
        there = evaluate(sums, cone.theta(tried), restricted=restricted)
        if there is not None and there.value <= point.at.value - 1e-4 * promised + noise:
            return Peak(eta=tried, at=there)
        length /= 2
    return None
