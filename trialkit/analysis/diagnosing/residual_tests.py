"""Tests of what is left over: whether it is normal, and varies alike in all samples."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import levene, shapiro

from trialkit.analysis.diagnosing.hypothesis_test import HypothesisTest
from trialkit.analysis.frames.magnitudes import of_unit_size
from trialkit.errors import AnalysisError

SHAPIRO_LEAST = 4
"""Fewer values than this have no Shapiro–Wilk test."""
SHAPIRO_MOST = 5000
"""Beyond this many values the approximation of its p value was not studied."""


def shapiro_wilk(values: np.ndarray) -> HypothesisTest:
    """Shapiro–Wilk's test that ``values`` (n,) are normal.

    Raises :class:`AnalysisError` for too few or too many of them, and where all are equal.
    """
    if len(values) < SHAPIRO_LEAST:
        raise AnalysisError(f"{len(values)} values; {SHAPIRO_LEAST} are needed")
    if np.ptp(values) == 0:
        raise AnalysisError("all residuals are equal")
    if len(values) > SHAPIRO_MOST:
        raise AnalysisError(
            f"more than {SHAPIRO_MOST} values, for which its p value was not studied; see a normal "
            "quantile plot"
        )
    # scipy takes a range below 1e-19 for none
    found = shapiro(of_unit_size(values))
    return HypothesisTest(statistic=float(found.statistic), p_value=float(found.pvalue))


def brown_forsythe(samples: Sequence[np.ndarray]) -> HypothesisTest:
    """Levene's test with medians that the samples have the same variance."""
    found = levene(*samples, center="median")
    return HypothesisTest(
        statistic=float(found.statistic),
        p_value=float(found.pvalue),
        df_num=float(len(samples) - 1),
        df_den=float(sum(len(sample) for sample in samples) - len(samples)),
    )
