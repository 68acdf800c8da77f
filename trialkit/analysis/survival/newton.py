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
DROWNED = 1e-6
"""A gain that rounding may hide where sums over the risk sets cancel, far out on a likelihood without
a maximum."""
LONG = 0.1
"""A long step, in standard deviations of the covariate."""
ABSURD = 1e3
"""A standard error, by standard deviation of the covariate, that tells of a likelihood without a maximum."""
SINGULAR = 1e-10
"""The least curvature of a direction, of which 1 is that of a coefficient alone, that is no rounding."""
TOLD_APART = "the covariates cannot be told apart among those at risk together"
LEAVE_OUT = "leave one of them out, or the strata that hold them constant"


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
    beta = last = np.zeros(count)
    start = here = likelihood.at(beta)
    _sizes(here.information)
    for number in range(MOST_STEPS):
        if not _is_definite(here.information):
            return _endless(beta, here, start, towards=last, steps=number)
        step = solved(here.information, here.score)
        gain = float(here.score @ step)
        if gain < FLAT and np.abs(step).max(initial=0.0) > LONG:
            return _endless(beta, here, start, towards=step, steps=number)
        if gain < CONVERGED:
            return _found(beta, here, start, unbounded=np.zeros(count), steps=number)
        there, moved = _improved(likelihood, beta, step, here)
        if there is here and gain < FLAT * max(abs(here.log_likelihood), 1):
            return _found(beta, here, start, unbounded=np.zeros(count), steps=number)
        if there is here:
            maximum = _found(beta, here, start, unbounded=np.zeros(count), steps=number)
            if gain < DROWNED and maximum.unbounded.any():
                return maximum
            break
        beta, here, last = beta + moved, there, moved
    raise AnalysisError(
        "the fit found no maximum of the likelihood",
        advice="leave out covariates that hardly vary among those with the event",
    )


def _endless(
    beta: np.ndarray, here: Derivatives, start: Derivatives, *, towards: np.ndarray, steps: int
) -> Maximum:
    """To where a likelihood without a maximum still rises.

    By the coefficients that take long steps, and by those whose curvature, which was there at the
    start, has drowned in rounding: how long the last steps of these are is rounding too.
    """
    told_apart = _is_definite(start.information)
    flat = np.diagonal(here.information) < np.diagonal(start.information) / ABSURD**2
    long = np.abs(towards) > LONG
    endless = long | (flat & told_apart)
    if not endless.any():
        raise AnalysisError(TOLD_APART, advice=LEAVE_OUT)
    unbounded = np.where(endless, np.sign(np.where(long, towards, beta)), 0.0)
    return _found(beta, here, start, unbounded=unbounded, steps=steps)


def _found(
    beta: np.ndarray, here: Derivatives, start: Derivatives, *, unbounded: np.ndarray, steps: int
) -> Maximum:
    """The maximum, in which whatever has an absurd standard error has no finite estimate either."""
    maximum = Maximum(beta=beta, at=here, at_zero=start, unbounded=unbounded, steps=steps)
    finite = np.flatnonzero(unbounded == 0)
    if not len(finite):
        return maximum
    own = here.information[np.ix_(finite, finite)]
    known = _is_definite(own)
    absurd = finite[np.diagonal(inverse_of(own)) > ABSURD**2] if known else finite
    if not len(absurd):
        return maximum
    signs = np.where(beta < 0, -1.0, 1.0)
    marked = np.where(np.isin(np.arange(len(beta)), absurd), signs, unbounded)
    return _found(beta, here, start, unbounded=marked, steps=steps)


def _improved(
    likelihood: LogLikelihood, beta: np.ndarray, step: np.ndarray, here: Derivatives
) -> tuple[Derivatives, np.ndarray]:
    """Where the step leads, halved until the likelihood is no smaller; ``here`` where none helps."""
    tolerance = 1e-13 * max(abs(here.log_likelihood), 1.0)
    for _ in range(40):
        there = likelihood.at(beta + step)
        if there.log_likelihood >= here.log_likelihood - tolerance:
            return there, step
        step = step / 2
    return here, step


def _is_definite(matrix: np.ndarray) -> bool:
    """Whether a matrix, its rows and columns made of unit size, is more than rounding in all directions."""
    if not len(matrix):
        return True
    if not (np.diagonal(matrix) > 0).all():
        return False
    size = _sizes(matrix)
    return bool(np.linalg.eigvalsh(matrix / np.outer(size, size))[0] > SINGULAR)


def solved(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """The solution of a positive definite system, its rows and columns first made of unit size."""
    size = _sizes(matrix)
    try:
        found = np.linalg.solve(matrix / np.outer(size, size), vector / size)
    except np.linalg.LinAlgError:
        raise AnalysisError(TOLD_APART, advice=LEAVE_OUT) from None
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
