"""Welch's t of two samples."""

import numpy as np

from trialkit.analysis.diagnosing.hypothesis_test import HypothesisTest
from trialkit.analysis.distributions import student
from trialkit.errors import AnalysisError

ROUNDING = 16 * np.finfo(float).eps
"""Deviations from the mean below this share of it are what rounding leaves."""


def welch(one: np.ndarray, other: np.ndarray) -> HypothesisTest:
    """Welch's t of the mean of ``one`` minus that of ``other``.

    pingouin says the same in a table, a hundred times slower. Raises :class:`AnalysisError` where
    a sample has fewer than two values, or none that differ by more than rounding.
    """
    if min(one.size, other.size) < 2:
        raise AnalysisError("an arm has fewer than two subjects")
    if not (_varies(one) and _varies(other)):
        raise AnalysisError("an arm has no variance beyond the rounding of its values")
    left, right = _of_mean(other), _of_mean(one)
    statistic = float((one.mean() - other.mean()) / np.sqrt(left + right))
    p_value = 2 * student.sf(abs(statistic), _degrees_of_freedom(other, one, left, right))
    # of variances by numpy, whose last digit may be another: stated so since ever
    stated = _degrees_of_freedom(
        other, one, *(each.var(ddof=1) / each.size for each in (other, one))
    )
    return HypothesisTest(statistic=statistic, p_value=float(p_value), df_den=stated)


def _varies(values: np.ndarray) -> bool:
    mean = values.mean()
    return bool(np.abs(values - mean).max() > ROUNDING * abs(mean))


def _of_mean(values: np.ndarray) -> float:
    """The variance of the mean, from the second moment as scipy and pingouin take it."""
    moment = ((values - values.mean()) ** 2).mean()
    return float(moment * (values.size / (values.size - 1)) / values.size)


def _degrees_of_freedom(one: np.ndarray, other: np.ndarray, left: float, right: float) -> float:
    """Welch's and Satterthwaite's, of the variances of both means."""
    return float((left + right) ** 2 / (left**2 / (one.size - 1) + right**2 / (other.size - 1)))
