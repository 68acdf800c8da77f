"""Rank tests of independent arms, exact with ties, with the Hodges-Lehmann shift and its interval.

Exact p values come from the permutation distribution of the mid-ranks, as the R package coin
defines it: two-sided p is the probability of a rank sum at least as far from its expectation.
Ties are those of the floats, as in R: changes are taken with :func:`trialkit.decimals.difference`.
See ``docs/methods/rank_tests.md``.
"""

from dataclasses import dataclass
from typing import assert_never

import numpy as np
from scipy.special import ndtri

from trialkit.analysis.distributions import chi_squared
from trialkit.analysis.distributions.ranks import midranks
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.means.one_way import OmnibusTest
from trialkit.analysis.means.pair_sums import PairSums, differences
from trialkit.analysis.means.permutation_distribution import SumDistribution, subset_sums
from trialkit.analysis.means.rank_p_values import asymptotic_p, exact_p
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Alternative, MeansMethod

_MOST_DECIMALS = 9
_LARGEST_WHOLE = 2.0**53
_DOUBLE = 1e-10
_SINGLE = 2.0**-24  # the rounding error of a float32, by its size


@dataclass(frozen=True, slots=True, kw_only=True)
class RankTest:
    """A Mann-Whitney test; ``statistic`` is U of the experimental arm, as R's ``W``."""

    estimate: float
    statistic: float
    z: float
    p_value: float
    conf_low: float
    conf_high: float
    rank_biserial: float
    rank_biserial_conf_low: float
    rank_biserial_conf_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PermutationTest:
    """A difference of means with its exact permutation p value."""

    estimate: float
    p_value: float


def mann_whitney(
    experimental: np.ndarray,
    reference: np.ndarray,
    *,
    method: MeansMethod = MeansMethod.MANN_WHITNEY,
    alternative: Alternative = Alternative.TWO_SIDED,
    conf_level: float = 0.95,
) -> RankTest:
    """The Mann-Whitney (Wilcoxon rank sum) test, exact or asymptotic.

    Estimand
        The Hodges-Lehmann shift: the median of all differences experimental minus reference, in
        the outcome's unit; and the rank-biserial correlation, 2 P(X > Y) + P(X = Y) − 1.

    Reference
        Hodges JL, Lehmann EL. Ann Math Stat 1963;34:598-611. Bauer DF. J Am Stat Assoc
        1972;67:687-690. Hothorn T, Hornik K, van de Wiel MA, Zeileis A. J Stat Softw 2008;28(8).

    Checked against
        ``tests/reference/between/cont_sleep_unpaired.json`` (R stats, coin, effectsize)

    The interval inverts the test over shifts; with the exact method a limit is infinite where so
    few subjects cannot reach the level. Arrays are one-dimensional and without missing values.
    Raises :class:`AnalysisError` where all values are equal and where the exact distribution would
    take too long (from some 20 000 subjects on).
    """
    check_level(conf_level)
    m, n = len(experimental), len(reference)
    if min(m, n) < 1:
        raise AnalysisError(f"a rank test needs a subject in each arm, got {m} and {n}")
    ranks = midranks(np.concatenate([experimental, reference]))
    if np.ptp(ranks) == 0:
        raise AnalysisError("all values are equal: a rank test has nothing to order")
    u = float(ranks[:m].sum() - m * (m + 1) / 2)
    sigma = _tied_sigma(np.unique(ranks, return_counts=True)[1], m, n)
    shifts = differences(experimental, reference)
    z = (u - m * n / 2) / sigma
    if method is MeansMethod.MANN_WHITNEY:
        exact = subset_sums(np.rint(2 * ranks).astype(np.int64), m)
        p = exact_p(exact, round(2 * float(ranks[:m].sum())), alternative)
        low, high = _exact_limits(shifts, exact, m, alternative, conf_level)
    else:
        half = 0.5 if method is MeansMethod.MANN_WHITNEY_CORRECTED else 0.0
        p, z = asymptotic_p(u - m * n / 2, sigma, half, alternative)
        # at a shift that ties no subject with one of the other arm
        within = _tied_sigma(np.concatenate([shifts.row_counts, shifts.column_counts]), m, n)
        low, high = _asymptotic_limits(shifts, within, half, alternative, conf_level)
    biserial, biserial_low, biserial_high = _rank_biserial(u, m, n, conf_level)
    below, above = shifts.median
    return RankTest(
        estimate=(below + above) / 2,
        statistic=u,
        z=float(z),
        p_value=float(p),
        conf_low=low,
        conf_high=high,
        rank_biserial=biserial,
        rank_biserial_conf_low=biserial_low,
        rank_biserial_conf_high=biserial_high,
    )


def permutation_of_means(
    experimental: np.ndarray,
    reference: np.ndarray,
    *,
    alternative: Alternative = Alternative.TWO_SIDED,
) -> PermutationTest:
    """The exact permutation test of a difference in means, ignoring how subjects were allocated.

    Estimand
        Mean under ``experimental`` minus mean under ``reference``, in the outcome's unit.

    Reference
        Fisher RA. The Design of Experiments, 1935, section 21; counted by the shift algorithm.

    Checked against
        ``tests/reference/between/cont_sleep_unpaired.json`` (R coin)

    All values must be multiples of one decimal step, such as 0.001: their sums are counted as
    integers. A trial randomised in blocks or strata has its own test, ``rerandomisation``.
    Raises :class:`AnalysisError` where they share no such step, where all are equal, and where the
    counting would take too long.
    """
    values = _as_integers(np.concatenate([experimental, reference]))
    if np.ptp(values) == 0:
        raise AnalysisError("all values are equal: a permutation test has nothing to permute")
    exact = subset_sums(values, len(experimental))
    total = int(values[: len(experimental)].sum())
    return PermutationTest(
        estimate=float(np.mean(experimental) - np.mean(reference)),
        p_value=exact_p(exact, total, alternative),
    )


def kruskal_wallis(values: tuple[np.ndarray, ...]) -> OmnibusTest:
    """The Kruskal-Wallis test, corrected for ties, against chi-square.

    Estimand
        Whether any arm's distribution lies elsewhere: the mean ranks are equal.

    Reference
        Kruskal WH, Wallis WA. J Am Stat Assoc 1952;47:583-621.

    Checked against
        ``tests/reference/between/kgroup_anorexia_change.json`` (R stats::kruskal.test)

    Each array is one arm, without missing values. Raises :class:`AnalysisError` for an arm without
    subjects and where all values are equal.
    """
    counts = np.array([len(each) for each in values])
    if len(counts) < 2 or counts.min() < 1:
        raise AnalysisError(f"a Kruskal-Wallis test needs subjects in each arm, got {counts}")
    ranks = midranks(np.concatenate(values))
    if np.ptp(ranks) == 0:
        raise AnalysisError("all values are equal: a rank test has nothing to order")
    total = int(counts.sum())
    sums = np.array([part.sum() for part in np.split(ranks, np.cumsum(counts)[:-1])])
    spread = float(((ranks - (total + 1) / 2) ** 2).sum()) / (total - 1)
    statistic = float((counts * (sums / counts - (total + 1) / 2) ** 2).sum()) / spread
    df = len(counts) - 1
    return OmnibusTest(
        method=MeansMethod.KRUSKAL_WALLIS,
        statistic=statistic,
        df=float(df),
        p_value=float(chi_squared.sf(statistic, df)),
    )


def _exact_limits(
    shifts: PairSums,
    exact: SumDistribution,
    m: int,
    alternative: Alternative,
    conf_level: float,
) -> tuple[float, float]:
    """The shifts at which the rank sum leaves the middle of its permutation distribution.

    Just right of its k-th smallest difference a shift has U = mn − k. Where even the most extreme
    division of the mid-ranks is no rarer than ``tail``, no shift is rejected on that side.
    """
    tail = (1 - conf_level) / (2 if alternative is Alternative.TWO_SIDED else 1)
    offset = m * (m + 1) / 2
    lowest, highest = exact.central(tail)
    mn = len(shifts)
    low, high = -np.inf, np.inf
    if highest < exact.end:
        low = shifts.smallest(int(np.ceil(mn - (highest / 2 - offset))))
    if lowest > exact.start:
        high = shifts.smallest(int(np.floor(mn - (lowest / 2 - offset))) + 1)
    return _one_sided(low, high, alternative)


def _asymptotic_limits(
    shifts: PairSums,
    sigma: float,
    half: float,
    alternative: Alternative,
    conf_level: float,
) -> tuple[float, float]:
    tail = (1 - conf_level) / (2 if alternative is Alternative.TWO_SIDED else 1)
    reach = -float(ndtri(tail)) * sigma + half
    mn = len(shifts)
    below = int(np.ceil(mn / 2 - reach))
    above = int(np.floor(mn / 2 + reach)) + 1
    return _one_sided(shifts.smallest(below), shifts.smallest(above), alternative)


def _one_sided(low: float, high: float, alternative: Alternative) -> tuple[float, float]:
    match alternative:
        case Alternative.TWO_SIDED:
            return low, high
        case Alternative.LESS:
            return -np.inf, high
        case Alternative.GREATER:
            return low, np.inf
        case _:
            assert_never(alternative)


def _tied_sigma(ties: np.ndarray, m: int, n: int) -> float:
    """The standard deviation of U, given how many subjects share each value."""
    total = m + n
    shared = ties.astype(float)
    lost = float((shared**3 - shared).sum()) / (total * (total - 1))
    return float(np.sqrt(m * n / 12 * (total + 1 - lost)))


def _rank_biserial(u: float, m: int, n: int, conf_level: float) -> tuple[float, float, float]:
    """Kerby's rank-biserial correlation with the interval by Fisher's transformation."""
    r = 2 * u / (m * n) - 1
    if abs(r) == 1:
        return r, r, r
    reach = -float(ndtri((1 - conf_level) / 2)) * np.sqrt((m + n + 1) / (3 * m * n))
    return r, float(np.tanh(np.arctanh(r) - reach)), float(np.tanh(np.arctanh(r) + reach))


def _as_integers(values: np.ndarray) -> np.ndarray:
    """The values as whole multiples of the coarsest decimal step that they share.

    Numbers of single precision are 80.2 only to seven digits, all others to sixteen.
    """
    largest = float(np.max(np.abs(values))) if len(values) else 0.0
    if largest >= _LARGEST_WHOLE:
        raise AnalysisError(
            f"the values reach {largest:g}, where whole numbers are no longer told apart: an exact "
            "permutation test of means cannot count them; give the outcome in a larger unit"
        )
    single = bool(np.all(values == values.astype(np.float32)))
    precision = _SINGLE if single else _DOUBLE
    for decimals in range(_MOST_DECIMALS + 1):
        scaled = values * 10.0**decimals
        whole = np.rint(scaled)
        noise = precision * max(largest * 10.0**decimals, 1.0)
        if np.all(np.abs(scaled - whole) <= min(noise, 0.01)):
            return np.asarray(whole, dtype=np.int64)
    raise AnalysisError(
        f"the values share no decimal step down to 1e-{_MOST_DECIMALS}; an exact permutation test "
        "of means counts sums of whole steps: use the re-randomisation test, or a rank test"
    )
