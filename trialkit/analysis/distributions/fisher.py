"""Fisher's F distribution."""

import numpy as np
from scipy.special import fdtrc, fdtri

from trialkit.analysis.distributions.numbers import Numbers


def sf(values: Numbers, df_num: Numbers, df_den: Numbers) -> np.ndarray:
    """The probability of more than ``values``; what rounding leaves below 0 counts as 0."""
    return np.asarray(fdtrc(df_num, df_den, np.maximum(values, 0.0)))


def ppf(shares: Numbers, df_num: Numbers, df_den: Numbers) -> np.ndarray:
    """The values that are not exceeded with the probabilities ``shares``."""
    return np.asarray(fdtri(df_num, df_den, shares))


def isf(tails: Numbers, df_num: Numbers, df_den: Numbers) -> np.ndarray:
    """The values that are exceeded with the probabilities ``tails``."""
    return ppf(1.0 - np.asarray(tails), df_num, df_den)
