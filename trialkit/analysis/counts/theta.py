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
AGREED = 1e-10
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
            if abs(step) < 1e-12:
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

    Coefficients and theta are maximised in turn, and then together.
    Raises ``AnalysisError`` where they do not.
    """
    of_theta = ThetaLikelihood(outcome=outcome)
    _, found = largest_log_likelihood(
        design,
        outcome,
        Poisson(),
        offset=offset,
        start=None if start is None else start.coefficients,
    )
    mean = np.exp(design @ found + offset)
    if float(np.sum((outcome - mean) ** 2 - outcome)) <= 0:
        return _as_poisson(design, outcome, offset, found)
    theta = 1.0 if start is None or not np.isfinite(start.theta) else start.theta
    for _ in range(MOST_ROUNDS):
        before, theta = theta, of_theta.maximum(mean, start=theta)
        if not np.isfinite(theta):
            return _as_poisson(design, outcome, offset, found)
        level, found = largest_log_likelihood(
            design, outcome, NegativeBinomial(theta), offset=offset, start=found
        )
        maximum = _together(of_theta, design, offset, found, theta)
        if maximum is not None:
            return maximum
        if abs(theta - before) < AGREED * theta:  # a coefficient runs to infinity
            return NegativeBinomialMaximum(coefficients=found, theta=theta, log_likelihood=level)
        mean = np.exp(design @ found + offset)
    raise AnalysisError("the iterations of the negative binomial model did not come to a maximum")


def _as_poisson(
    design: np.ndarray, outcome: np.ndarray, offset: np.ndarray, start: np.ndarray
) -> NegativeBinomialMaximum:
    level, found = largest_log_likelihood(design, outcome, Poisson(), offset=offset, start=start)
    return NegativeBinomialMaximum(coefficients=found, theta=np.inf, log_likelihood=level)


def _together(
    of_theta: ThetaLikelihood,
    design: np.ndarray,
    offset: np.ndarray,
    coefficients: np.ndarray,
    theta: float,
) -> NegativeBinomialMaximum | None:
    """Newton's steps in the coefficients and log theta together; None where they do not end soon.

    They end quickly near the maximum; farther off, or where a coefficient runs to infinity, steps in
    turn are safer.
    """
    y, p = of_theta.outcome, design.shape[1]
    for _ in range(12):
        mean = np.exp(design @ coefficients + offset)
        share = theta / (theta + mean)
        first, second = of_theta.derivatives(theta, mean)
        information = np.empty((p + 1, p + 1))
        information[:p, :p] = design.T @ ((mean * (1 + y / theta) * share**2)[:, None] * design)
        cross = design.T @ ((y - mean) * mean * share**2 / theta)
        information[:p, p] = information[p, :p] = -cross
        information[p, p] = -(theta**2 * second + theta * first)
        gradient = np.append(design.T @ ((y - mean) * share), theta * first)
        size = np.sqrt(np.maximum(np.diag(information), 1e-300))
        scaled = information / np.outer(size, size)
        try:
            np.linalg.cholesky(scaled)  # a hill, and not a saddle
        except np.linalg.LinAlgError:
            return None
        step = np.linalg.solve(scaled, gradient / size) / size
        moved = float(np.max(np.abs(design @ step[:p]), initial=0.0))
        if not np.isfinite(moved) or max(moved, abs(step[p])) > 2:
            return None
        coefficients, theta = coefficients + step[:p], float(theta * np.exp(step[p]))
        if max(moved, abs(step[p])) < AGREED:
            mean = np.exp(design @ coefficients + offset)
            return NegativeBinomialMaximum(
                coefficients=coefficients,
                theta=theta,
                log_likelihood=NegativeBinomial(theta).log_likelihood(y, mean),
            )
    return None
