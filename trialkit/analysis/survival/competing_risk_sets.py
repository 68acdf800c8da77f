"""The risk sets of Fine and Gray: whoever had a competing event stays, with a falling weight.

The weight is the share of those still uncensored then who are so later: the Kaplan-Meier curve of
censoring, just before each time.
"""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.survival.partial_likelihood import PartialLikelihood
from trialkit.analysis.survival.risk_sets import RiskSets, risk_sets
from trialkit.analysis.survival.survival_curve import product_limit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompetingRiskSets(RiskSets):
    """Risk sets of one stratum in which competing events stay.

    ``stays`` (n,), in the order of times, is 1 over the share uncensored just before a competing
    event and 0 of all others; ``uncensored`` (K,) is that share just before each event time.
    """

    stays: np.ndarray
    uncensored: np.ndarray

    def over_those_at_risk(self, values: np.ndarray) -> np.ndarray:
        """Sums (..., K) of values (..., n) over who is at risk, or stays with a weight."""
        gone = sums_before(values * self.stays)[..., self.at_risk_from]
        return np.asarray(self.segments.sums_to_end(values) + self.uncensored * gone)

    def while_at_risk(self, steps: np.ndarray) -> np.ndarray:
        """Sums (..., n) of steps (..., K) that each row meets, after a competing event by its weight."""
        weighted = sums_before(steps * self.uncensored)
        later = weighted[..., -1:] - weighted[..., self.through]
        return np.asarray(sums_before(steps)[..., self.through] + self.stays * later)


def sums_before(values: np.ndarray) -> np.ndarray:
    """Sums (..., n + 1) of all values (..., n) before each place."""
    summed = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=summed[..., 1:])
    return summed


def competing_risk_sets(time: np.ndarray, kind: np.ndarray) -> CompetingRiskSets:
    """The risk sets of times and kinds (n,): 1 of the cause, 2 of another, 0 censored."""
    sets = risk_sets(time, kind == 1, np.zeros(len(time), dtype=np.intp))
    curve = product_limit(time, kind == 0)
    before = np.append(1.0, curve.survival[:-1])
    place = np.searchsorted(curve.times, time[sets.order] * (1 + 1e-9), side="right") - 1
    uncensored = before[place]
    stays = np.where(kind[sets.order] == 2, 1 / uncensored, 0.0)
    known = {name: getattr(sets, name) for name in RiskSets.__dataclass_fields__}
    return CompetingRiskSets(**known, stays=stays, uncensored=uncensored[sets.at_risk_from])


def influence_of_censoring(
    likelihood: PartialLikelihood, beta: np.ndarray, *, time: np.ndarray, kind: np.ndarray
) -> np.ndarray:
    """What each row adds to the score by way of the estimated weights, (n, p), in the order of the sets.

    ``time`` and ``kind`` (n,) are in that order. Reference: Fine JP, Gray RJ. JASA 1999;94:496-509.
    """
    sets = likelihood.sets
    assert isinstance(sets, CompetingRiskSets)
    found = likelihood.moments(beta)
    stayed = found.relative * sets.stays
    gone, gone_moment = sums_before(stayed), sums_before(stayed * likelihood.covariates)
    step = sums_before(sets.over_deaths(found.inverse) * sets.uncensored)
    mean_step = sums_before(sets.over_deaths(found.mean * found.inverse) * sets.uncensored)
    censoring = product_limit(time, kind == 0)
    first = np.searchsorted(time, censoring.times * (1 - 1e-9))
    events_before = np.searchsorted(sets.times, censoring.times * (1 - 1e-9))
    later, mean_later = (
        step[-1] - step[events_before],
        mean_step[:, -1:] - mean_step[:, events_before],
    )
    lost = (gone_moment[:, first] * later - mean_later * gone[first]) / censoring.at_risk
    compensated = np.cumsum(lost * censoring.events / censoring.at_risk, axis=1)
    place = np.searchsorted(censoring.times, time * (1 + 1e-9), side="right") - 1
    return np.asarray((np.where(kind == 0, lost[:, place], 0.0) - compensated[:, place]).T)
