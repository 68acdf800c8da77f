"""Limits of a probability that is read off a curve, and the times at which a curve is crossed."""

from typing import assert_never

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from trialkit.protocol.methods.time_to_event import CurveLimits

EQUAL = 1.4901161193847656e-08
"""A curve this near to a level stands at it, as in R's quantiles of survival curves."""


def normal_quantile(conf_level: float) -> float:
    """How many standard errors two-sided limits of that level reach."""
    return float(-ndtri((1 - conf_level) / 2))


def probability_limits(
    share: np.ndarray, se: np.ndarray, *, start: float, limits: CurveLimits, conf_level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limits of a curve ``share`` with standard errors ``se``, both of shape (K,).

    Where the curve still stands at its ``start`` (1 of survival, 0 of incidence) so do both limits;
    where it is at 0 or 1 after an event there are none on a logarithmic scale, and they are NaN.
    """
    z = normal_quantile(conf_level)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        inner = np.where((share > 0) & (share < 1), share, np.nan)
        match limits:
            case CurveLimits.PLAIN:
                low, high = np.maximum(share - z * se, 0.0), np.minimum(share + z * se, 1.0)
            case CurveLimits.LOG:
                within = np.where(share > 0, share, np.nan)
                reach = np.exp(z * se / within)
                low, high = within / reach, np.minimum(within * reach, 1.0)
            case CurveLimits.LOG_LOG:
                reach = np.exp(-z * se / (inner * np.log(inner)))
                low, high = inner**reach, inner ** (1 / reach)
            case _:
                assert_never(limits)
    untouched = share == start
    return np.where(untouched, start, low), np.where(untouched, start, high)


def tested_by_normal(estimate: np.ndarray, se: np.ndarray, *, conf_level: float) -> pd.DataFrame:
    """Estimates (T,) with their normal test and limits, which are NaN where there is no error.

    Columns ``estimate``, ``se``, ``statistic``, ``p_value``, ``conf_low``, ``conf_high``,
    ``conf_level``.
    """
    error = np.where(se > 0, se, np.nan)
    reach = normal_quantile(conf_level) * error
    return pd.DataFrame(
        {
            "estimate": estimate,
            "se": se,
            "statistic": estimate / error,
            "p_value": 2 * ndtr(-np.abs(estimate / error)),
            "conf_low": estimate - reach,
            "conf_high": estimate + reach,
            "conf_level": conf_level,
        }
    )


def crossing_time(times: np.ndarray, survival: np.ndarray, level: float) -> float:
    """The first time at which a falling curve is at most ``level``; NaN where it never is.

    Where it stands exactly at the level for a while it is the middle of that stretch, which the last
    time ends if nothing else does: R's and SAS's convention.
    """
    with np.errstate(invalid="ignore"):
        reached = survival <= level + EQUAL
        below = survival < level - EQUAL
    if not reached.any():
        return float("nan")
    first = int(np.argmax(reached))
    if below[first]:
        return float(times[first])
    end = times[int(np.argmax(below))] if below.any() else times[-1]
    return float((times[first] + end) / 2)
