"""Observed and expected events of each arm, and the covariance of what is between them."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from trialkit.analysis.survival.tied_times import distinct_times
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.time_to_event import RankWeights


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankSums:
    """Weighted sums over the event times: ``observed``, ``expected`` (G,) and ``variance`` (G, G)."""

    observed: np.ndarray
    expected: np.ndarray
    variance: np.ndarray

    def plus(self, other: "RankSums") -> "RankSums":
        """The sums of two strata together."""
        return RankSums(
            observed=self.observed + other.observed,
            expected=self.expected + other.expected,
            variance=self.variance + other.variance,
        )

    def chi_square(self) -> tuple[float, int, float]:
        """The statistic, its degrees of freedom and p.

        Arms that nobody expected an event of, since all were censored before the first, do not
        count. Raises :class:`AnalysisError` where no event can tell one arm from another.
        """
        taking_part = np.flatnonzero(self.expected > 0)[:-1]
        covariance = self.variance[np.ix_(taking_part, taking_part)]
        df = int(np.linalg.matrix_rank(covariance)) if len(taking_part) else 0
        if df == 0:
            raise AnalysisError(
                "no event happened while subjects of two arms were at risk: nothing tells the arms "
                "apart",
                advice="look at the curves, or follow the subjects for longer",
            )
        distance = (self.observed - self.expected)[taking_part]
        solved = np.linalg.lstsq(covariance, distance, rcond=None)[0]
        statistic = float(distance @ solved)
        return statistic, df, float(chdtrc(df, statistic))


def rank_sums(
    time: np.ndarray, event: np.ndarray, codes: np.ndarray, *, arms: int, weights: RankWeights
) -> RankSums:
    """The sums of one stratum: times, events and arm codes (n,) of ``arms`` arms.

    The variance is that of hypergeometric counts, given the margins of each event time.
    """
    at_risk, events = risk_table(time, event, codes, arms=arms)
    total, died = at_risk.sum(axis=1), events.sum(axis=1)
    share = at_risk / total[:, None]
    weight = _weights(total, died, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(total > 1, died * (total - died) / (total - 1), 0.0)
    factor = np.square(weight) * spread
    weighted = share * factor[:, None]
    return RankSums(
        observed=weight @ events,
        expected=(weight * died) @ share,
        variance=np.diag(weighted.sum(axis=0)) - share.T @ weighted,
    )


def risk_table(
    time: np.ndarray, event: np.ndarray, codes: np.ndarray, *, arms: int
) -> tuple[np.ndarray, np.ndarray]:
    """Those at risk and those with the event, of each arm at each time of an event, (K, arms)."""
    times, place = distinct_times(time)
    cell = place * arms + codes
    size = len(times) * arms
    ended = np.bincount(cell, minlength=size).reshape(-1, arms)
    events = np.bincount(cell, weights=event, minlength=size).reshape(-1, arms)
    at_risk = ended[::-1].cumsum(axis=0)[::-1].astype(float)
    some = events.any(axis=1)
    return at_risk[some], events[some]


def _weights(total: np.ndarray, died: np.ndarray, weights: RankWeights) -> np.ndarray:
    """The weight of each event time (K,); Peto's is the survival of all just before it."""
    if weights is RankWeights.LOG_RANK:
        return np.ones(len(total))
    return np.concatenate([np.ones(1), np.cumprod(1 - died / total)[:-1]])[: len(total)]
