"""Firth's penalised likelihood of a logistic model, whose estimates are always finite.

The log likelihood gains half the logarithm of the determinant of the information (Jeffreys' prior).
The method is in ``docs/methods/binary.md``.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, ndtri, xlog1py, xlogy

from trialkit.analysis.generalised.profile import profile_limits
from trialkit.errors import AnalysisError

MOST_STEPS = 1000
CONVERGED = 1e-11
ROUNDING = 1e-5
"""A step so small that gains nothing is rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirthFit:
    """The penalised estimates (p,), their covariance (p, p) and the penalised log likelihood."""

    design: np.ndarray
    outcome: np.ndarray
    coefficients: np.ndarray
    covariance: np.ndarray
    highest: float

    def highest_without(self, columns: np.ndarray) -> float:
        """The penalised maximum with some coefficients, a mask (p,), held at 0.

        The penalty stays that of all columns, as in R's logistf.
        """
        return _climb(self.design, self.outcome, np.zeros(len(columns)), free=~columns)[1]

    def limits(self, index: int, *, conf_level: float) -> tuple[float, float]:
        """Profile penalised likelihood limits of a coefficient."""
        free = np.arange(len(self.coefficients)) != index
        last = [self.coefficients]

        def highest_at(value: float) -> float:
            start = last[0].copy()
            start[index] = value
            last[0], level = _climb(self.design, self.outcome, start, free=free)
            return level

        step = float(np.sqrt(self.covariance[index, index]))
        return profile_limits(
            highest_at,
            estimate=float(self.coefficients[index]),
            step=step * float(-ndtri((1 - conf_level) / 2)),
            highest=self.highest,
            conf_level=conf_level,
        )

    def limits_at_dispersion(self, index: int, *, conf_level: float) -> tuple[float, float]:
        """The same, since there is no dispersion to be held."""
        return self.limits(index, conf_level=conf_level)


def fit_firth(design: np.ndarray, outcome: np.ndarray) -> FirthFit:
    """Penalised estimates of ``design`` (n, p), of full rank, for events ``outcome`` (n,) of 0 and 1."""
    every = np.ones(design.shape[1], dtype=bool)
    coefficients, level = _climb(design, outcome, np.zeros(design.shape[1]), free=every)
    mean = expit(design @ coefficients)
    information = design.T @ ((mean * (1 - mean))[:, None] * design)
    return FirthFit(
        design=design,
        outcome=outcome,
        coefficients=coefficients,
        covariance=np.linalg.inv(information),
        highest=level,
    )


def _climb(
    design: np.ndarray, outcome: np.ndarray, start: np.ndarray, *, free: np.ndarray
) -> tuple[np.ndarray, float]:
    """The maximum over the ``free`` coefficients (p,), the others held where they start."""
    found, level = start.copy(), _penalised(design, outcome, start)
    for _ in range(MOST_STEPS):
        mean = expit(design @ found)
        weight = mean * (1 - mean)
        information = design.T @ (weight[:, None] * design)
        leverage = weight * np.einsum("ij,ji->i", design, np.linalg.solve(information, design.T))
        score = design.T @ (outcome - mean + leverage * (0.5 - mean))
        # the score falls by the penalty's part, too: Fisher's own step would go twice as far
        slope = design.T @ ((weight * (1 + leverage))[:, None] * design)
        step = np.zeros(len(found))
        if free.any():
            step[free] = np.linalg.solve(slope[np.ix_(free, free)], score[free])
        moved = float(np.max(np.abs(design @ step), initial=0.0))
        if moved < CONVERGED:
            return found + step, level
        step = step * min(1.0, 5.0 / moved)
        for _ in range(30):
            higher = _penalised(design, outcome, found + step)
            if higher >= level - 1e-13 * (1 + abs(level)):
                break
            step = step / 2
        else:
            return found, level
        gained = higher - level > 1e-13 * (1 + abs(level))
        found, level = found + step, higher
        # of a coefficient held far away the information is nearly singular, and steps end in rounding
        if not gained and moved < ROUNDING:
            return found, level
    raise AnalysisError("the iterations of Firth's penalised likelihood did not come to a maximum")


def _penalised(design: np.ndarray, outcome: np.ndarray, at: np.ndarray) -> float:
    mean = expit(design @ at)
    information = design.T @ ((mean * (1 - mean))[:, None] * design)
    sign, logarithm = np.linalg.slogdet(information)
    if sign <= 0:
        return -np.inf
    likelihood = np.sum(xlogy(outcome, mean) + xlog1py(1 - outcome, -mean))
    return float(likelihood + logarithm / 2)
