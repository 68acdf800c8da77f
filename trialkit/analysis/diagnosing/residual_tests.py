"""Tests of what is left over: whether it is normal, and varies alike in all samples."""

from collections.abc import Sequence

import numpy as np

from trialkit.analysis.diagnosing.hypothesis_test import HypothesisTest
from trialkit.analysis.diagnosing.shapiro_wilk import w_and_p
from trialkit.analysis.distributions import fisher
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
    statistic, p_value = w_and_p(of_unit_size(values))
    return HypothesisTest(statistic=statistic, p_value=p_value)


def brown_forsythe(samples: Sequence[np.ndarray]) -> HypothesisTest:
    """Levene's test with medians that the samples have the same variance."""
    sizes = np.array([len(sample) for sample in samples])
    away = [np.abs(sample - np.median(sample)) for sample in samples]
    means = np.array([each.mean() for each in away])
    mean = sum(sizes * means) / sum(sizes)
    df_num, df_den = float(len(samples) - 1), float(sum(sizes) - len(samples))
    between = df_den * sum(sizes * (means - mean) ** 2)
    within = df_num * sum(((each - own) ** 2).sum() for each, own in zip(away, means, strict=True))
    statistic = float(between / within)
    return HypothesisTest(
        statistic=statistic,
        p_value=float(fisher.sf(statistic, df_num, df_den)),
        df_num=df_num,
        df_den=df_den,
    )
