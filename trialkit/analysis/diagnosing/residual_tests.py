"""Tests of what is left over: whether it is normal, and varies alike in all samples."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import levene, shapiro

from trialkit.analysis.diagnosing.hypothesis_test import HypothesisTest


def shapiro_wilk(values: np.ndarray) -> HypothesisTest:
    """Shapiro–Wilk's test that ``values`` (n > 3, not all equal) are normal."""
    found = shapiro(np.asarray(values, dtype=float))
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
