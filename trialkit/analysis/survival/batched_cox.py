"""Cox regressions of arms in many data sets of one shape at once, for simulation.

The single model is :func:`cox_regression` with Efron's ties; this one agrees with it.
"""

import numpy as np

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.linear.contrasts import t_critical, t_p_value
from trialkit.analysis.means.batched_means import BatchedContrasts
from trialkit.analysis.survival.batched_risk_sets import (
    CELLS,
    BatchedRiskSets,
    batched_risk_sets,
    checked_times,
)

MOST_STEPS = 60
SMALL = 1e-9
FARTHEST = 25.0
"""No log hazard ratio of a data set with a finite estimate comes as far."""


@one_thread()
def cox_batch(
    time: np.ndarray, event: np.ndarray, groups: np.ndarray, *, conf_level: float = 0.95
) -> BatchedContrasts:
    """The log hazard ratio of each arm and the first in each of R data sets.

    Estimand
        As ``cox_regression`` without covariates, for each replicate, on the logarithm.

    Reference
        As ``cox_regression``, ties after Efron.

    Checked against
        ``tests/reference/survival/MASS_gehan.json``

    ``time`` and ``event`` have the shape (R, subjects), NaN times where not observed; ``groups``
    number the arm of each subject from 0. Times are tied if they are equal. Tests and limits are
    Wald's. A data set in which a ratio is 0 or infinite is not usable, and has NaN. Raises
    :class:`AnalysisError` for shapes that do not fit and for negative times.
    """
    check_level(conf_level)
    time, event, arms = checked_times(time, event, groups)
    step = max(1, CELLS // time.shape[1])
    parts = [
        _fitted(batched_risk_sets(time[rows], event[rows]), groups, arms)
        for rows in (slice(first, first + step) for first in range(0, len(time), step))
    ]
    estimate, se = (np.concatenate(each) for each in zip(*parts, strict=True))
    statistic = estimate / se
    reach = t_critical(conf_level, np.inf) * se
    return BatchedContrasts(
        estimate=estimate,
        se=se,
        df=np.full(estimate.shape, np.inf),
        statistic=statistic,
        p_value=t_p_value(statistic, np.inf),
        conf_low=estimate - reach,
        conf_high=estimate + reach,
        usable=np.isfinite(estimate),
    )


def _fitted(sets: BatchedRiskSets, groups: np.ndarray, arms: int) -> tuple[np.ndarray, np.ndarray]:
    """Log hazard ratios and standard errors (R, arms − 1)."""
    share = np.divide(sets.rank, sets.tied, out=np.zeros(sets.died.shape), where=sets.died)
    counts = np.empty((arms, *sets.died.shape))
    happened = np.empty((len(sets.died), arms - 1))
    for arm in range(arms):
        mine = groups == arm
        at_risk, tied = sets.of(mine)
        # of those with an event at one time, the share that came before is no longer at risk
        counts[arm] = np.where(sets.died, at_risk - share * tied, 0.0)
        if arm:
            happened[:, arm - 1] = (sets.died & mine[sets.order]).sum(axis=1)
    kept = sets.died.any(axis=0)
    counts, events = counts[:, :, kept], sets.died[:, kept]
    at = np.zeros(happened.shape)
    estimate, se = np.full(happened.shape, np.nan), np.full(happened.shape, np.nan)
    active = np.arange(len(at))
    for _ in range(MOST_STEPS):
        gradient, information = _slopes(at[active], counts[:, active], events[active])
        gradient = happened[active] - gradient
        spread = np.linalg.eigvalsh(information)[:, 0] > 1e-12
        safe = np.where(spread[:, None, None], information, np.eye(arms - 1))
        step = np.linalg.solve(safe, gradient[:, :, None])[:, :, 0]
        # the likelihood is concave: steps of at most 2 cannot leave its maximum behind for good
        at[active] += np.clip(step, -2.0, 2.0)
        ended = spread & (np.abs(step).max(axis=1) < SMALL)
        done = active[ended]
        if len(done):
            estimate[done] = at[done]
            covariance = np.linalg.inv(safe[ended])
            se[done] = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
        lost = ~spread | (np.abs(at[active]) > FARTHEST).any(axis=1)
        active = active[~ended & ~lost]
        if not len(active):
            break
    return estimate, se


def _slopes(
    at: np.ndarray, counts: np.ndarray, events: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The events that are expected of each arm but the first (R, G − 1), and the information."""
    arms = len(counts)
    weights = [np.exp(at[:, arm - 1 : arm]) * counts[arm] for arm in range(1, arms)]
    total = np.where(events, counts[0] + sum(weights), 1.0)
    shares = [each / total for each in weights]
    expected = np.stack([each.sum(axis=1) for each in shares], axis=1)
    information = np.empty((len(at), arms - 1, arms - 1))
    for one, share in enumerate(shares):
        for other, second in enumerate(shares[: one + 1]):
            product = (share if one == other else 0.0) - share * second
            information[:, one, other] = information[:, other, one] = product.sum(axis=1)
    return expected, information
