"""Logistic regressions of arms in many data sets of one shape at once, for simulation.

Without covariates a data set is its counts, and all of the single model has a closed form: the
maximum, Firth's (a half is added to each cell), and the likelihood at any odds ratio. Only the
limits of the profile are searched for, of all different tables together.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, chdtri, xlogy

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.linear.contrasts import t_critical, t_p_value
from trialkit.analysis.means.batched_means import BatchedContrasts
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import RatioLimits, WhenSeparated
from trialkit.protocol.tables.choices import choose

_WIDEST = 60.0
"""A log odds ratio so far from the estimate is beyond every limit."""
_HALVINGS = 70


@one_thread()
def logistic_batch(
    values: np.ndarray,
    groups: np.ndarray,
    *,
    limits: RatioLimits | str = RatioLimits.PROFILE,
    when_separated: WhenSeparated | str = WhenSeparated.FIRTH,
    conf_level: float = 0.95,
) -> BatchedContrasts:
    """The log odds ratio of each arm and the first in each of R data sets.

    Estimand
        As ``logistic_regression`` without covariates, for each replicate, on the logarithm.

    Reference
        As ``logistic_regression``.

    Checked against
        ``tests/reference/binary/binary_indo_rct.json`` (by way of ``logistic_regression``)

    ``values`` (R, subjects) are 1 and 0, NaN where not observed; ``groups`` number the arms from 0.
    Where nobody or everybody of an arm has the event, all arms have Firth's estimates, or (``likelihood``)
    the data set is not usable; nor is one in which nobody or everybody has it, or an arm has no values.
    Raises :class:`AnalysisError` for shapes that do not fit and for other values.
    """
    check_level(conf_level)
    on = choose(RatioLimits, limits, parameter="limits")
    separated = choose(WhenSeparated, when_separated, parameter="when_separated")
    had, of = _counted(np.asarray(values, dtype=float), np.asarray(groups))
    tables, which = np.unique(np.concatenate([had, of], axis=1), axis=0, return_inverse=True)
    arms = had.shape[1]
    found = _fitted(tables[:, :arms], tables[:, arms:], on, separated, conf_level)
    estimate, se, statistic, p_value, low, high = (each[which.reshape(-1)] for each in found)
    return BatchedContrasts(
        estimate=estimate,
        se=se,
        df=np.full(estimate.shape, np.inf if on is RatioLimits.WALD else 1.0),
        statistic=statistic,
        p_value=p_value,
        conf_low=low,
        conf_high=high,
        usable=np.isfinite(estimate),
    )


def _counted(values: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many of each arm had the event, and of how many that is known (R, arms)."""
    if values.ndim != 2 or groups.shape != values.shape[1:]:
        raise AnalysisError(
            "values must be of shape (data sets, subjects), and groups one number a subject, got "
            f"{values.shape} and {groups.shape}"
        )
    seen = ~np.isnan(values)
    if not np.isin(values[seen], (0.0, 1.0)).all():
        raise AnalysisError("values must be 1 (event) and 0 (none), or NaN where not observed")
    arms = int(groups.max(initial=0)) + 1
    if arms < 2:
        raise AnalysisError("groups must number two arms or more, from 0, the reference")
    own = [groups == arm for arm in range(arms)]
    had = np.stack([(values[:, each] == 1).sum(axis=1) for each in own], axis=1)
    return had, np.stack([seen[:, each].sum(axis=1) for each in own], axis=1)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class _Tables:
    """Counts of two arms in T tables, (T,) each, with a half more in each cell where Firth's are meant."""

    had: tuple[np.ndarray, np.ndarray]
    of: tuple[np.ndarray, np.ndarray]

    def log_likelihood(self, log_odds_ratio: np.ndarray) -> np.ndarray:
        """The highest likelihood at an odds ratio: the risks that have it and add up to the events."""
        (y0, y1), (n0, n1) = self.had, self.of
        total, above = y0 + y1, np.expm1(np.abs(log_odds_ratio))
        # the arm with the higher odds is second, so that the ratio is 1 or more
        turned = log_odds_ratio < 0
        n, m = np.where(turned, n1, n0), np.where(turned, n0, n1)
        a, b = n * above, n + m * (1 + above) - total * above
        root = np.sqrt(b**2 + 4 * a * total)
        low = np.where(b > 0, 2 * total / (b + root), (root - b) / np.where(a > 0, 2 * a, 1.0))
        high = low * (1 + above) / (1 + low * above)
        p0, p1 = np.where(turned, high, low), np.where(turned, low, high)
        return np.asarray(
            xlogy(y0, p0) + xlogy(n0 - y0, 1 - p0) + xlogy(y1, p1) + xlogy(n1 - y1, 1 - p1)
        )


Fitted = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _fitted(
    had: np.ndarray,
    of: np.ndarray,
    limits: RatioLimits,
    when_separated: WhenSeparated,
    conf_level: float,
) -> Fitted:
    """Estimate, standard error, statistic, p and limits of tables (T, arms), each (T, arms − 1)."""
    events, people = had.sum(axis=1), of.sum(axis=1)
    usable = (of > 0).all(axis=1) & (events > 0) & (events < people)
    edge = ((had == 0) | (had == of)).any(axis=1)
    if when_separated is not WhenSeparated.FIRTH:
        usable &= ~edge
    more = np.where(edge, 0.5, 0.0)[:, None]
    y, n = np.where(usable[:, None], had + more, 1.0), np.where(usable[:, None], of + 2 * more, 2.0)
    risk = y / n
    logits = np.log(y / (n - y))
    spread = 1 / (np.where(usable[:, None], of, 2.0) * risk * (1 - risk))
    estimate = logits[:, 1:] - logits[:, :1]
    se = np.sqrt(spread[:, 1:] + spread[:, :1])
    if limits is RatioLimits.WALD:
        statistic = estimate / se
        reach = t_critical(conf_level, np.inf) * se
        p_value, low, high = t_p_value(statistic, np.inf), estimate - reach, estimate + reach
    else:
        statistic, low, high = _profiled(estimate, y, n, conf_level)
        p_value = chdtrc(1, statistic)
    lost = np.where(usable[:, None], 0.0, np.nan)
    found = (estimate, se, statistic, p_value, low, high)
    estimate, se, statistic, p_value, low, high = (each + lost for each in found)
    return estimate, se, statistic, p_value, low, high


def _profiled(
    estimate: np.ndarray, had: np.ndarray, of: np.ndarray, conf_level: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The likelihood ratio statistic and the limits of the profile, each (T, arms − 1)."""
    statistic, low, high = (np.empty(estimate.shape) for _ in range(3))
    fall = float(chdtri(1, 1 - conf_level)) / 2
    for arm in range(estimate.shape[1]):
        tables = _Tables(had=(had[:, 0], had[:, arm + 1]), of=(of[:, 0], of[:, arm + 1]))
        at = estimate[:, arm]
        top = tables.log_likelihood(at)
        statistic[:, arm] = np.maximum(2 * (top - tables.log_likelihood(np.zeros_like(at))), 0.0)
        low[:, arm] = _limit(tables, at, -1.0, top - fall)
        high[:, arm] = _limit(tables, at, 1.0, top - fall)
    return statistic, low, high


def _limit(tables: _Tables, at: np.ndarray, side: float, level: np.ndarray) -> np.ndarray:
    """Where the likelihood falls to the level on one side of the estimate, by halving."""
    near, far = np.zeros_like(at), np.full_like(at, _WIDEST)
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        above = tables.log_likelihood(at + side * middle) > level
        near, far = np.where(above, middle, near), np.where(above, far, middle)
    return np.asarray(at + side * (near + far) / 2)
