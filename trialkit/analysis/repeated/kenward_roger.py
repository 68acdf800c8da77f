"""Kenward and Roger's covariance of the fixed effects and their scaled F test.

The covariance is Φ + 2Φ Σₐᵦ Ωₐᵦ (Qₐᵦ − PₐΦPᵦ − Rₐᵦ/4) Φ with Pₐ = −Bₐ. Rₐᵦ holds second derivatives of the
covariance and so depends on how it is parametrised; the linear version leaves R out, as for a
covariance linear in its parameters. Ω is the inverse of the observed information.
"""

import numpy as np

from trialkit.analysis.repeated.fitted import Fitted, FStatistic, independent_rows, wald
from trialkit.analysis.repeated.likelihood import (
    CovarianceModel,
    weighted_curvature,
    weighted_second_order,
)
from trialkit.analysis.repeated.maximise import Optimum
from trialkit.analysis.repeated.satterthwaite import delta_method_df
from trialkit.analysis.repeated.statistics import MmrmStatistics
from trialkit.errors import AnalysisError


def corrected_covariance(
    statistics: MmrmStatistics,
    model: CovarianceModel,
    optimum: Optimum,
    theta_covariance: np.ndarray,
    *,
    linear: bool,
) -> np.ndarray:
    """Φ made larger for the uncertainty of the covariance parameters."""
    at, phi = optimum.at, optimum.at.phi
    second = weighted_second_order(statistics, model, at, optimum.slope, theta_covariance)
    inner = second - _coupled(optimum.information.couplings, phi, theta_covariance)
    if not linear:
        inner = inner - weighted_curvature(statistics, model, at, theta_covariance) / 4
    return np.asarray(phi + 2 * phi @ inner @ phi)


def _coupled(couplings: np.ndarray, phi: np.ndarray, theta_covariance: np.ndarray) -> np.ndarray:
    """Σₐᵦ Ωₐᵦ BₐΦBᵦ (p, p)."""
    count, p, _ = couplings.shape
    weighted = (theta_covariance @ couplings.reshape(count, -1)).reshape(count, p, p)
    half = (weighted @ phi).transpose(1, 0, 2).reshape(p, count * p)
    return np.asarray(half @ couplings.reshape(count * p, p))


def coupled_variance(
    turned: np.ndarray, couplings: np.ndarray, phi: np.ndarray, theta_covariance: np.ndarray
) -> np.ndarray:
    """Σₐᵦ Ωₐᵦ hₐᵀΦhᵦ with hₐ = BₐΦc, for the Φc (contrast, p, …) of each contrast (contrast, …)."""
    pulls = np.einsum("rp...,tpq...->rtq...", turned, couplings)
    weighted = np.einsum("tu...,ruq...->rtq...", theta_covariance, pulls)
    spread = np.einsum("rtq...,qs...->rts...", pulls, phi)
    return np.asarray(np.einsum("rts...,rts...->r...", spread, weighted))


def vector_df(fitted: Fitted, contrasts: np.ndarray) -> np.ndarray:
    """The degrees of freedom of each contrast; for one contrast they are Satterthwaite's."""
    rows = fitted.internal(contrasts)
    return delta_method_df(rows, fitted.phi, fitted.couplings, fitted.theta_covariance)


def matrix_test(fitted: Fitted, matrix: np.ndarray) -> FStatistic:
    """The scaled F test that all contrasts (rows) of the reported coefficients are zero."""
    rows = independent_rows(fitted.internal(matrix))
    size = len(rows)
    phi, omega = fitted.phi, fitted.theta_covariance
    theta = rows.T @ np.linalg.solve(rows @ phi @ rows.T, rows)
    turned = theta @ phi @ fitted.couplings @ phi
    traces = np.trace(turned, axis1=1, axis2=2)
    products = np.einsum("apq,bqp->ab", turned, turned)
    a1 = float(traces @ omega @ traces)
    a2 = float((omega * products).sum())
    if size == 1:
        scale, df = 1.0, 2 / a2
    else:
        scale, df = _match_moments(a1, a2, size)
    return FStatistic(statistic=scale * wald(fitted, rows), df_num=size, df_den=df)


def _match_moments(a1: float, a2: float, size: int) -> tuple[float, float]:
    """λ and the denominator degrees of freedom whose F has the mean and variance of λF."""
    if not a2 < size:
        raise AnalysisError(_too_few(size))
    b = (a1 + 6 * a2) / (2 * size)
    g = ((size + 1) * a1 - (size + 4) * a2) / ((size + 2) * a2)
    below = 3 * size + 2 * (1 - g)
    c1, c2, c3 = g / below, (size - g) / below, (size + 2 - g) / below
    mean = 1 / (1 - a2 / size)
    variance = 2 / size * (1 + c1 * b) / ((1 - c2 * b) ** 2 * (1 - c3 * b))
    ratio = variance / (2 * mean**2)
    df = 4 + (size + 2) / (size * ratio - 1)
    if not df > 2:
        raise AnalysisError(_too_few(size))
    return df / (mean * (df - 2)), df


def _too_few(size: int) -> str:
    return (
        f"the data are too few for a Kenward–Roger F test of {size} contrasts at once: it would have "
        "2 denominator degrees of freedom or fewer; test fewer"
    )
