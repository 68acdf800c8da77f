"""Student's t distribution; the normal one where the degrees of freedom are infinite."""

import numpy as np
from scipy.special import stdtr, stdtrit

from trialkit.analysis.distributions.numbers import Numbers


def cdf(values: Numbers, df: Numbers) -> np.ndarray:
    """The probability of at most ``values``."""
    return np.asarray(stdtr(df, values))


def sf(values: Numbers, df: Numbers) -> np.ndarray:
    """The probability of more than ``values``."""
    return np.asarray(stdtr(df, -np.asarray(values)))


def isf(tails: Numbers, df: Numbers) -> np.ndarray:
    """The values that are exceeded with the probabilities ``tails``; infinity for none."""
    return np.where(np.equal(tails, 0), np.inf, -stdtrit(df, tails))
