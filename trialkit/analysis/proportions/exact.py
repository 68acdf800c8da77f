"""Intervals for one proportion: the exact one of Clopper and Pearson, and Wilson's score."""

import numpy as np
from scipy.special import betaincinv, ndtri

from trialkit.analysis.frames.groups import check_level
from trialkit.errors import AnalysisError


def clopper_pearson(events: int, n: int, *, conf_level: float = 0.95) -> tuple[float, float]:
    """The exact two-sided interval of a proportion.

    Estimand
        The probability of an event, from 0 to 1. Without events the upper limit is the two-sided
        exact bound: 24.7 % for 0 of 13 at 95 %, where the one-sided "rule of three" says 23 %.

    Reference
        Clopper CJ, Pearson ES. Biometrika 1934;26:404-413.

    Checked against
        ``tests/reference/between/bin_small_0_13_4_13.json`` (R stats::binom.test)

    Raises :class:`AnalysisError` for no subjects and for more events than subjects.
    """
    _check(events, n)
    check_level(conf_level)
    tail = (1 - conf_level) / 2
    low = 0.0 if events == 0 else float(betaincinv(events, n - events + 1, tail))
    high = 1.0 if events == n else float(1 - betaincinv(n - events, events + 1, tail))
    return low, high


def wilson(
    events: int, n: int, *, conf_level: float = 0.95, corrected: bool = False
) -> tuple[float, float]:
    """Wilson's score interval of a proportion, with a continuity correction if ``corrected``.

    Estimand
        The probability of an event, from 0 to 1.

    Reference
        Wilson EB. J Am Stat Assoc 1927;22:209-212. Newcombe RG. Stat Med 1998;17:857-872,
        methods 3 and 4.

    Checked against
        ``tests/reference/between/bin_newcombe_a_56_70_48_80.json`` (published formulas)

    Raises :class:`AnalysisError` as :func:`clopper_pearson`.
    """
    _check(events, n)
    check_level(conf_level)
    z = float(-ndtri((1 - conf_level) / 2))
    p, q = events / n, (n - events) / n
    if corrected:
        inner_low = z**2 - 2 - 1 / n + 4 * p * (n * q + 1)
        inner_high = z**2 + 2 - 1 / n + 4 * p * (n * q - 1)
        low = (2 * events + z**2 - 1 - z * np.sqrt(max(inner_low, 0.0))) / (2 * (n + z**2))
        high = (2 * events + z**2 + 1 + z * np.sqrt(max(inner_high, 0.0))) / (2 * (n + z**2))
    else:
        half = z * np.sqrt(z**2 + 4 * n * p * q)
        low = (2 * events + z**2 - half) / (2 * (n + z**2))
        high = (2 * events + z**2 + half) / (2 * (n + z**2))
    # the formulas reach 0 and 1 up to rounding; a proportion of 0 or 1 lies in its interval
    return (
        0.0 if events == 0 else float(max(low, 0.0)),
        1.0 if events == n else float(min(high, 1.0)),
    )


def _check(events: int, n: int) -> None:
    if n < 1:
        raise AnalysisError("a proportion needs a subject, got none")
    if not 0 <= events <= n:
        raise AnalysisError(f"{events} events in {n} subjects are not possible")
