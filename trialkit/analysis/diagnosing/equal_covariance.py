"""Box's M: whether groups have the same covariance."""

from collections.abc import Sequence

import numpy as np

from trialkit.analysis.diagnosing.hypothesis_test import HypothesisTest
from trialkit.analysis.distributions import chi_squared
from trialkit.errors import AnalysisError

SINGULAR = 1e12
"""The condition number of a correlation matrix from which on it counts as singular."""


def box_m(samples: Sequence[np.ndarray]) -> HypothesisTest:
    """Box's M (chi-square form) that the samples (n, k) have the same covariance.

    It is computed from logarithms of the determinants: pingouin takes their powers, which pass out
    of what a float can hold with some thousands of rows. The unit of the columns does not matter.
    Raises :class:`AnalysisError` for a sample with no more rows than columns, and for one whose
    covariance is singular.
    """
    columns = samples[0].shape[1]
    if min(len(sample) for sample in samples) <= columns:
        raise AnalysisError(f"an arm has no more subjects than there are visits ({columns})")
    covariances = [np.atleast_2d(np.cov(sample.T)) for sample in samples]
    degrees = np.array([len(sample) - 1 for sample in samples])
    pooled = sum(df * each for df, each in zip(degrees, covariances, strict=True)) / degrees.sum()
    spread = np.array([_log_determinant(each) for each in covariances])
    statistic = degrees.sum() * _log_determinant(pooled) - float(degrees @ spread)
    groups = len(samples)
    shrinks = (2 * columns**2 + 3 * columns - 1) / (6 * (columns + 1) * (groups - 1))
    shrinks *= (1 / degrees).sum() - 1 / degrees.sum()
    df_num = columns * (columns + 1) * (groups - 1) / 2
    scaled = (1 - shrinks) * statistic
    return HypothesisTest(
        statistic=scaled, p_value=float(chi_squared.sf(scaled, df_num)), df_num=df_num
    )


def _log_determinant(covariance: np.ndarray) -> float:
    """The logarithm of the determinant of a covariance of one arm, or of all."""
    root = np.sqrt(np.diag(covariance))
    if (root == 0).any() or np.linalg.cond(covariance / np.outer(root, root)) > SINGULAR:
        raise AnalysisError("the covariance of an arm is singular")
    return float(np.linalg.slogdet(covariance).logabsdet)
