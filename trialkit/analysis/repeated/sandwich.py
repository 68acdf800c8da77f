"""Empirical covariances of the fixed effects, right even where the structure is not.

Φ (Σ XᵢᵀLᵢAᵢLᵢᵀ rᵢrᵢᵀ LᵢAᵢLᵢᵀXᵢ) Φ with LᵢLᵢᵀ = Vᵢ⁻¹ and Hᵢ = LᵢᵀXᵢΦXᵢᵀLᵢ: Aᵢ is the identity (empirical, Liang and
Zeger), (I − Hᵢ)⁻¹ (jackknife, Mancl and DeRouen) or (I − Hᵢ)^−½ (bias-reduced, Bell and McCaffrey).
"""

import numpy as np

from trialkit.analysis.repeated.cohort import Cohort
from trialkit.analysis.repeated.fitted import Leverage
from trialkit.analysis.repeated.likelihood import Evaluation
from trialkit.analysis.repeated.statistics import Patterns
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.repeated import CoefficientCovariance

_NOTHING_LEFT = 1e-10


def sandwich(
    cohort: Cohort,
    patterns: Patterns,
    at: Evaluation,
    *,
    precision: np.ndarray,
    kind: CoefficientCovariance,
    subjects: tuple[object, ...],
) -> tuple[np.ndarray, Leverage]:
    """The covariance of the internal coefficients, and what its degrees of freedom need.

    ``precision`` (pattern, visit, visit) is the inverse of the covariance of the observed visits.
    """
    rows = cohort.rows()
    residuals = cohort.residuals - rows @ at.gamma
    values, vectors = np.linalg.eigh(precision)
    roots = (vectors * np.sqrt(np.maximum(values, 0))[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    root = roots[patterns.of_subject]
    whitened = root @ rows
    adjustment = _adjustment(whitened, at.phi, kind)
    if adjustment is None:
        alone = _alone(whitened, at.phi, cohort, subjects)
        raise AnalysisError(
            f"the jackknife covariance cannot be had: without subject {alone!r} a fixed effect could "
            "not be estimated",
            advice="use the empirical or the bias-reduced one, or leave out a covariate",
        )
    adjusted = adjustment @ whitened
    scores = np.einsum("nmp,nmv,nv->np", adjusted, root, residuals, optimize=True)
    covariance = at.phi @ (scores.T @ scores) @ at.phi
    turned = np.swapaxes(adjusted, 1, 2)
    leverage = Leverage(inner=turned @ adjusted, cross=np.swapaxes(whitened, 1, 2) @ adjusted)
    return covariance, leverage


def _left(whitened: np.ndarray, phi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues and vectors of I − Hᵢ."""
    hat = whitened @ phi @ np.swapaxes(whitened, 1, 2)
    values, vectors = np.linalg.eigh(np.eye(whitened.shape[1]) - hat)
    return values, vectors


def _adjustment(
    whitened: np.ndarray, phi: np.ndarray, kind: CoefficientCovariance
) -> np.ndarray | None:
    """Aᵢ (n, m, m); none where the jackknife would divide by zero."""
    if kind is CoefficientCovariance.EMPIRICAL:
        return np.broadcast_to(
            np.eye(whitened.shape[1]), (len(whitened), *(whitened.shape[1],) * 2)
        )
    values, vectors = _left(whitened, phi)
    nothing = values < _NOTHING_LEFT
    if kind is CoefficientCovariance.JACKKNIFE and nothing.any():
        return None
    power = -1.0 if kind is CoefficientCovariance.JACKKNIFE else -0.5
    scaled = np.where(nothing, 0.0, np.where(nothing, 1.0, values) ** power)
    return np.asarray((vectors * scaled[:, None, :]) @ np.swapaxes(vectors, 1, 2))


def _alone(
    whitened: np.ndarray, phi: np.ndarray, cohort: Cohort, subjects: tuple[object, ...]
) -> object:
    """The first subject without whom a fixed effect could not be estimated."""
    values, _ = _left(whitened, phi)
    at = int(np.argmax((values < _NOTHING_LEFT).any(axis=1)))
    return subjects[int(cohort.subjects[at])]
