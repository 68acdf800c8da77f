"""The tests whose power has a closed form: t, F and χ², by their noncentral distributions."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import ndtr, ndtri

from trialkit.analysis.distributions import chi_squared, fisher, student
from trialkit.design.sample_size.seldom_distributions import (
    noncentral_chi_squared_sf,
    noncentral_f_sf,
    noncentral_t_sf,
)

_LEAST = 1e-300
"""Where an effect is nothing: at exactly 0 scipy 1.17 gives ``ncf.sf`` as minus ``ncf.cdf``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TTestPower:
    """A t test with its noncentrality; one-sided tests look the way the effect lies."""

    df: float
    noncentrality: float

    def critical(self, alpha: float, sides: int) -> float:
        """The value that |t| (one-sided: t) must exceed."""
        return float(student.isf(alpha / sides, self.df))

    def power(self, alpha: float, sides: int) -> float:
        """The probability of a significant result, in either direction for two sides."""
        return float(self.power_at(np.asarray(self.noncentrality), alpha, sides))

    def power_at(self, noncentrality: np.ndarray, alpha: float, sides: int) -> np.ndarray:
        """The power at other noncentralities, with the same degrees of freedom."""
        limit, shift = self.critical(alpha, sides), np.abs(noncentrality)
        if sides == 1:
            return noncentral_t_sf(limit, self.df, shift)
        return noncentral_f_sf(limit**2, 1, self.df, np.maximum(shift**2, _LEAST))


@dataclass(frozen=True, slots=True, kw_only=True)
class FTestPower:
    """An F test with its noncentrality λ."""

    df_num: float
    df_den: float
    noncentrality: float

    def critical(self, alpha: float) -> float:
        """The value that F must exceed."""
        return float(fisher.isf(alpha, self.df_num, self.df_den))

    def power(self, alpha: float) -> float:
        """The probability of a significant result."""
        shift = max(self.noncentrality, _LEAST)
        return float(noncentral_f_sf(self.critical(alpha), self.df_num, self.df_den, shift))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquareTest:
    """A χ² test with its noncentrality λ."""

    df: float
    noncentrality: float

    def critical(self, alpha: float) -> float:
        """The value that χ² must exceed."""
        return float(chi_squared.isf(alpha, self.df))

    def power(self, alpha: float) -> float:
        """The probability of a significant result."""
        return float(noncentral_chi_squared_sf(self.critical(alpha), self.df, self.noncentrality))


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalTest:
    """A test by the normal distribution, where no exact distribution exists.

    ``shift`` is the mean of the statistic; ``spread`` its SD under the alternative, when it is not
    the 1 that it has under the hypothesis.
    """

    shift: float
    spread: float = 1.0

    def power(self, alpha: float, sides: int) -> float:
        """The probability of a significant result in the direction of the effect."""
        limit = -float(ndtri(alpha / sides))
        return float(ndtr((abs(self.shift) - limit) / self.spread))

    def power_either_way(self, alpha: float, sides: int) -> float:
        """The probability of a significant result, in either direction for two sides."""
        wrong = -abs(self.shift) + float(ndtri(alpha / sides))
        return self.power(alpha, sides) + (float(ndtr(wrong / self.spread)) if sides == 2 else 0.0)


def scale_of_two_means(reference: float, experimental: float) -> float:
    """The SD of a difference of two means, in SDs of one value."""
    return sqrt(1 / reference + 1 / experimental)
