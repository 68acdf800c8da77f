"""The log-rank test of many data sets of one shape at once, for simulation.

The single test is :func:`log_rank`; this one agrees with it to rounding.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from trialkit.analysis.survival.batched_risk_sets import CELLS, batched_risk_sets, checked_times
from trialkit.errors import AnalysisError


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class LogRankBatch:
    """The tests of R data sets; all arrays are NaN where ``usable`` is false.

    ``distance`` is observed minus expected events of each arm but the first (R, G − 1), ``variance``
    its covariance (R, G − 1, G − 1). ``z`` (R,) exists for two arms: above 0 the second has more
    events than expected.
    """

    distance: np.ndarray
    variance: np.ndarray
    statistic: np.ndarray
    p_value: np.ndarray
    usable: np.ndarray

    @property
    def z(self) -> np.ndarray:
        """The signed statistic of two arms (R,)."""
        if self.distance.shape[1] != 1:
            raise AnalysisError("a signed statistic compares two arms; here there are more")
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.distance[:, 0] / np.sqrt(self.variance[:, 0, 0]))


def log_rank_batch(
    time: np.ndarray, event: np.ndarray, groups: np.ndarray, *, strata: np.ndarray | None = None
) -> LogRankBatch:
    """The log-rank test in each of R data sets of the same subjects.

    Estimand
        As ``log_rank``, for each replicate.

    Reference
        As ``log_rank``.

    Checked against
        ``tests/reference/survival/survival_colon_recurrence.json``

    ``time`` and ``event`` have the shape (R, subjects), NaN times where not observed: such subjects
    are left out of their data set. ``groups`` and ``strata`` number arm and stratum of each subject
    from 0. Times are tied if they are equal. A data set in which no event tells the arms apart is not
    usable. Raises :class:`AnalysisError` for shapes that do not fit and for negative times.
    """
    time, event, arms = checked_times(time, event, groups)
    sets, subjects = time.shape
    distance = np.zeros((sets, arms - 1))
    variance = np.zeros((sets, arms - 1, arms - 1))
    places = np.zeros(subjects, dtype=int) if strata is None else np.asarray(strata)
    if places.shape != (subjects,):
        raise AnalysisError(f"strata must number the {subjects} subjects, got {places.shape}")
    step = max(1, CELLS // subjects)
    for place in np.unique(places):
        here = places == place
        for first in range(0, sets, step):
            rows = slice(first, first + step)
            apart, spread = _sums(time[rows][:, here], event[rows][:, here], groups[here], arms)
            distance[rows] += apart
            variance[rows] += spread
    usable = np.diagonal(variance, axis1=1, axis2=2).min(axis=1) > 0
    if arms > 2:
        usable &= np.linalg.matrix_rank(variance, hermitian=True) == arms - 1
    safe = np.where(usable[:, None, None], variance, np.eye(arms - 1))
    statistic = (distance * np.linalg.solve(safe, distance[:, :, None])[:, :, 0]).sum(axis=1)
    statistic[~usable] = np.nan
    distance[~usable] = np.nan
    variance[~usable] = np.nan
    return LogRankBatch(
        distance=distance,
        variance=variance,
        statistic=statistic,
        p_value=np.asarray(chdtrc(arms - 1, statistic)),
        usable=usable,
    )


def _sums(
    time: np.ndarray, event: np.ndarray, groups: np.ndarray, arms: int
) -> tuple[np.ndarray, np.ndarray]:
    """Observed minus expected (R, arms − 1) and its covariance, of one stratum."""
    sets = batched_risk_sets(time, event)
    total, tied = sets.at_risk, sets.tied
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(sets.died, 1.0 / total, 0.0)
        factor = np.where(sets.died & (total > 1), (total - tied) / (total - 1.0), 0.0)
    shares, distance = [], np.empty((len(time), arms - 1))
    for arm in range(1, arms):
        mine = (groups == arm)[sets.order] & sets.seen
        left = mine[:, ::-1].cumsum(axis=1)[:, ::-1]
        share = np.take_along_axis(left, sets.first, axis=1) * each
        shares.append(share)
        distance[:, arm - 1] = (sets.died & mine).sum(axis=1) - share.sum(axis=1)
    variance = np.empty((len(time), arms - 1, arms - 1))
    for one, share in enumerate(shares):
        for other, second in enumerate(shares[: one + 1]):
            product = (share if one == other else 0.0) - share * second
            variance[:, one, other] = variance[:, other, one] = (factor * product).sum(axis=1)
    return distance, variance
