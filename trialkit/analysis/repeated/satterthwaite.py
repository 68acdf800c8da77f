"""Satterthwaite's degrees of freedom.

For one contrast c the variance c′Φc has, by the delta method, variance g′Ωg with gₐ = c′ΦBₐΦc, and a χ²
with ν = 2 (c′Φc)² / g′Ωg degrees of freedom has the same ratio of variance to squared mean. With a
sandwich the variance is a quadratic form in the data, whose moments under the model give ν (Bell and
McCaffrey). Several contrasts are turned into uncorrelated ones by the eigenvectors of their
covariance, and the F with the mean of the t² gets the degrees of freedom of Fai and Cornelius.
"""

import numpy as np

from trialkit.analysis.repeated.fitted import Fitted, FStatistic, Leverage

_EQUAL = 1.5e-8


def vector_df(fitted: Fitted, contrasts: np.ndarray) -> np.ndarray:
    """The degrees of freedom of each contrast (a row) of the reported coefficients."""
    rows = fitted.internal(contrasts)
    if fitted.leverage is not None:
        return np.array([_of_sandwich(fitted.leverage, fitted.phi, row) for row in rows])
    return delta_method_df(rows, fitted.phi, fitted.couplings, fitted.theta_covariance)


def matrix_test(fitted: Fitted, matrix: np.ndarray) -> FStatistic:
    """The F test that all contrasts (rows) of the reported coefficients are zero."""
    rows = fitted.internal(matrix)
    values, vectors = np.linalg.eigh(rows @ fitted.covariance @ rows.T)
    values, vectors = values[::-1], vectors[:, ::-1]
    rank = int((values > _EQUAL * max(float(values[0]), 0.0)).sum())
    turned = vectors[:, :rank].T @ matrix
    t_squared = (fitted.internal(turned) @ fitted.estimate) ** 2 / values[:rank]
    return FStatistic(
        statistic=float(t_squared.mean()),
        df_num=rank,
        df_den=_joint_df(vector_df(fitted, turned)),
    )


def delta_method_df(
    rows: np.ndarray, phi: np.ndarray, couplings: np.ndarray, theta_covariance: np.ndarray
) -> np.ndarray:
    """ν of each internal contrast (row, …)."""
    turned = np.tensordot(rows, phi, (1, 0))
    variance = np.einsum("rp,rp...->r...", rows, turned)
    half = np.einsum("rp...,tpq...->rtq...", turned, couplings)
    gradient = np.einsum("rtq...,rq...->rt...", half, turned)
    spread = np.einsum("rt...,tu...->ru...", gradient, theta_covariance)
    return np.asarray(2 * variance**2 / np.einsum("ru...,ru...->r...", spread, gradient))


def _joint_df(df: np.ndarray) -> float:
    """The degrees of freedom of the mean of independent t²."""
    if len(df) == 1 or np.ptp(df) < _EQUAL:
        return float(df.mean())
    if (df <= 2).any():
        return 2.0
    mean = float((df / (df - 2)).sum())
    return 2 * mean / (mean - len(df))


def _of_sandwich(leverage: Leverage, phi: np.ndarray, row: np.ndarray) -> float:
    """Moments of the quadratic form: its matrix is diag(uᵢ′uᵢ) − VΦV′ in the subjects."""
    turned = phi @ row
    own = turned @ (leverage.inner @ turned).T
    pulls = leverage.cross @ turned
    shared = ((pulls @ phi) * pulls).sum(axis=1)
    across = phi @ (pulls.T @ pulls)
    squares = (own**2).sum() - 2 * (own * shared).sum() + (across * across.T).sum()
    return float((own - shared).sum() ** 2 / squares)
