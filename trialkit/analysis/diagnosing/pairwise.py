"""Welch's t of two samples."""

import numpy as np
from scipy.stats import ttest_ind

from trialkit.analysis.diagnosing.hypothesis_test import HypothesisTest
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
    found = ttest_ind(other, one, equal_var=False)
    return HypothesisTest(
        statistic=-float(found.statistic),
        p_value=float(found.pvalue),
        df_den=_degrees_of_freedom(other, one),
    )


def _varies(values: np.ndarray) -> bool:
    mean = values.mean()
    return bool(np.abs(values - mean).max() > ROUNDING * abs(mean))


def _degrees_of_freedom(one: np.ndarray, other: np.ndarray) -> float:
    """Welch's and Satterthwaite's."""
    left, right = (each.var(ddof=1) / each.size for each in (one, other))
    return float((left + right) ** 2 / (left**2 / (one.size - 1) + right**2 / (other.size - 1)))
