"""Distributions with the link of their mean: all that a generalised linear model asks of them."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import expit, gammaln, xlog1py, xlogy


class ResponseDistribution(Protocol):
    """A distribution and its link; arrays (n,) in, arrays (n,) out."""

    def mean(self, predictor: np.ndarray) -> np.ndarray:
        """The mean of a linear predictor."""

    def slope(self, mean: np.ndarray) -> np.ndarray:
        """How fast the mean grows with the linear predictor."""

    def variance(self, mean: np.ndarray) -> np.ndarray:
        """The variance at a mean."""

    def log_likelihood(self, outcome: np.ndarray, mean: np.ndarray) -> float:
        """The logarithm of the probability of the outcomes; −∞ where a mean is impossible."""

    def start(self, outcome: np.ndarray) -> np.ndarray:
        """Linear predictors to begin with."""

    def at_lower_end(self, outcome: np.ndarray) -> np.ndarray:
        """Which outcomes a predictor of −∞ would explain best."""

    def at_upper_end(self, outcome: np.ndarray) -> np.ndarray:
        """Which outcomes a predictor of ∞ would explain best."""


@dataclass(frozen=True, slots=True)
class Binomial:
    """Events of one subject each, 0 or 1, with the log odds as link."""

    def mean(self, predictor: np.ndarray) -> np.ndarray:
        """The probability."""
        return np.asarray(expit(predictor))

    def slope(self, mean: np.ndarray) -> np.ndarray:
        """The variance, since the link is canonical."""
        return np.asarray(mean * (1 - mean))

    def variance(self, mean: np.ndarray) -> np.ndarray:
        """That of a Bernoulli variable."""
        return np.asarray(mean * (1 - mean))

    def log_likelihood(self, outcome: np.ndarray, mean: np.ndarray) -> float:
        """Of Bernoulli variables."""
        return float(np.sum(xlogy(outcome, mean) + xlog1py(1 - outcome, -mean)))

    def start(self, outcome: np.ndarray) -> np.ndarray:
        """The log odds of a probability half way to a half."""
        return np.asarray(np.log((outcome + 0.5) / (1.5 - outcome)))

    def at_lower_end(self, outcome: np.ndarray) -> np.ndarray:
        """No event."""
        return np.asarray(outcome == 0)

    def at_upper_end(self, outcome: np.ndarray) -> np.ndarray:
        """An event."""
        return np.asarray(outcome == 1)


@dataclass(frozen=True, slots=True)
class LogBinomial:
    """Events of one subject each, 0 or 1, with the logarithm of the risk as link."""

    def mean(self, predictor: np.ndarray) -> np.ndarray:
        """The risk, which may leave what a risk can be."""
        return np.asarray(np.exp(predictor))

    def slope(self, mean: np.ndarray) -> np.ndarray:
        """The risk itself."""
        return np.asarray(mean)

    def variance(self, mean: np.ndarray) -> np.ndarray:
        """That of a Bernoulli variable."""
        return np.asarray(mean * (1 - mean))

    def log_likelihood(self, outcome: np.ndarray, mean: np.ndarray) -> float:
        """Of Bernoulli variables; −∞ where a risk is 1 or more."""
        if np.any(mean >= 1):
            return -np.inf
        return float(np.sum(xlogy(outcome, mean) + xlog1py(1 - outcome, -mean)))

    def start(self, outcome: np.ndarray) -> np.ndarray:
        """The logarithm of the mean, the same for all: a start inside what is possible."""
        return np.asarray(
            np.full(len(outcome), np.log(max(outcome.mean(), 0.5 / len(outcome)) * 0.999))
        )

    def at_lower_end(self, outcome: np.ndarray) -> np.ndarray:
        """No event."""
        return np.asarray(outcome == 0)

    def at_upper_end(self, outcome: np.ndarray) -> np.ndarray:
        """None: a risk of 1 is reached at a predictor of 0."""
        return np.zeros(len(outcome), dtype=bool)


@dataclass(frozen=True, slots=True)
class Poisson:
    """Counts whose variance is their mean, with its logarithm as link."""

    def mean(self, predictor: np.ndarray) -> np.ndarray:
        """The expected count."""
        return np.asarray(np.exp(predictor))

    def slope(self, mean: np.ndarray) -> np.ndarray:
        """The mean itself."""
        return np.asarray(mean)

    def variance(self, mean: np.ndarray) -> np.ndarray:
        """The mean itself."""
        return np.asarray(mean)

    def log_likelihood(self, outcome: np.ndarray, mean: np.ndarray) -> float:
        """Of Poisson variables."""
        return float(np.sum(xlogy(outcome, mean) - mean - gammaln(outcome + 1)))

    def start(self, outcome: np.ndarray) -> np.ndarray:
        """The logarithm of the count and a tenth."""
        return np.asarray(np.log(outcome + 0.1))

    def at_lower_end(self, outcome: np.ndarray) -> np.ndarray:
        """A count of none."""
        return np.asarray(outcome == 0)

    def at_upper_end(self, outcome: np.ndarray) -> np.ndarray:
        """None: a count is finite."""
        return np.zeros(len(outcome), dtype=bool)


@dataclass(frozen=True, slots=True)
class NegativeBinomial:
    """Counts whose variance is m + m² / theta (NB2), with the logarithm of m as link."""

    theta: float

    def mean(self, predictor: np.ndarray) -> np.ndarray:
        """The expected count."""
        return np.asarray(np.exp(predictor))

    def slope(self, mean: np.ndarray) -> np.ndarray:
        """The mean itself."""
        return np.asarray(mean)

    def variance(self, mean: np.ndarray) -> np.ndarray:
        """The mean, and its square over theta."""
        return np.asarray(mean * (1 + mean / self.theta))

    def log_likelihood(self, outcome: np.ndarray, mean: np.ndarray) -> float:
        """Of negative-binomial variables, in a form that stays exact as theta grows."""
        theta = self.theta
        rising = rising_factorials(outcome, theta)
        return rising + float(
            np.sum(
                xlogy(outcome, mean)
                - gammaln(outcome + 1)
                - (theta + outcome) * np.log1p(mean / theta)
            )
        )

    def start(self, outcome: np.ndarray) -> np.ndarray:
        """The logarithm of the count and a tenth."""
        return np.asarray(np.log(outcome + 0.1))

    def at_lower_end(self, outcome: np.ndarray) -> np.ndarray:
        """A count of none."""
        return np.asarray(outcome == 0)

    def at_upper_end(self, outcome: np.ndarray) -> np.ndarray:
        """None: a count is finite."""
        return np.zeros(len(outcome), dtype=bool)


@dataclass(frozen=True, slots=True)
class Gaussian:
    """Values of one variance, with the mean itself as link; likelihood at a variance of 1."""

    def mean(self, predictor: np.ndarray) -> np.ndarray:
        """The predictor itself."""
        return predictor

    def slope(self, mean: np.ndarray) -> np.ndarray:
        """One."""
        return np.ones_like(mean)

    def variance(self, mean: np.ndarray) -> np.ndarray:
        """One; what it is a multiple of is estimated beside."""
        return np.ones_like(mean)

    def log_likelihood(self, outcome: np.ndarray, mean: np.ndarray) -> float:
        """Of normal variables of variance 1, without a constant."""
        return float(-np.sum((outcome - mean) ** 2) / 2)

    def start(self, outcome: np.ndarray) -> np.ndarray:
        """The outcome itself."""
        return outcome

    def at_lower_end(self, outcome: np.ndarray) -> np.ndarray:
        """None: values have no ends."""
        return np.zeros(len(outcome), dtype=bool)

    def at_upper_end(self, outcome: np.ndarray) -> np.ndarray:
        """None: values have no ends."""
        return np.zeros(len(outcome), dtype=bool)


MOST_TERMS = 100_000
"""Up to this count the rising factorial is a sum over its factors, which loses no digit."""


def counts_above(outcome: np.ndarray) -> np.ndarray:
    """How many outcomes are above k, for k = 0, 1, … below the largest."""
    frequencies = np.bincount(outcome.astype(np.intp))
    return np.asarray(len(outcome) - np.cumsum(frequencies))[:-1]


def rising_factorials(outcome: np.ndarray, theta: float) -> float:
    """Σ log (Γ(y + θ) / (Γ(θ) θ^y)) over the outcomes."""
    if outcome.max(initial=0.0) <= MOST_TERMS:
        above = counts_above(outcome)
        return float(above @ np.log1p(np.arange(len(above)) / theta))
    return float(np.sum(gammaln(outcome + theta) - gammaln(theta) - xlogy(outcome, theta)))
