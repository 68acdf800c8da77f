"""Confidence limits of partial eta squared, from the noncentral F distribution."""

import numpy as np
from scipy import special

from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.analysis.frames.groups import check_level
from trialkit.errors import AnalysisError

LARGE = 1e8
"""Beyond this noncentrality the numerator of F hardly varies, and scipy gives up soon after."""


def partial_eta_squared_limits(
    statistic: float, *, df_num: float, df_den: float, conf_level: float
) -> tuple[float, float]:
    """The limits λ / (λ + df_den) for the noncentralities λ that make F just surprising.

    Steiger, Psychol Methods 2004;9:164. A limit is 0 where even λ = 0 makes F no surprise.
    """
    check_level(conf_level)
    tail = (1 - conf_level) / 2
    low = _noncentrality(statistic, df_num=df_num, df_den=df_den, probability=1 - tail)
    high = _noncentrality(statistic, df_num=df_num, df_den=df_den, probability=tail)
    return low / (low + df_den), high / (high + df_den)


def _noncentrality(statistic: float, *, df_num: float, df_den: float, probability: float) -> float:
    """The λ at which F falls below ``statistic`` with ``probability``; 0 where there is none."""
    if df_num * statistic > LARGE:
        # F is λ over df_num times a χ² / df_den, to a relative error of 1/√λ
        return df_num * statistic * float(special.chdtri(df_den, probability)) / df_den

    def excess(noncentrality: float) -> float:
        below = float(special.ncfdtr(df_num, df_den, noncentrality, statistic))
        if np.isnan(below):
            raise AnalysisError(
                f"the noncentral F distribution has no value at F = {statistic!r}, "
                f"noncentrality {noncentrality!r}"
            )
        return below - probability

    if excess(0.0) <= 0:
        return 0.0
    upper = max(1.0, df_num * statistic)
    while excess(upper) > 0:
        upper *= 2
    return bracketed_root(excess, 0.0, upper, xtol=1e-12, rtol=4 * np.finfo(float).eps)
