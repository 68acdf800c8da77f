"""The probability that a participant of one arm has the higher value, with Brunner and Munzel's limits.

It says of a scale with few values, or any two distributions, what a shift cannot: where most values
are tied the Hodges-Lehmann shift is 0 with the limits 0 and 0, whatever the ranks show. See
``docs/methods/rank_tests.md``.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from trialkit.analysis.distributions.ranks import midranks
from trialkit.analysis.frames.groups import check_level
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Alternative
from trialkit.protocol.tables.choices import choose


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbabilityOfSuperiority:
    """P(X > Y) + P(X = Y) / 2, from 0 to 1; 0.5 is no effect."""

    estimate: float
    se: float
    df: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float


def probability_of_superiority(
    experimental: np.ndarray,
    reference: np.ndarray,
    *,
    alternative: Alternative | str = Alternative.TWO_SIDED,
    conf_level: float = 0.95,
) -> ProbabilityOfSuperiority:
    """How likely a participant of the experimental arm has the higher value, ties counted half.

    Estimand
        P(X > Y) + P(X = Y) / 2, X under ``experimental`` and Y under ``reference``.

    Reference
        Brunner E, Munzel U. Biom J 2000;42:17-25. Neubert K, Brunner E. Comput Stat Data Anal
        2007;51:5192-5204.

    Checked against
        ``tests/reference/ordinal/brunner_munzel.json`` (R, closed forms)

    The limits are of t with Satterthwaite's degrees of freedom, and allow unequal variances; they
    are cut at 0 and 1. Where each arm's placements are all alike (every value of one arm above
    every one of the other, say) there is no variance: the statistic is infinite and the limits
    equal the estimate. Arrays are one-dimensional and without missing values. Raises
    :class:`AnalysisError` for an arm of less than two, where all values are equal, and for an
    unknown ``alternative``.
    """
    side = choose(Alternative, alternative, parameter="alternative")
    check_level(conf_level)
    m, n = len(experimental), len(reference)
    if min(m, n) < 2:
        raise AnalysisError(
            f"Brunner and Munzel's limits need two subjects an arm, got {m} and {n}"
        )
    pooled = midranks(np.concatenate([experimental, reference]))
    if np.ptp(pooled) == 0:
        raise AnalysisError("all values are equal: nobody has the higher one")
    # how many of the other arm each value exceeds, ties counted half
    above = pooled[:m] - midranks(experimental)
    beside = pooled[m:] - midranks(reference)
    estimate = float(above.mean() / n)
    parts = np.array([above.var(ddof=1) / (m * n**2), beside.var(ddof=1) / (n * m**2)])
    variance = float(parts.sum())
    if variance == 0:
        return _certain(estimate, side)
    df = float(variance**2 / (parts[0] ** 2 / (m - 1) + parts[1] ** 2 / (n - 1)))
    se = float(np.sqrt(variance))
    statistic = (estimate - 0.5) / se
    tails = 2 if side is Alternative.TWO_SIDED else 1
    reach = -float(stdtrit(df, (1 - conf_level) / tails)) * se
    return ProbabilityOfSuperiority(
        estimate=estimate,
        se=se,
        df=df,
        statistic=statistic,
        p_value=_p_value(statistic, df, side),
        conf_low=0.0 if side is Alternative.LESS else max(estimate - reach, 0.0),
        conf_high=1.0 if side is Alternative.GREATER else min(estimate + reach, 1.0),
    )


def _p_value(statistic: float, df: float, alternative: Alternative) -> float:
    below = float(stdtr(df, statistic))
    above = float(stdtr(df, -statistic))
    if alternative is Alternative.TWO_SIDED:
        return min(2 * min(below, above), 1.0)
    return below if alternative is Alternative.LESS else above


def _certain(estimate: float, alternative: Alternative) -> ProbabilityOfSuperiority:
    """What placements without any variance say: the arms are apart, or alike in every value."""
    distance = estimate - 0.5
    statistic = float(np.copysign(np.inf, distance)) if distance else 0.0
    p = {Alternative.LESS: distance >= 0, Alternative.GREATER: distance <= 0}.get(
        alternative, distance == 0
    )
    return ProbabilityOfSuperiority(
        estimate=estimate,
        se=0.0,
        df=np.inf,
        statistic=statistic,
        p_value=float(p),
        conf_low=0.0 if alternative is Alternative.LESS else estimate,
        conf_high=1.0 if alternative is Alternative.GREATER else estimate,
    )
