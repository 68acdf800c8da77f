"""The maximum of a concave log-likelihood by Newton's steps, and whether it has one."""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.survival.partial_likelihood import Derivatives, LogLikelihood
from trialkit.errors import AnalysisError

MOST_STEPS = 60
CONVERGED = 1e-20
"""Twice the gain that the next step promises, below which it is a step of rounding."""
FLAT = 1e-9
"""A gain below which only a likelihood without a maximum still takes long steps."""
LONG = 0.1
"""A long step, in standard deviations of the covariate."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Maximum:
    """Where the likelihood is largest, or to where it still rises.

    ``beta`` (p,) are the coefficients; where ``unbounded`` (p,) is 1 or −1 the likelihood rises
    with that coefficient to plus or minus infinity, and 0 marks those that have a finite estimate.
    """

    beta: np.ndarray
    at: Derivatives
    at_zero: Derivatives
    unbounded: np.ndarray
    steps: int

    @property
    def covariance(self) -> np.ndarray:
        """The inverse information of the finite coefficients (p, p); NaN of the others."""
        finite = np.flatnonzero(self.unbounded == 0)
        found = np.full(self.at.information.shape, np.nan)
        if len(finite):
            own = np.ix_(finite, finite)
            found[own] = inverse_of(self.at.information[own])
        return found


def maximise(likelihood: LogLikelihood, count: int) -> Maximum:
    """Newton's steps from 0 for ``count`` coefficients of covariates of unit standard deviation.

    Raises :class:`AnalysisError` where the information is singular, and where no step helps.
    """
    beta = np.zeros(count)
    start = here = likelihood.at(beta)
    for number in range(MOST_STEPS):
        step = solved(here.information, here.score)
        gain = float(here.score @ step)
        if gain < CONVERGED:
            return Maximum(
                beta=beta, at=here, at_zero=start, unbounded=np.zeros(count), steps=number
            )
        if gain < FLAT and np.abs(step).max() > LONG:
            unbounded = np.where(np.abs(step) > LONG, np.sign(step), 0.0)
            return Maximum(beta=beta, at=here, at_zero=start, unbounded=unbounded, steps=number)
        beta, here, moved = _improved(likelihood, beta, step, here)
        if not moved:
            if gain > FLAT * max(abs(here.log_likelihood), 1.0):
                break
            return Maximum(
                beta=beta, at=here, at_zero=start, unbounded=np.zeros(count), steps=number
            )
    raise AnalysisError(
        "the fit found no maximum of the likelihood",
        advice="leave out covariates that hardly vary among those with the event",
    )


def _improved(
    likelihood: LogLikelihood, beta: np.ndarray, step: np.ndarray, here: Derivatives
) -> tuple[np.ndarray, Derivatives, bool]:
    """The coefficients after the step, halved until the likelihood is no smaller."""
    tolerance = 1e-13 * max(abs(here.log_likelihood), 1.0)
    for _ in range(40):
        there = likelihood.at(beta + step)
        if there.log_likelihood >= here.log_likelihood - tolerance:
            return beta + step, there, True
        step = step / 2
    return beta, here, False


def solved(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """The solution of a positive definite system, its rows and columns first made of unit size."""
    size = _sizes(matrix)
    try:
        found = np.linalg.solve(matrix / np.outer(size, size), vector / size)
    except np.linalg.LinAlgError:
        raise AnalysisError(
            "the covariates cannot be told apart among those at risk together",
            advice="leave one of them out, or the strata that hold them constant",
        ) from None
    return np.asarray(found / size)


def inverse_of(matrix: np.ndarray) -> np.ndarray:
    """The inverse of a positive definite matrix, symmetric."""
    size = _sizes(matrix)
    inverse = np.linalg.inv(matrix / np.outer(size, size)) / np.outer(size, size)
    return np.asarray((inverse + inverse.T) / 2)


def _sizes(matrix: np.ndarray) -> np.ndarray:
    diagonal = np.diagonal(matrix)
    if not (diagonal > 0).all():
        raise AnalysisError(
            "a covariate does not vary among those at risk at any event: it has no hazard ratio",
            advice="leave it out, or the strata that hold it constant",
        )
    return np.asarray(np.sqrt(diagonal))
