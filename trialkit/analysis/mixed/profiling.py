"""Limits of a variance and of an intraclass correlation: what the likelihood ratio does not reject."""

from collections.abc import Callable

import numpy as np
from scipy.special import chdtri

from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.analysis.mixed.climbing import Cone, climb
from trialkit.analysis.mixed.variance_fit import VarianceFit
from trialkit.errors import AnalysisError

NEAREST, FARTHEST = 20, 30
"""Halvings and doublings of a variance, or of a ratio of variances, within which its limits lie."""


def variance_limits(fit: VarianceFit, which: int, *, conf_level: float) -> tuple[float, float]:
    """The limits of the variance of number ``which``, on the scale of the outcome."""
    theta = fit.at.theta

    def cone(value: float) -> tuple[Cone, np.ndarray]:
        others = np.delete(np.arange(len(theta)), which)
        offset = np.zeros(len(theta))
        offset[which] = value
        return Cone(offset=offset, turn=np.eye(len(theta))[:, others]), _inside(theta[others])

    rejected = _rejection(fit, cone, conf_level)
    low, high = _crossings(rejected, float(theta[which]))
    return low * fit.unit**2, high * fit.unit**2


def correlation_limits(
    fit: VarianceFit, shared: np.ndarray, total: np.ndarray, *, conf_level: float
) -> tuple[float, float]:
    """The limits of (the variances ``shared``) / (those of ``total``), boolean (t,) both."""
    theta = fit.at.theta
    some, rest = np.flatnonzero(shared), np.flatnonzero(total & ~shared)
    free = np.flatnonzero(~total)
    estimate = float(theta[shared].sum() / theta[total].sum())

    def cone(value: float) -> tuple[Cone, np.ndarray]:
        turn = np.zeros((len(theta), len(some) * len(rest) + len(free)))
        start = np.zeros(turn.shape[1])
        own, others = _inside(theta[some]), _inside(theta[rest])
        for at, (one, other) in enumerate(np.ndindex(len(some), len(rest))):
            turn[some[one], at], turn[rest[other], at] = value, 1 - value
            # what is not shared begins where it is: a residual variance near 0 is a cliff
            start[at] = own[one] / own.sum() * others[other] / (1 - value)
        for at, one in enumerate(free, start=len(some) * len(rest)):
            turn[one, at], start[at] = 1.0, theta[one]
        return Cone(offset=np.zeros(len(theta)), turn=turn), start

    rejected = _rejection(fit, cone, conf_level)
    low, high = _crossings(lambda ratio: rejected(ratio / (1 + ratio)), estimate / (1 - estimate))
    return low / (1 + low), 1.0 if np.isinf(high) else high / (1 + high)


def limits_note(low: float) -> str:
    """What is said of limits that could not be found; empty of others."""
    return "no limits: the likelihood is too flat for its profile" if np.isnan(low) else ""


def _inside(variances: np.ndarray) -> np.ndarray:
    """Variances from which a climb can begin: none is 0."""
    return np.asarray(np.maximum(variances, 1e-3))


def _rejection(
    fit: VarianceFit, cone: Callable[[float], tuple[Cone, np.ndarray]], conf_level: float
) -> Callable[[float], float]:
    """By how much a value's likelihood ratio is above the χ² quantile; raises if it is not found."""
    allowed = float(chdtri(1, 1 - conf_level))

    def rejected(value: float) -> float:
        found = climb(fit.sums, *cone(value), restricted=fit.restricted)
        if found is None:
            raise AnalysisError("the profile of the likelihood could not be followed")
        return found.at.value - fit.at.value - allowed

    return rejected


def _crossings(rejected: Callable[[float], float], estimate: float) -> tuple[float, float]:
    """Where the likelihood ratio crosses its quantile on each side; 0 and ∞ where it does not.

    Both are NaN where the profile cannot be followed, as in a few rows whose likelihood is flat.
    """
    try:
        return _both_crossings(rejected, estimate)
    except AnalysisError:
        return np.nan, np.nan


def _both_crossings(rejected: Callable[[float], float], estimate: float) -> tuple[float, float]:
    start = estimate if estimate > 0 else 1e-3
    low = (
        _crossing(rejected, estimate, [start / 2**k for k in range(1, NEAREST)])
        if estimate
        else None
    )
    high = _crossing(rejected, estimate, [start * 2**k for k in range(1, FARTHEST)])
    return (0.0 if low is None else low), (np.inf if high is None else high)


def _crossing(
    rejected: Callable[[float], float], estimate: float, steps: list[float]
) -> float | None:
    """Where it crosses between the estimate and the first of ``steps`` that is rejected."""
    last = estimate
    for step in steps:
        if rejected(step) > 0:
            return bracketed_root(rejected, last, step, xtol=1e-14, rtol=1e-10)
        last = step
    return None
