"""The Wilcoxon signed-rank test of pairs, exact with ties and zeros."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from trialkit.analysis.distributions.ranks import midranks
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.means.pair_sums import sums_of_two
from trialkit.analysis.means.permutation_distribution import signed_sums
from trialkit.analysis.means.rank_p_values import asymptotic_p, exact_p
from trialkit.analysis.means.t_tests import paired_differences
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Alternative, PairedMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRankTest:
    """A signed-rank test; ``statistic`` is the sum of the ranks of the positive differences."""

    estimate: float
    statistic: float
    z: float
    p_value: float
    conf_low: float
    conf_high: float


def signed_rank(
    second: np.ndarray,
    first: np.ndarray,
    *,
    method: PairedMethod = PairedMethod.SIGNED_RANK,
    alternative: Alternative = Alternative.TWO_SIDED,
    conf_level: float = 0.95,
) -> SignedRankTest:
    """The Wilcoxon signed-rank test of ``second − first``.

    Estimand
        The pseudo-median of the differences: the median of all Walsh averages, in the outcome's
        unit.

    Reference
        Wilcoxon F. Biometrics Bull 1945;1:80-83. Pratt JW. J Am Stat Assoc 1959;54:655-667.

    Checked against
        ``tests/reference/between/paired_sleep.json`` (R stats, coin)

    Zero differences are dropped before ranking (as R and Wilcoxon do), or ranked and then dropped
    (``wilcoxon_signed_rank_pratt``). Exact p values and limits come from the permutation
    distribution of the mid-ranks. Raises :class:`AnalysisError` for unequal lengths and where all
    differences are zero.
    """
    check_level(conf_level)
    differences = paired_differences(second, first)
    kept = (
        differences if method is PairedMethod.SIGNED_RANK_PRATT else differences[differences != 0]
    )
    if not np.any(kept != 0):
        raise AnalysisError("all differences are zero: a signed-rank test has nothing to rank")
    ranks = midranks(np.abs(kept))[kept != 0]
    positive = kept[kept != 0] > 0
    statistic = float(ranks[positive].sum())
    distance = statistic - float(ranks.sum()) / 2
    sigma = float(np.sqrt((ranks**2).sum())) / 2
    doubled = sums_of_two(kept)  # the Walsh averages
    tail = (1 - conf_level) / (2 if alternative is Alternative.TWO_SIDED else 1)
    z = distance / sigma
    if method in {PairedMethod.SIGNED_RANK, PairedMethod.SIGNED_RANK_PRATT}:
        exact = signed_sums(np.rint(2 * ranks).astype(np.int64))
        p = exact_p(exact, round(2 * statistic), alternative)
        at_step = signed_sums(np.rint(2 * midranks(np.abs(kept))).astype(np.int64))
        lowest, highest = at_step.central(tail)
        below = int(np.ceil(len(doubled) - highest / 2))
        above = int(np.floor(len(doubled) - lowest / 2)) + 1
    else:
        half = 0.5 if method is PairedMethod.SIGNED_RANK_CORRECTED else 0.0
        p, z = asymptotic_p(distance, sigma, half, alternative)
        reach = -float(ndtri(tail)) * _sigma_between_steps(kept) + half
        below = int(np.ceil(len(doubled) / 2 - reach))
        above = int(np.floor(len(doubled) / 2 + reach)) + 1
    low, high = doubled.smallest(below) / 2, doubled.smallest(above) / 2
    middle = doubled.median
    return SignedRankTest(
        estimate=(middle[0] / 2 + middle[1] / 2) / 2,
        statistic=statistic,
        z=float(z),
        p_value=p,
        conf_low=-np.inf if alternative is Alternative.LESS else low,
        conf_high=np.inf if alternative is Alternative.GREATER else high,
    )


def _sigma_between_steps(kept: np.ndarray) -> float:
    """The standard deviation at a shift where only equal differences are tied."""
    n = len(kept)
    ties = np.unique(kept, return_counts=True)[1].astype(float)
    lost = float((ties**3 - ties).sum()) / 48
    return float(np.sqrt(n * (n + 1) * (2 * n + 1) / 24 - lost))
