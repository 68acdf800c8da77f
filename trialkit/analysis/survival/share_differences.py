"""Two shares that are read off curves at one time, compared on a scale on which they are nearly normal."""

import numpy as np
import pandas as pd
from scipy.special import ndtr

from trialkit.analysis.survival.curve_limits import probability_limits, tested_by_normal
from trialkit.protocol.methods.time_to_event import CurveLimits


def compared_shares(
    share: np.ndarray,
    se: np.ndarray,
    against: np.ndarray,
    its_se: np.ndarray,
    *,
    limits: CurveLimits,
    conf_level: float,
) -> pd.DataFrame:
    """Shares (T,) less others (T,), each with its standard error: test and limits of the difference.

    ``plain`` takes the difference itself for normal, and cuts its limits at -1 and 1. On the other
    scales the test is of the transformed shares (Klein and others 2007), and the limits of the
    difference are made of the limits of both shares (Zou and Donner 2008); a share of 0 or 1 has
    neither. Columns ``estimate``, ``se``, ``statistic``, ``p_value``, ``conf_low``, ``conf_high``,
    ``conf_level``.
    """
    plain = tested_by_normal(share - against, np.hypot(se, its_se), conf_level=conf_level)
    if limits is CurveLimits.PLAIN:
        return plain.assign(
            conf_low=plain["conf_low"].clip(lower=-1.0),
            conf_high=plain["conf_high"].clip(upper=1.0),
        )
    inner = (share > 0) & (share < 1) & (against > 0) & (against < 1)
    one, other = (np.where(inner, each, np.nan) for each in (share, against))
    statistic = _distance(one, se, other, its_se, limits)
    low, high = (
        [probability_limits(x, e, start=np.nan, limits=limits, conf_level=conf_level) for x, e in
         ((one, se), (other, its_se))]
    )  # fmt: skip
    difference = one - other
    return plain.assign(
        statistic=statistic,
        p_value=2 * ndtr(-np.abs(statistic)),
        conf_low=difference - np.hypot(one - low[0], high[1] - other),
        conf_high=difference + np.hypot(low[1] - one, other - high[0]),
    )


def _distance(
    one: np.ndarray, se: np.ndarray, other: np.ndarray, its_se: np.ndarray, limits: CurveLimits
) -> np.ndarray:
    """How many standard errors the transformed shares are apart; positive where the first is larger."""
    if limits is CurveLimits.LOG:
        apart, spread = np.log(one / other), np.hypot(se / one, its_se / other)
    else:
        apart = np.log(np.log(other) / np.log(one))
        spread = np.hypot(se / (one * np.log(one)), its_se / (other * np.log(other)))
    return np.asarray(apart / np.where(spread > 0, spread, np.nan))
