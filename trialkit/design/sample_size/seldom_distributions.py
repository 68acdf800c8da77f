"""Distributions that only scipy.stats has, which is slow to load: not until a size asks."""

from importlib import import_module
from typing import Any

import numpy as np

from trialkit.analysis.distributions.numbers import Numbers


def _stats() -> Any:
    return import_module("scipy.stats")


def noncentral_t_sf(values: Numbers, df: Numbers, shift: Numbers) -> np.ndarray:
    """The probability that the noncentral t exceeds ``values``."""
    return np.asarray(_stats().nct.sf(values, df, shift))


def noncentral_f_sf(
    values: Numbers, df_num: Numbers, df_den: Numbers, shift: Numbers
) -> np.ndarray:
    """The probability that the noncentral F exceeds ``values``; its noncentrality is above 0."""
    return np.asarray(_stats().ncf.sf(values, df_num, df_den, shift))


def noncentral_chi_squared_sf(values: Numbers, df: Numbers, shift: Numbers) -> np.ndarray:
    """The probability that the noncentral χ² exceeds ``values``."""
    return np.asarray(_stats().ncx2.sf(values, df, shift))


def binomial_pmf(events: Numbers, n: int, risk: float) -> np.ndarray:
    """The probability of just so many events of ``n``."""
    return np.asarray(_stats().binom.pmf(events, n, risk))


def binomial_cdf(events: Numbers, n: int, risk: float) -> np.ndarray:
    """The probability of at most so many events of ``n``."""
    return np.asarray(_stats().binom.cdf(events, n, risk))


def binomial_sf(events: Numbers, n: int, risk: float) -> np.ndarray:
    """The probability of more events of ``n``."""
    return np.asarray(_stats().binom.sf(events, n, risk))


def likely_numbers(n: int, risk: float, unseen: float) -> np.ndarray:
    """The numbers of events of ``n`` but those beyond either tail of probability ``unseen``."""
    binomial = _stats().binom
    lowest, highest = binomial.ppf(unseen, n, risk), binomial.isf(unseen, n, risk)
    return np.arange(int(lowest), int(highest) + 1)
