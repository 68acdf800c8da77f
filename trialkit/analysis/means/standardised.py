"""Standardised mean differences: Cohen's d, Hedges' g, Glass's delta, with exact intervals.

The interval inverts the noncentral t distribution. Its tail areas are computed here, by the
trapezoidal rule over the logarithm of the chi density, because ``scipy.stats.nct`` returns NaN in
places (t = −2.06, 24 degrees of freedom, noncentrality 12) and loses the right tail to
cancellation. See ``docs/methods/standardised_differences.md``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from scipy.special import gammaln, ndtr

from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Standardiser
from trialkit.protocol.tables.choices import choose

_NEGLIGIBLE = 80.0  # e^-80 of the peak: what lies beyond adds less than rounding does


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardisedDifference:
    """A mean difference in standard deviations, with its interval."""

    estimate: float
    conf_low: float
    conf_high: float
    conf_level: float
    standardiser: Standardiser
    corrected: bool
    df: float


def hedges_correction(df: float) -> float:
    """The exact factor that takes the small-sample bias from Cohen's d (Hedges 1981)."""
    if not df > 1:
        raise AnalysisError(
            f"Hedges' correction needs more than 1 degree of freedom, got {df:g}; "
            "with so few subjects no standardised difference can be corrected"
        )
    return float(np.exp(gammaln(df / 2) - np.log(df / 2) / 2 - gammaln((df - 1) / 2)))


def noncentral_t_interval(t: float, *, df: float, conf_level: float) -> tuple[float, float]:
    """The noncentralities for which an observed ``t`` is at either limit of plausibility.

    Either tail is integrated by itself, so that a small one keeps its relative accuracy.
    """
    if not (np.isfinite(t) and df > 0):
        raise AnalysisError(f"no noncentral t interval for t={t}, df={df}")
    tail = (1 - conf_level) / 2
    scale, weight = _chi_nodes(df, abs(t))

    def too_much(nc: float) -> float:
        return float(weight @ ndtr(nc - t * scale)) - tail

    def too_little(nc: float) -> float:
        return tail - float(weight @ ndtr(t * scale - nc))

    return _root(too_much, t), _root(too_little, t)


def standardised_difference(
    experimental: np.ndarray,
    reference: np.ndarray,
    *,
    standardiser: Standardiser | str = Standardiser.POOLED,
    corrected: bool = True,
    conf_level: float = 0.95,
) -> StandardisedDifference:
    """Difference of two means in standard deviations, with the noncentral t interval.

    Estimand
        Mean under ``experimental`` minus mean under ``reference``, divided by the pooled SD, the
        root of the average variance, or the reference SD; unitless. ``corrected`` multiplies
        estimate and limits by Hedges' exact factor.

    Reference
        Hedges LV. J Educ Stat 1981;6:107-128. Cumming G, Finch S. Educ Psychol Meas
        2001;61:532-574.

    Checked against
        ``tests/reference/between/cont_anorexia_change_CBT_Cont.json`` (effectsize)

    ``experimental`` and ``reference`` are one-dimensional and without missing values. Raises
    :class:`AnalysisError` for an arm of fewer than two subjects, for a standardiser of zero, and, if
    ``corrected``, for one degree of freedom or fewer.
    """
    kind = choose(Standardiser, standardiser, parameter="standardiser")
    n1, n2 = len(experimental), len(reference)
    if min(n1, n2) < 2:
        raise AnalysisError(f"a standardised difference needs 2 subjects an arm, got {n1} and {n2}")
    difference = float(np.mean(experimental) - np.mean(reference))
    v1, v2 = float(np.var(experimental, ddof=1)), float(np.var(reference, ddof=1))
    match kind:
        case Standardiser.POOLED:
            df = float(n1 + n2 - 2)
            variance = ((n1 - 1) * v1 + (n2 - 1) * v2) / df
            per_noncentrality = np.sqrt(1 / n1 + 1 / n2)
        case Standardiser.AVERAGE:
            variance = (v1 + v2) / 2
            df = welch_df(v1, v2, n1=n1, n2=n2) if variance > 0 else 1.0
            per_noncentrality = np.sqrt((v1 / n1 + v2 / n2) / variance) if variance > 0 else 0.0
        case Standardiser.REFERENCE:
            variance = v2
            df = float(n2 - 1)
            per_noncentrality = np.sqrt(1 / n2 + v1 / (n1 * v2)) if v2 > 0 else 0.0
        case _:
            assert_never(kind)
    if not variance > 0:
        raise AnalysisError(
            f"no standardised difference: the {kind.value} standard deviation is zero"
        )
    factor = hedges_correction(df) if corrected else 1.0
    return _from_difference(
        difference / np.sqrt(variance),
        per_noncentrality=float(per_noncentrality),
        df=df,
        factor=factor,
        kind=kind,
        conf_level=conf_level,
    )


def standardised_change(
    differences: np.ndarray, *, corrected: bool = True, conf_level: float = 0.95
) -> StandardisedDifference:
    """Mean of paired differences divided by their own SD (``d_z``, ``g_z``).

    Estimand
        Mean change in standard deviations of the change; unitless.

    Reference
        Hedges LV. J Educ Stat 1981;6:107-128, with n − 1 degrees of freedom.

    Checked against
        ``tests/reference/between/paired_sleep.json`` (effectsize)

    Raises :class:`AnalysisError` for fewer than three pairs (two, if not ``corrected``) and where all
    differences are equal.
    """
    n = len(differences)
    if n < 2:
        raise AnalysisError(f"a standardised change needs 2 pairs, got {n}")
    if np.ptp(differences) == 0:
        raise AnalysisError("no standardised change: all differences are equal")
    sd = float(np.std(differences, ddof=1))
    df = float(n - 1)
    return _from_difference(
        float(np.mean(differences)) / sd,
        per_noncentrality=float(1 / np.sqrt(n)),
        df=df,
        factor=hedges_correction(df) if corrected else 1.0,
        kind=Standardiser.POOLED,
        conf_level=conf_level,
    )


def welch_df(v1: float, v2: float, *, n1: int, n2: int) -> float:
    """The degrees of freedom of Welch and Satterthwaite; not both variances may be zero."""
    a, b = v1 / n1, v2 / n2
    largest = max(a, b)  # taken out, so that tiny variances do not underflow when squared
    a, b = a / largest, b / largest
    return (a + b) ** 2 / (a**2 / (n1 - 1) + b**2 / (n2 - 1))


def _from_difference(
    d: float,
    *,
    per_noncentrality: float,
    df: float,
    factor: float,
    kind: Standardiser,
    conf_level: float,
) -> StandardisedDifference:
    low, high = noncentral_t_interval(d / per_noncentrality, df=df, conf_level=conf_level)
    return StandardisedDifference(
        estimate=float(d * factor),
        conf_low=float(low * per_noncentrality * factor),
        conf_high=float(high * per_noncentrality * factor),
        conf_level=conf_level,
        standardiser=kind,
        corrected=factor != 1.0,
        df=df,
    )


def _chi_nodes(df: float, t: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes s and weights w such that E f(S) = Σ w f(s), S² being chi-square(df) / df.

    With u = log s the density is proportional to exp(df (u − e^{2u} / 2)): it falls off at least
    exponentially on both sides, where the trapezoidal rule converges faster than any power.
    """
    left = -0.5 - _NEGLIGIBLE / df
    left = max(left, -np.sqrt(2 * _NEGLIGIBLE / df) * 1.5) if df > 2 * _NEGLIGIBLE else left
    right = min(np.sqrt(_NEGLIGIBLE / df), 0.5 * np.log(1 + 2 * _NEGLIGIBLE / df) + 0.7)
    # the normal distribution function of t·s is a step of width 1/t, to be seen by some nodes
    count = int(np.clip(16 * t * (right - left), 1500, 200_000))
    u = np.linspace(left, right, count)
    log_density = df * (u - np.expm1(2 * u) / 2)
    weight = np.exp(log_density - log_density.max())
    return np.exp(u), weight / weight.sum()


def _root(crossing: Callable[[float], float], start: float) -> float:
    """The root of an increasing function, bracketed outwards from ``start``."""
    low, high, step = start - 1.0, start + 1.0, 2.0
    while crossing(low) > 0:
        low, step = low - step, step * 2
    step = 2.0
    while crossing(high) < 0:
        high, step = high + step, step * 2
    return bracketed_root(crossing, low, high, xtol=1e-13, rtol=1e-14)
