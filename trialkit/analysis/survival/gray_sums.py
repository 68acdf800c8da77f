"""The score of Gray's test and its covariance, in one stratum.

Names follow Gray, Ann Stat 1988;16:1141-1154: h is what an arm adds to the risk set of the
subdistribution, f the incidence of the cause, s the probability of being free of all events.
"""

import numpy as np

from trialkit.analysis.survival.tied_times import distinct_times


def gray_sums(
    time: np.ndarray, kind: np.ndarray, codes: np.ndarray, *, arms: int
) -> tuple[np.ndarray, np.ndarray]:
    """Score (G − 1,) and covariance (G − 1, G − 1) of times, kinds and arm codes (n,).

    ``kind`` is 1 of the cause, 2 of another, 0 censored. The last arm is left out of the score.
    """
    at_risk, own, other = _counts(time, kind, codes, arms=arms)
    if not len(at_risk):  # nobody of the stratum has an event of any kind
        return np.zeros(arms - 1), np.zeros((arms - 1, arms - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(at_risk > 0, 1 / at_risk, 0.0)
        free = np.cumprod(1 - (own + other) * share, axis=0)
        free_before = np.vstack([np.ones(arms), free[:-1]])
        risk = np.where(at_risk > 0, at_risk / free_before, 0.0)
        incidence = np.cumsum(free_before * own * share, axis=0)
        without = 1 - np.vstack([np.zeros(arms), incidence[:-1]])
        total_risk = risk.sum(axis=1)
        all_own = own.sum(axis=1)
        pooled = np.cumsum(all_own / total_risk)
        pooled_without = 1 - np.append(0.0, pooled[:-1])
        expected = all_own[:, None] * risk * without / (risk * without).sum(axis=1)[:, None]
        step = np.where(all_own > 0, all_own / (total_risk * pooled_without), 0.0)
        weight = -risk[:, :, None] * risk[:, None, :] / total_risk[:, None, None]
    weight[:, np.arange(arms), np.arange(arms)] += risk
    summed = np.cumsum(weight * step[:, None, None], axis=0)
    score = (own - np.where(all_own[:, None] > 0, expected, 0.0)).sum(axis=0)[:-1]
    of_cause, slope = _spread_of_cause(
        at_risk=at_risk,
        free=free,
        free_before=free_before,
        total_risk=total_risk,
        all_own=all_own,
        pooled=pooled,
    )
    of_others, other_slope = _spread_of_others(
        at_risk=at_risk, free=free, free_before=free_before, other=other, pooled=pooled
    )
    # of each arm k the score of arm i is linear in its martingales: a part now, and a part to come
    now = weight - slope[:, None, :] * summed
    later = -other_slope[:, None, :] * summed
    end = summed[-1]
    left = (now + slope[:, None, :] * end)[:, :-1]
    right = (later + other_slope[:, None, :] * end)[:, :-1]
    covariance = np.einsum("tik,tjk,tk->ij", left, left, of_cause)
    covariance += np.einsum("tik,tjk,tk->ij", right, right, of_others)
    return score, covariance


def _counts(
    time: np.ndarray, kind: np.ndarray, codes: np.ndarray, *, arms: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """At risk, with the event of the cause and with another, of each arm at each time of an event."""
    times, place = distinct_times(time)
    cell, size = place * arms + codes, len(times) * arms
    ended = np.bincount(cell, minlength=size).reshape(-1, arms)
    own = np.bincount(cell, weights=kind == 1, minlength=size).reshape(-1, arms)
    other = np.bincount(cell, weights=kind == 2, minlength=size).reshape(-1, arms)
    at_risk = ended[::-1].cumsum(axis=0)[::-1].astype(float)
    some = (own + other).any(axis=1)
    return at_risk[some], own[some], other[some]


def _spread_of_cause(
    *,
    at_risk: np.ndarray,
    free: np.ndarray,
    free_before: np.ndarray,
    total_risk: np.ndarray,
    all_own: np.ndarray,
    pooled: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The variance (T, G) that an arm's events of the cause add, and their slope (T, G)."""
    taking_part = (at_risk > 0) & (all_own > 0)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(free > 0, 1 - (1 - pooled)[:, None] / free, 1.0)
        ties = 1 - (all_own - 1)[:, None] / (total_risk[:, None] * free_before - 1)
        factor = np.where((all_own > 1)[:, None], ties, 1.0)
        spread = factor * free_before * (all_own / total_risk)[:, None] / at_risk
    return np.where(taking_part, spread, 0.0), np.where(taking_part, slope, 0.0)


def _spread_of_others(
    *,
    at_risk: np.ndarray,
    free: np.ndarray,
    free_before: np.ndarray,
    other: np.ndarray,
    pooled: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The variance (T, G) that an arm's other events add, and their slope (T, G)."""
    taking_part = (other > 0) & (free > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = -(1 - pooled)[:, None] / free
        factor = np.where(other > 1, 1 - (other - 1) / (at_risk - 1), 1.0)
        spread = factor * np.square(free_before / at_risk) * other
    return np.where(taking_part, spread, 0.0), np.where(taking_part, slope, 0.0)
