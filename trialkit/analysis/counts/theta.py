"""The likeliest dispersion of negative-binomial counts, alone and with the coefficients."""

from dataclasses import dataclass, field

import numpy as np
from scipy.special import polygamma, psi

from trialkit.analysis.generalised.families import (
    MOST_TERMS,
    NegativeBinomial,
    Poisson,
    counts_above,
)
from trialkit.analysis.generalised.scoring import largest_log_likelihood
from trialkit.errors import AnalysisError

MOST_ROUNDS = 500
AGREED = 1e-12
NO_OVERDISPERSION = 1e8
"""A theta of so many times the mean is none: the distribution is Poisson's to eight digits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ThetaLikelihood:
    """The log likelihood of theta at given means: its first two derivatives."""

    outcome: np.ndarray
    above: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        few = self.outcome.max(initial=0.0) <= MOST_TERMS
        object.__setattr__(self, "above", counts_above(self.outcome) if few else np.zeros(0))

    def derivatives(self, theta: float, mean: np.ndarray) -> tuple[float, float]:
        """The first and the second derivative in theta at means (n,)."""
        y = self.outcome
        if len(self.above) or not y.any():
            factor = 1 / (theta + np.arange(len(self.above)))
            first, second = float(self.above @ factor), -float(self.above @ factor**2)
        else:
            first = float(np.sum(psi(y + theta) - psi(theta)))
            second = float(np.sum(polygamma(1, y + theta) - polygamma(1, theta)))
        behind = (mean - y) / (mean + theta)
        first += float(np.sum(behind - np.log1p(mean / theta)))
        second += float(np.sum(mean / (theta * (theta + mean)) - behind / (mean + theta)))
        return first, second

    def maximum(self, mean: np.ndarray, *, start: float) -> float:
        """The likeliest theta at means (n,), ∞ where it grows for ever."""
        theta, largest = start, NO_OVERDISPERSION * float(mean.max())
        for _ in range(MOST_ROUNDS):
            first, second = self.derivatives(theta, mean)
            # Newton's step in log theta, where the likelihood is nearest to a parabola
            slope, bend = theta * first, theta * theta * second + theta * first
            step = -slope / bend if bend < 0 else float(np.copysign(1.0, slope))
            theta = float(theta * np.exp(np.clip(step, -2.0, 2.0)))
            if theta > largest:
                return np.inf
            if abs(step) < AGREED:
                break
        return theta


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NegativeBinomialMaximum:
    """The likeliest coefficients (p,) and theta, ∞ where the counts vary as Poisson's or less."""

    coefficients: np.ndarray
    theta: float
    log_likelihood: float


def maximise_negative_binomial(
    design: np.ndarray,
    outcome: np.ndarray,
    *,
    offset: np.ndarray,
    start: NegativeBinomialMaximum | None = None,
) -> NegativeBinomialMaximum:
    """The joint maximum over the coefficients of ``design`` (n, p), which may have no column, and theta.

    Coefficients and theta are maximised in turn; being orthogonal, they soon agree.
    Raises ``AnalysisError`` where they do not.
    """
    of_theta = ThetaLikelihood(outcome=outcome)
    level, found = largest_log_likelihood(
        design,
        outcome,
        Poisson(),
        offset=offset,
        start=None if start is None else start.coefficients,
    )
    mean = np.exp(design @ found + offset)
    if float(np.sum((outcome - mean) ** 2 - outcome)) <= 0:
        return NegativeBinomialMaximum(coefficients=found, theta=np.inf, log_likelihood=level)
    theta = 1.0 if start is None or not np.isfinite(start.theta) else start.theta
    for _ in range(MOST_ROUNDS):
        before, old = theta, level
        theta = of_theta.maximum(mean, start=theta)
        if not np.isfinite(theta):
            poisson, found = largest_log_likelihood(
                design, outcome, Poisson(), offset=offset, start=found
            )
            return NegativeBinomialMaximum(coefficients=found, theta=np.inf, log_likelihood=poisson)
        level, found = largest_log_likelihood(
            design, outcome, NegativeBinomial(theta), offset=offset, start=found
        )
        mean = np.exp(design @ found + offset)
        if abs(theta - before) < AGREED * theta or (
            abs(theta - before) < 1e-9 * theta and abs(level - old) <= 1e-15 * abs(level)
        ):
            return NegativeBinomialMaximum(coefficients=found, theta=theta, log_likelihood=level)
    raise AnalysisError("the iterations of the negative binomial model did not come to a maximum")
