"""The Aalen-Johansen curve of each of several competing events in one group: arrays in and out."""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.survival.survival_curve import SurvivalCurve, product_limit
from trialkit.analysis.survival.tied_times import distinct_times


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IncidenceCurve:
    """At every distinct time (K,) the incidence of each of C causes and its variance, (K, C).

    ``any_event`` is the Kaplan-Meier curve of being free of all of them.
    """

    any_event: SurvivalCurve
    events: np.ndarray
    incidence: np.ndarray
    variance: np.ndarray

    @property
    def se(self) -> np.ndarray:
        """The standard errors (K, C)."""
        return np.asarray(np.sqrt(np.maximum(self.variance, 0.0)))


def aalen_johansen(time: np.ndarray, cause: np.ndarray, causes: int) -> IncidenceCurve:
    """The curves of subjects with times (n,) and causes (n,) numbered from 1, 0 where censored.

    Reference: Aalen OO, Johansen S. Scand J Stat 1978;5:141-150; the variance is the one of Aalen
    that cmprsk gives, with its factor for ties.
    """
    curve = product_limit(time, cause > 0)
    _, place = distinct_times(time)
    count = len(curve.times)
    events = np.stack(
        [np.bincount(place, weights=cause == each + 1, minlength=count) for each in range(causes)],
        axis=1,
    )
    at_risk = curve.at_risk.astype(float)
    before = np.append(1.0, curve.survival[:-1])
    incidence = np.cumsum((before / at_risk)[:, None] * events, axis=0)
    variance = np.column_stack(
        [_variance(incidence[:, each], events[:, each], curve, before) for each in range(causes)]
    )
    return IncidenceCurve(any_event=curve, events=events, incidence=incidence, variance=variance)


def _variance(
    incidence: np.ndarray, own: np.ndarray, curve: SurvivalCurve, before: np.ndarray
) -> np.ndarray:
    """The variance (K,) of one cause: a square in the incidence yet to come, summed term by term."""
    at_risk = curve.at_risk.astype(float)
    other = curve.events - own
    left = curve.survival > 0
    inverse = np.divide(1.0, curve.survival, out=np.zeros(len(left)), where=left)
    of_own = _spread(own, at_risk) * before**2
    of_other = np.where(left, _spread(other, at_risk) * before**2, 0.0)
    slope = 1 + inverse * incidence
    constant = np.cumsum(slope**2 * of_own + (inverse * incidence) ** 2 * of_other)
    linear = np.cumsum(inverse * slope * of_own + inverse**2 * incidence * of_other)
    square = np.cumsum(inverse**2 * (of_own + of_other))
    return np.asarray(constant + incidence**2 * square - 2 * incidence * linear)


def _spread(events: np.ndarray, at_risk: np.ndarray) -> np.ndarray:
    """The variance of the share with the event at each time, smaller where several happen at once."""
    tied = 1 - (events - 1) / np.maximum(at_risk - 1, 1.0)
    return np.asarray(np.where(events > 1, tied, 1.0) * events / at_risk**2)
