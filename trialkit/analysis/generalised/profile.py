"""Limits by the profile likelihood: how far a coefficient can go before the data speak against it."""

from collections.abc import Callable

import numpy as np
from scipy.special import chdtri, ndtri

from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.generalised.families import ResponseDistribution
from trialkit.analysis.generalised.scoring import (
    GeneralisedFit,
    finite_part,
    largest_log_likelihood,
)

FARTHEST = 60.0
"""No coefficient of the logarithm of a ratio goes beyond; what does is infinite."""


def profile_limits(
    highest_at: Callable[[float], float],
    *,
    estimate: float,
    step: float,
    highest: float,
    conf_level: float,
) -> tuple[float, float]:
    """Where twice the fall of the log likelihood from ``highest`` is the level's χ² quantile.

    ``highest_at`` is the log likelihood maximised over all other coefficients at a value of this
    one; ``step`` is the size of a first step away from ``estimate``, which may be infinite.
    """
    check_level(conf_level)
    allowed = float(chdtri(1, 1 - conf_level)) / 2

    def beyond(value: float) -> float:
        return highest - highest_at(value) - allowed

    if np.isinf(estimate):
        inner = _inside_of(beyond, towards=estimate)
        one = -np.inf if inner is None else _limit(beyond, inner, -np.copysign(step, estimate))
        return (one, np.inf) if estimate > 0 else (-np.inf, one if inner is not None else np.inf)
    return _limit(beyond, estimate, -step), _limit(beyond, estimate, step)


def _inside_of(beyond: Callable[[float], float], *, towards: float) -> float | None:
    """A value inside the limits on the way to an infinite estimate."""
    side = np.copysign(1.0, towards)
    for distance in (0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0):
        if beyond(side * distance) < 0:
            return float(side * distance)
    return None


def _limit(beyond: Callable[[float], float], start: float, step: float) -> float:
    """The root outwards from ``start``, infinite where there is none."""
    inner, reach = start, step
    size = abs(step)
    while True:
        outer = inner + reach
        if abs(outer - start) > FARTHEST * max(1.0, size):
            return float(np.copysign(np.inf, step))
        if beyond(outer) >= 0:
            break
        inner, reach = outer, reach * 1.6
    low, high = min(inner, outer), max(inner, outer)
    return bracketed_root(beyond, low, high, xtol=1e-13 * max(1.0, size), rtol=1e-14)


def coefficient_limits(
    fit: GeneralisedFit, index: int, *, conf_level: float
) -> tuple[float, float]:
    """Profile limits of one coefficient, infinite on the side where the data set none."""
    estimate = float(fit.estimates[index])
    if np.isnan(estimate):
        return -np.inf, np.inf
    reach = float(np.sqrt(fit.covariance[index, index])) * float(-ndtri((1 - conf_level) / 2))
    others, column = np.delete(fit.design, index, axis=1), fit.design[:, index]
    outcome, offset = fit.outcome, fit.offset
    if fit.recession is not None and others.shape[1]:
        rows, told = finite_part(others, outcome, fit.family)
        others, column = others[np.ix_(rows, told)], column[rows]
        outcome, offset = outcome[rows], offset[rows]
    return profile_limits(
        _profiled(others, column, outcome, fit.family, offset),
        estimate=estimate,
        step=reach or 1.0,
        highest=fit.log_likelihood,
        conf_level=conf_level,
    )


def _profiled(
    others: np.ndarray,
    column: np.ndarray,
    outcome: np.ndarray,
    family: ResponseDistribution,
    offset: np.ndarray,
) -> Callable[[float], float]:
    """The largest log likelihood at a value of one coefficient; each begins where the last ended."""
    last: list[np.ndarray] = []

    def highest_at(value: float) -> float:
        start = last[0] if last else None
        level, found = largest_log_likelihood(
            others, outcome, family, offset=offset + column * value, start=start
        )
        last[:] = [found]
        return level

    return highest_at
