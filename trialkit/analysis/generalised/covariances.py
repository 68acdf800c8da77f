"""Covariances of a generalised linear model's coefficients."""

import numpy as np

from trialkit.analysis.generalised.scoring import GeneralisedFit
from trialkit.analysis.linear.fitted_model import ALONE
from trialkit.protocol.methods.linear_models import RobustCovariance


def sandwich(fit: GeneralisedFit, kind: RobustCovariance) -> np.ndarray:
    """The heteroscedasticity-consistent covariance (p, p), HC0, HC1 or HC3, as R's sandwich has it.

    Rows that the model explains perfectly have residual 0 and add nothing.
    """
    scores = fit.scores
    n, p = fit.design.shape
    match kind:
        case RobustCovariance.HC1:
            scores = scores * np.sqrt(n / (n - p))
        case RobustCovariance.HC3:
            left = 1 - leverage(fit)
            scores = scores / np.where(left < ALONE, 1.0, left)[:, None]
        case _:
            pass
    half = scores @ fit.covariance
    return np.asarray(half.T @ half)


def leverage(fit: GeneralisedFit) -> np.ndarray:
    """The share (n,) of each fitted value that is its own outcome's."""
    return np.asarray(
        np.einsum("ij,jk,ik->i", fit.design, fit.covariance, fit.design) * fit.weights
    )


def dispersion(fit: GeneralisedFit) -> float:
    """Pearson's statistic over its degrees of freedom."""
    variance = fit.family.variance(fit.mean)
    residual = fit.outcome - fit.mean
    squares = np.divide(residual**2, variance, out=np.zeros_like(residual), where=variance > 0)
    n, p = fit.design.shape
    return float(squares.sum() / (n - p))
