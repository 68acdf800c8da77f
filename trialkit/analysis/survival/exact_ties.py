"""The exact partial likelihood of tied events: each set of so many at risk could have had them.

With d events among m at risk the denominator is the sum over all sets of d of the product of their
hazards. It grows by one person at a time, from the last to the first, since whoever is at risk later
was so earlier; sums are kept as means over the sets, so that none overflows.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from trialkit.analysis.survival.partial_likelihood import Derivatives
from trialkit.analysis.survival.risk_sets import RiskSets
from trialkit.errors import AnalysisError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExactLikelihood:
    """Of covariates (p, n) in the order of ``sets``, all of whom are at risk from the beginning.

    ``offset`` (n,) is added to the logarithm of each row's hazard.
    """

    sets: RiskSets
    covariates: np.ndarray
    offset: np.ndarray | float = 0.0

    def at(self, beta: np.ndarray) -> Derivatives:
        """The derivatives at coefficients (p,); the constant of the number of sets is left in."""
        sets, x = self.sets, np.ascontiguousarray(self.covariates.T)
        linear = x @ beta + self.offset
        count = x.shape[1]
        value, score = float(linear[sets.deaths].sum()), x[sets.deaths].sum(axis=0)
        information = np.zeros((count, count))
        for first, end in sets.bounds:
            own = np.flatnonzero((sets.at_risk_from >= first) & (sets.at_risk_from < end))
            if not len(own):
                continue
            shift = float(logsumexp(linear[first:end]) - np.log(end - first))
            growing = _GrowingSets(most=int(sets.tied[own].max()), covariates=count)
            place = end
            for event_time in own[::-1]:
                begin = int(sets.at_risk_from[event_time])
                for row in range(place - 1, begin - 1, -1):
                    growing.add(float(np.exp(linear[row] - shift)), x[row])
                place = begin
                died = int(sets.tied[event_time])
                log_sum, gradient, curvature = growing.of_size(died)
                value -= log_sum + died * shift
                score = score - gradient
                information += curvature
        return Derivatives(log_likelihood=value, score=score, information=information)


class _GrowingSets:
    """Mean products of hazards over all sets of 0 to ``most`` of those added, with derivatives."""

    def __init__(self, *, most: int, covariates: int) -> None:
        self._added = 0
        self._sizes = np.arange(1, most + 1, dtype=float)
        self._mean = np.zeros(most + 1)
        self._mean[0] = 1.0
        self._first = np.zeros((most + 1, covariates))
        self._second = np.zeros((most + 1, covariates, covariates))

    def add(self, hazard: float, covariates: np.ndarray) -> None:
        """Let one more person be at risk."""
        self._added += 1
        taking = np.minimum(self._sizes / self._added, 1.0)
        keep, take = 1 - taking, taking * hazard
        mean, first, second = self._mean, self._first, self._second
        outer = (
            first[:-1, :, None] * covariates
            + covariates[:, None] * first[:-1, None, :]
            + mean[:-1, None, None] * np.outer(covariates, covariates)
        )
        new_second = keep[:, None, None] * second[1:] + take[:, None, None] * (second[:-1] + outer)
        new_first = keep[:, None] * first[1:] + take[:, None] * (
            first[:-1] + mean[:-1, None] * covariates
        )
        mean[1:] = keep * mean[1:] + take * mean[:-1]
        first[1:], second[1:] = new_first, new_second

    def of_size(self, size: int) -> tuple[float, np.ndarray, np.ndarray]:
        """The logarithm of the sum over sets of that size, its gradient and its curvature."""
        if not 0 < self._mean[size] < np.inf:
            raise AnalysisError(
                f"{size} events at one time are too many for the exact likelihood",
                advice="choose efron, or a finer measure of time",
            )
        sets = np.log(np.arange(self._added - size + 1, self._added + 1)) - np.log(
            np.arange(1, size + 1)
        )
        gradient = self._first[size] / self._mean[size]
        curvature = self._second[size] / self._mean[size] - np.outer(gradient, gradient)
        return float(np.log(self._mean[size]) + sets.sum()), gradient, curvature


def exact(sets: RiskSets, covariates: np.ndarray) -> ExactLikelihood:
    """The exact likelihood (Cox DR, J R Stat Soc B 1972;34:187-220) of covariates (p, n)."""
    if sets.entries is not None:
        raise AnalysisError(
            "the exact likelihood is not written for times with a start; choose efron or breslow"
        )
    return ExactLikelihood(sets=sets, covariates=covariates)
