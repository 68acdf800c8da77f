"""Score tests and intervals for two independent risks, by Miettinen and Nurminen.

Each compares the observed risks with the likeliest ones that satisfy the hypothesis. The limits
are the hypotheses at which the score statistic equals the normal quantile.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import expit, logit, ndtri

from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.analysis.proportions.event_counts import ArmCount

_EDGE = 1e-13


def difference_z(
    experimental: ArmCount, reference: ArmCount, difference: float, *, small_sample: bool = True
) -> float:
    """The score statistic of the hypothesis that the risk difference is ``difference``.

    ``small_sample`` multiplies the variance by N / (N − 1) (Miettinen and Nurminen); without it the
    statistic is Mee's and Farrington and Manning's.
    """
    p1, p2 = restricted_risks(experimental, reference, difference)
    n1, n2 = experimental.n, reference.n
    variance = p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2
    if small_sample:
        variance *= (n1 + n2) / (n1 + n2 - 1)
    distance = experimental.risk - reference.risk - difference
    return _ratio(distance, variance)


def difference_limits(
    experimental: ArmCount,
    reference: ArmCount,
    *,
    conf_level: float,
    small_sample: bool = True,
) -> tuple[float, float]:
    """The risk differences that the score test just does not reject."""
    observed = experimental.risk - reference.risk
    quantile = float(-ndtri((1 - conf_level) / 2))

    def z(difference: float) -> float:
        return difference_z(experimental, reference, difference, small_sample=small_sample)

    low = _crossing(lambda d: z(d) - quantile, -1.0, observed)
    high = _crossing(lambda d: z(d) + quantile, observed, 1.0)
    return low, high


def restricted_risks(
    experimental: ArmCount, reference: ArmCount, difference: float
) -> tuple[float, float]:
    """The likeliest risks whose difference is ``difference``.

    They solve a cubic (Farrington and Manning, Stat Med 1990;9:1447-1454, appendix).
    """
    n1, n2 = experimental.n, reference.n
    theta = n2 / n1
    p1, p2 = experimental.risk, reference.risk
    s = difference
    a = 1 + theta
    b = -(1 + theta + p1 + theta * p2 + s * (theta + 2))
    c = s * s + s * (2 * p1 + theta + 1) + p1 + theta * p2
    d = -p1 * s * (1 + s)
    third = b / (3 * a)
    v = third**3 - b * c / (6 * a * a) + d / (2 * a)
    square = third**2 - c / (3 * a)
    u = float(np.copysign(np.sqrt(max(square, 0.0)), v))
    cosine = 1.0 if u == 0 else float(np.clip(v / u**3, -1.0, 1.0))
    risk1 = 2 * u * np.cos((np.pi + np.arccos(cosine)) / 3) - third
    risk1 = float(np.clip(risk1, max(0.0, s), min(1.0, 1.0 + s)))
    return risk1, float(np.clip(risk1 - s, 0.0, 1.0))


def ratio_limits(
    experimental: ArmCount, reference: ArmCount, *, conf_level: float
) -> tuple[float, float]:
    """The risk ratios that the score test just does not reject; 0 and infinity at the edges."""
    n1, n2 = experimental.n, reference.n
    x1, x2 = experimental.events, reference.events
    p1, p2 = experimental.risk, reference.risk

    def z(log_ratio: float) -> float:
        ratio = float(np.exp(log_ratio))
        a = (n1 + n2) * ratio
        b = -(n1 * ratio + x1 + n2 + x2 * ratio)
        risk2 = 2 * (x1 + x2) / (-b + np.sqrt(max(b * b - 4 * a * (x1 + x2), 0.0)))
        risk1 = ratio * risk2
        variance = risk1 * max(1 - risk1, 0.0) / n1 + ratio**2 * risk2 * max(1 - risk2, 0.0) / n2
        return _ratio(p1 - ratio * p2, variance * (n1 + n2) / (n1 + n2 - 1))

    return _log_limits(z, experimental, reference, conf_level, no_lower=x1 == 0, no_upper=x2 == 0)


def odds_ratio_limits(
    experimental: ArmCount, reference: ArmCount, *, conf_level: float
) -> tuple[float, float]:
    """The odds ratios that the score test just does not reject; 0 and infinity at the edges."""
    n1, n2 = experimental.n, reference.n
    x1, x2 = experimental.events, reference.events

    def z(log_ratio: float) -> float:
        risk2 = _risk_under_odds_ratio(log_ratio, x1 + x2, n1, n2)
        risk1 = float(expit(logit(risk2) + log_ratio))
        information = 1 / (n1 * risk1 * (1 - risk1)) + 1 / (n2 * risk2 * (1 - risk2))
        scale = np.sqrt(information * (n1 + n2 - 1) / (n1 + n2))
        return float((x1 - n1 * risk1) * scale)

    return _log_limits(
        z,
        experimental,
        reference,
        conf_level,
        no_lower=x1 == 0 or x2 == n2,
        no_upper=x2 == 0 or x1 == n1,
    )


def _risk_under_odds_ratio(log_ratio: float, events: int, n1: int, n2: int) -> float:
    """The reference risk that, with this odds ratio, expects as many events as there were."""
    excess = float(np.expm1(log_ratio))
    a, b, c = n2 * excess, n1 * float(np.exp(log_ratio)) + n2 - events * excess, -float(events)
    return float(-2 * c / (b + np.sqrt(b * b - 4 * a * c)))


def _log_limits(
    z: Callable[[float], float],
    experimental: ArmCount,
    reference: ArmCount,
    conf_level: float,
    *,
    no_lower: bool,
    no_upper: bool,
) -> tuple[float, float]:
    """Where the decreasing ``z`` crosses the quantiles, on the log scale, widening outwards."""
    events = experimental.events + reference.events
    if events in {0, experimental.n + reference.n}:
        return 0.0, np.inf
    quantile = float(-ndtri((1 - conf_level) / 2))
    low = 0.0 if no_lower else float(np.exp(_outwards(lambda u: z(u) - quantile, step=-1.0)))
    high = np.inf if no_upper else float(np.exp(_outwards(lambda u: z(u) + quantile, step=1.0)))
    return low, high


def _outwards(crossing: Callable[[float], float], *, step: float) -> float:
    """The root of a decreasing function, searched from 0 in the direction of ``step`` and back."""
    inner, outer = -step, step
    while crossing(inner) * step < 0:
        inner -= step
    while crossing(outer) * step > 0:
        outer += step
    return bracketed_root(crossing, min(inner, outer), max(inner, outer), xtol=1e-14, rtol=1e-14)


def _crossing(decreasing: Callable[[float], float], low: float, high: float) -> float:
    """The root between ``low`` and ``high``, or the end that is not rejected."""
    inner_low, inner_high = low + _EDGE, high - _EDGE
    if inner_low >= inner_high:
        return low
    at_low, at_high = decreasing(inner_low), decreasing(inner_high)
    if at_low <= 0:
        return low
    if at_high >= 0:
        return high
    return bracketed_root(decreasing, inner_low, inner_high, xtol=1e-15, rtol=1e-14)


def _ratio(distance: float, variance: float) -> float:
    """A statistic whose variance may vanish at the edge of what is possible."""
    if variance > 0:
        return float(distance / np.sqrt(variance))
    return float(np.copysign(np.inf, distance)) if distance else 0.0
