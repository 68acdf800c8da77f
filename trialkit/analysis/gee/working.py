"""Working correlations of a subject's values, estimated as geepack does."""

import numpy as np

from trialkit.analysis.gee.long_rows import VisitPattern
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import WorkingCorrelation


def estimate_correlation(
    residuals: np.ndarray,
    patterns: tuple[VisitPattern, ...],
    *,
    kind: WorkingCorrelation,
    visits: int,
    scale: float,
) -> tuple[np.ndarray, np.ndarray]:
    """The parameters and the correlation matrix (visits, visits) of standardised ``residuals`` (n,).

    ``exchangeable`` averages the products of all pairs over ``scale``, ``unstructured`` those of each
    pair of visits, ``ar1`` fits a power of the lag by least squares; pairs count once each.
    Raises ``AnalysisError`` where no pair, or no pair of two visits, is there.
    """
    identity = np.eye(visits)
    if kind is WorkingCorrelation.INDEPENDENCE:
        return np.zeros(0), identity
    sums, counts = _pairs(residuals, patterns, visits)
    sums = sums / scale
    upper = np.triu_indices(visits, 1)
    if not counts[upper].any():
        raise AnalysisError(
            f"no subject has two visits: no {kind.value} correlation can be estimated"
        )
    if kind is WorkingCorrelation.EXCHANGEABLE:
        alpha = float(sums[upper].sum() / counts[upper].sum())
        return np.array([alpha]), np.where(identity > 0, 1.0, alpha)
    if kind is WorkingCorrelation.AR1:
        lags = np.abs(np.subtract.outer(np.arange(visits), np.arange(visits)))
        alpha = _power_of_lag(sums[upper], counts[upper], lags[upper])
        return np.array([alpha]), np.asarray(alpha ** lags.astype(float))
    if (counts[upper] == 0).any():
        raise AnalysisError(
            "no subject has both of two visits: an unstructured correlation cannot be estimated",
            advice="take another correlation",
        )
    pairwise = sums[upper] / counts[upper]
    matrix = identity.copy()
    matrix[upper] = pairwise
    matrix.T[upper] = pairwise
    return pairwise, matrix


def _pairs(
    residuals: np.ndarray, patterns: tuple[VisitPattern, ...], visits: int
) -> tuple[np.ndarray, np.ndarray]:
    """Sums of products and numbers of pairs for each two visits (visits, visits)."""
    sums, counts = np.zeros((visits, visits)), np.zeros((visits, visits))
    for each in patterns:
        own, at = residuals[each.rows], np.ix_(each.visits, each.visits)
        sums[at] += own.T @ own
        counts[at] += len(own)
    return sums, counts


def _power_of_lag(sums: np.ndarray, counts: np.ndarray, lags: np.ndarray) -> float:
    """The α nearest to the products, which are α to the power of their lag, by Gauss and Newton."""
    alpha = float(np.clip(sums[lags == 1].sum() / max(counts[lags == 1].sum(), 1), -0.9, 0.9))
    for _ in range(200):
        slope = lags * alpha ** (lags - 1.0)
        against = float(counts @ slope**2)
        if not against:
            break
        step = float(slope @ (sums - counts * alpha**lags)) / against
        alpha = float(np.clip(alpha + step, -0.999, 0.999))
        if abs(step) < 1e-14:
            break
    return alpha


def whitening(matrix: np.ndarray, visits: np.ndarray) -> np.ndarray:
    """The inverse (m, m) of the Cholesky factor of some visits' correlation.

    Raises ``AnalysisError`` where the estimated numbers are the correlations of nothing.
    """
    try:
        factor = np.linalg.cholesky(matrix[np.ix_(visits, visits)])
    except np.linalg.LinAlgError:
        raise AnalysisError(
            "the estimated working correlations belong to no distribution (not positive definite)",
            advice="take exchangeable or independence",
        ) from None
    return np.asarray(np.linalg.inv(factor))
