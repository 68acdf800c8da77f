"""The χ² distribution; of no degrees of freedom there is none, and its numbers are NaN."""

import numpy as np
from scipy.special import chdtrc, chdtri, gammaincinv, gammaln, xlogy

from trialkit.analysis.distributions.numbers import Numbers


def pdf(values: Numbers, df: Numbers) -> np.ndarray:
    """The density at ``values``, which are not negative."""
    x, freedom = np.asarray(values), np.asarray(df)
    return np.asarray(
        np.exp(
            xlogy(freedom / 2.0 - 1, x)
            - x / 2.0
            - gammaln(freedom / 2.0)
            - (np.log(2) * freedom) / 2.0
        )
    )


def sf(values: Numbers, df: Numbers) -> np.ndarray:
    """The probability of more than ``values``; what rounding leaves below 0 counts as 0."""
    return np.where(np.greater(df, 0), chdtrc(df, np.maximum(values, 0.0)), np.nan)


def ppf(shares: Numbers, df: Numbers) -> np.ndarray:
    """The values that are not exceeded with the probabilities ``shares``."""
    return np.asarray(2 * gammaincinv(np.asarray(df) / 2, shares))


def isf(tails: Numbers, df: Numbers) -> np.ndarray:
    """The values that are exceeded with the probabilities ``tails``."""
    return np.asarray(chdtri(df, tails))
