"""Observed and expected events of each arm, and the covariance of what is between them."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import chdtrc

from trialkit.analysis.survival.tied_times import (
    counted_by_whole_times,
    distinct_codes,
    distinct_times,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.time_to_event import RankWeights


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankSums:
    """Weighted sums over the event times: ``observed``, ``expected`` (G,) and ``variance`` (G, G)."""

    observed: np.ndarray
    expected: np.ndarray
    variance: np.ndarray

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
    time: np.ndarray,
    event: np.ndarray,
    codes: np.ndarray,
    *,
    strata: np.ndarray,
    arms: int,
    weights: RankWeights,
) -> RankSums:
    """The sums over all strata: times, events, arm codes and stratum codes (n,) of ``arms`` arms.

    The variance is that of hypergeometric counts, given the margins of each event time.
    """
    at_risk, events, stratum = risk_table(time, event, codes, strata=strata, arms=arms)
    total, died = at_risk.sum(axis=1), events.sum(axis=1)
    share = at_risk / total[:, None]
    weight = _weights(died / total, stratum, weights)
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
    time: np.ndarray, event: np.ndarray, codes: np.ndarray, *, strata: np.ndarray, arms: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each arm those at risk and those with the event, (K, arms), and the stratum (K,).

    There is a row for each time of an event in each stratum, in the order of strata and times.
    """
    levels = int(strata.max(initial=0)) + 1
    counts = counted_by_whole_times(time, event, strata * arms + codes, levels * arms)
    if counts is not None:
        return _of_counts(counts.reshape(-1, levels, arms, 2))
    times, place = distinct_times(time)
    keys, row = distinct_codes(strata * len(times) + place)
    cell, size = row * arms + codes, len(keys) * arms
    ended = np.bincount(cell, minlength=size).reshape(-1, arms)
    events = np.bincount(cell, weights=event, minlength=size).reshape(-1, arms)
    stratum = keys // len(times)
    # counts of whole people: those of later strata are taken away again without rounding
    later = np.vstack([ended[::-1].cumsum(axis=0)[::-1], np.zeros((1, arms), dtype=ended.dtype)])
    at_risk = later[:-1] - later[np.searchsorted(stratum, stratum, side="right")]
    some = events.any(axis=1)
    return at_risk[some].astype(float), events[some], stratum[some]


def _of_counts(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The table of counts (K, strata, arms, 2) by whole times."""
    at_risk = counts.sum(axis=3)[::-1].cumsum(axis=0)[::-1].transpose(1, 0, 2)
    events = counts[..., 1].transpose(1, 0, 2)
    stratum, when = np.nonzero(events.any(axis=2))
    return at_risk[stratum, when].astype(float), events[stratum, when].astype(float), stratum


def _weights(share: np.ndarray, stratum: np.ndarray, weights: RankWeights) -> np.ndarray:
    """The weight of each event time (K,); Peto's is the survival of its stratum just before it."""
    found = np.ones(len(share))
    if weights is RankWeights.PETO_PETO:
        first = np.flatnonzero(np.append(True, np.diff(stratum) != 0))
        for begin, end in pairwise((*first.tolist(), len(share))):
            found[begin + 1 : end] = np.cumprod(1 - share[begin : end - 1])
    return found
