"""Proportional odds of many data sets of one shape at once, for simulation.

The method is in ``docs/methods/ordinal.md``. Without covariates a data set is its table of arms and
levels: all tables take Newton's steps together, and each agrees with ``proportional_odds``.
"""

import numpy as np
from scipy.special import expit

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.linear.contrasts import t_critical, t_p_value
from trialkit.analysis.means.batched_means import BatchedContrasts
from trialkit.errors import AnalysisError

MOST_STEPS = 60
SMALL = 1e-9
FARTHEST = 25.0
"""No log odds ratio of a table with a finite estimate comes as far."""


@one_thread()
def proportional_odds_batch(
    values: np.ndarray, groups: np.ndarray, *, conf_level: float = 0.95
) -> BatchedContrasts:
    """The log odds ratio of each arm and the reference in each of R data sets.

    Estimand
        As ``proportional_odds`` without covariates, for each replicate, on the logarithm.

    Reference
        As ``proportional_odds``.

    Checked against
        ``tests/reference/ordinal/ordinal_pgic_simulated.json``

    ``values`` number the levels, floats of shape (R, subjects) with NaN where not observed;
    ``groups`` number the subjects' arms from 0, the reference. Standard errors are by the observed
    information, tests and limits Wald's. A data set is not usable where an arm has nobody, all are
    at one level, or an arm has no finite odds ratio.

    Raises ``AnalysisError`` for shapes that do not fit, and for fewer than two arms.
    """
    check_level(conf_level)
    tables = _tables(np.asarray(values, dtype=float), np.asarray(groups))
    sets, arms, _ = tables.shape
    estimate = np.full((sets, arms - 1), np.nan)
    se = np.full((sets, arms - 1), np.nan)
    present = tables.sum(axis=1) > 0
    has_arms = (tables.sum(axis=2) > 0).all(axis=1)
    patterns, which = np.unique(present, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        own = np.flatnonzero((which.reshape(-1) == number) & has_arms)
        if pattern.sum() >= 2 and len(own):
            estimate[own], se[own] = _fitted(tables[own][:, :, pattern].astype(float))
    usable = np.isfinite(estimate)
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
        usable=usable,
    )


def _tables(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """How many of each arm are at each level: (R, arms, levels)."""
    if values.ndim != 2 or groups.shape != values.shape[1:]:
        raise AnalysisError(
            "values must be of shape (data sets, subjects), and groups one number a subject, got "
            f"{values.shape} and {groups.shape}"
        )
    levels = np.unique(values[~np.isnan(values)])
    arms = int(groups.max(initial=0)) + 1
    if arms < 2:
        raise AnalysisError("groups must number two arms or more, from 0, the reference")
    table = np.zeros((len(values), arms, len(levels)), dtype=int)
    for arm in range(arms):
        own = values[:, groups == arm]
        for place, level in enumerate(levels):
            table[:, arm, place] = (own == level).sum(axis=1)
    return table


def _fitted(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log odds ratios and standard errors (R, arms − 1) of tables without an empty level."""
    sets, arms, levels = counts.shape
    below = counts.sum(axis=1).cumsum(axis=1)
    share = below[:, :-1] / below[:, -1:]
    at = np.concatenate([np.log(share / (1 - share)), np.zeros((sets, arms - 1))], axis=1)
    estimate = np.full((sets, arms - 1), np.nan)
    se = np.full((sets, arms - 1), np.nan)
    active = np.arange(sets)
    level = _log_likelihood(at, counts, levels)
    for _ in range(MOST_STEPS):
        gradient, information = _slopes(at[active], counts[active], levels)
        step = np.linalg.solve(information, gradient[:, :, None])[:, :, 0]
        moved, reached = _climbed(at[active], step, counts[active], level[active])
        at[active], level[active] = moved, reached
        ended = np.abs(step).max(axis=1) < SMALL
        if ended.any():
            done = active[ended]
            covariance = np.linalg.inv(_slopes(at[done], counts[done], levels)[1])
            estimate[done] = at[done, levels - 1 :]
            se[done] = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2)[:, levels - 1 :])
        lost = (np.abs(at[active, levels - 1 :]) > FARTHEST).any(axis=1)
        active = active[~ended & ~lost]
        if not len(active):
            break
    return estimate, se


def _climbed(
    at: np.ndarray, step: np.ndarray, counts: np.ndarray, level: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Where the steps lead, each halved until it does not lead down."""
    by = np.ones(len(at))
    moved, reached = at, level
    for _ in range(40):
        moved = at + by[:, None] * step
        reached = _log_likelihood(moved, counts, counts.shape[2])
        fell = ~(reached >= level - 1e-12 * (1 + np.abs(level)))
        if not fell.any():
            break
        by[fell] /= 2
    return moved, reached


def _shares(at: np.ndarray, arms: int, levels: int) -> tuple[np.ndarray, np.ndarray]:
    """P(Y ≤ k) at each threshold (R, arms, levels − 1), and the share at each level."""
    effect = np.concatenate([np.zeros((len(at), 1)), at[:, levels - 1 :]], axis=1)
    upto = expit(at[:, None, : levels - 1] - effect[:, :, None])
    ends = np.zeros((len(at), arms, 1))
    return upto, np.diff(np.concatenate([ends, upto, ends + 1], axis=2), axis=2)


def _log_likelihood(at: np.ndarray, counts: np.ndarray, levels: int) -> np.ndarray:
    _, share = _shares(at, counts.shape[1], levels)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(counts > 0, counts * np.log(share), 0.0)
    total: np.ndarray = np.where(np.isnan(each), -np.inf, each).sum(axis=(1, 2))
    return total


def _slopes(at: np.ndarray, counts: np.ndarray, levels: int) -> tuple[np.ndarray, np.ndarray]:
    """The gradient (R, p) and the observed information (R, p, p), thresholds before arms."""
    sets, arms, _ = counts.shape
    upto, share = _shares(at, arms, levels)
    share = np.maximum(share, 1e-300)
    density = upto * (1 - upto)
    one = counts / share
    two = one / share
    pull = one[:, :, :-1] - one[:, :, 1:]
    gradient = density * pull
    cuts = levels - 1
    bend = np.zeros((sets, arms, cuts, cuts))
    on = np.arange(cuts)
    bend[:, :, on, on] = (
        density**2 * (two[:, :, :-1] + two[:, :, 1:]) - density * (1 - 2 * upto) * pull
    )
    beside = -density[:, :, :-1] * density[:, :, 1:] * two[:, :, 1:-1]
    bend[:, :, on[:-1], on[1:]] = beside
    bend[:, :, on[1:], on[:-1]] = beside
    size = cuts + arms - 1
    information = np.zeros((sets, size, size))
    information[:, :cuts, :cuts] = bend.sum(axis=1)
    across = -bend.sum(axis=3)[:, 1:, :]
    information[:, :cuts, cuts:] = np.swapaxes(across, 1, 2)
    information[:, cuts:, :cuts] = across
    arm = np.arange(cuts, size)
    information[:, arm, arm] = bend.sum(axis=(2, 3))[:, 1:]
    whole = np.concatenate([gradient.sum(axis=1), -gradient.sum(axis=2)[:, 1:]], axis=1)
    return whole, information
