"""t tests of arrays: two independent samples, and pairs."""

from dataclasses import dataclass
from typing import assert_never

import numpy as np

from trialkit.analysis.distributions import student
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.means.standardised import welch_df
from trialkit.decimals.columns import difference
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Alternative

_NO_SPREAD = 10 * float(np.finfo(float).eps)  # R's limit for "data are essentially constant"


@dataclass(frozen=True, slots=True, kw_only=True)
class TTest:
    """A difference with its standard error, test and interval."""

    estimate: float
    se: float
    df: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float


def welch_t(
    experimental: np.ndarray,
    reference: np.ndarray,
    *,
    alternative: Alternative = Alternative.TWO_SIDED,
    conf_level: float = 0.95,
) -> TTest:
    """Welch's t test: each arm keeps its own variance.

    Estimand
        Mean under ``experimental`` minus mean under ``reference``, in the outcome's unit.

    Reference
        Welch BL. Biometrika 1947;34:28-35; degrees of freedom after Satterthwaite.

    Checked against
        ``tests/reference/between/cont_anorexia_change_CBT_Cont.json`` (R stats::t.test)

    Arrays are one-dimensional and without missing values. Raises :class:`AnalysisError` for an arm
    of fewer than two subjects and where neither arm varies.
    """
    n1, n2 = _counts(experimental, reference)
    v1, v2 = float(np.var(experimental, ddof=1)), float(np.var(reference, ddof=1))
    m1, m2 = float(np.mean(experimental)), float(np.mean(reference))
    se = float(np.sqrt(v1 / n1 + v2 / n2))
    _refuse_constant(se, largest=max(abs(m1), abs(m2)))
    return from_estimate(
        m1 - m2,
        se=se,
        df=welch_df(v1, v2, n1=n1, n2=n2),
        alternative=alternative,
        conf_level=conf_level,
    )


def student_t(
    experimental: np.ndarray,
    reference: np.ndarray,
    *,
    alternative: Alternative = Alternative.TWO_SIDED,
    conf_level: float = 0.95,
) -> TTest:
    """Student's t test: both arms share one variance.

    Estimand
        Mean under ``experimental`` minus mean under ``reference``, in the outcome's unit.

    Reference
        Student. Biometrika 1908;6:1-25; Fisher RA. Metron 1925;5:90-104.

    Checked against
        ``tests/reference/between/cont_anorexia_change_CBT_Cont.json`` (R stats::t.test)

    Arrays as in :func:`welch_t`. Raises :class:`AnalysisError` as it does.
    """
    n1, n2 = _counts(experimental, reference)
    v1, v2 = float(np.var(experimental, ddof=1)), float(np.var(reference, ddof=1))
    m1, m2 = float(np.mean(experimental)), float(np.mean(reference))
    df = n1 + n2 - 2
    pooled = ((n1 - 1) * v1 + (n2 - 1) * v2) / df
    se = float(np.sqrt(pooled * (1 / n1 + 1 / n2)))
    _refuse_constant(se, largest=max(abs(m1), abs(m2)))
    return from_estimate(
        m1 - m2, se=se, df=float(df), alternative=alternative, conf_level=conf_level
    )


def paired_t(
    second: np.ndarray,
    first: np.ndarray,
    *,
    alternative: Alternative = Alternative.TWO_SIDED,
    conf_level: float = 0.95,
) -> TTest:
    """The paired t test: a one-sample t test of ``second − first``.

    Estimand
        Mean of ``second − first``, in the outcome's unit.

    Reference
        Student. Biometrika 1908;6:1-25.

    Checked against
        ``tests/reference/between/paired_sleep.json`` (R stats::t.test)

    Raises :class:`AnalysisError` for unequal lengths, for fewer than two pairs and where all
    differences are equal.
    """
    differences = paired_differences(second, first)
    n = len(differences)
    if n < 2:
        raise AnalysisError(f"a paired t test needs 2 pairs, got {n}")
    mean = float(np.mean(differences))
    se = float(np.std(differences, ddof=1) / np.sqrt(n))
    _refuse_constant(se, largest=abs(mean))
    return from_estimate(
        mean, se=se, df=float(n - 1), alternative=alternative, conf_level=conf_level
    )


def paired_differences(second: np.ndarray, first: np.ndarray) -> np.ndarray:
    """``second − first`` in decimal, if there are as many of one as of the other."""
    if len(second) != len(first):
        raise AnalysisError(
            f"a paired test needs as many second as first values, got {len(second)} and "
            f"{len(first)}; pair them by subject, and say what happens to the incomplete"
        )
    differences = difference(second, first)
    if np.isnan(differences).any():
        raise AnalysisError(
            f"{int(np.isnan(differences).sum())} pair(s) hold a missing value; leave them out "
            "before the test"
        )
    return differences


def from_estimate(
    estimate: float,
    *,
    se: float,
    df: float,
    alternative: Alternative = Alternative.TWO_SIDED,
    conf_level: float = 0.95,
) -> TTest:
    """The t test and interval of an estimate with its standard error."""
    check_level(conf_level)
    statistic = estimate / se
    match alternative:
        case Alternative.TWO_SIDED:
            p = 2 * student.sf(abs(statistic), df)
            half = float(student.isf((1 - conf_level) / 2, df)) * se
            low, high = estimate - half, estimate + half
        case Alternative.LESS:
            p = student.cdf(statistic, df)
            low, high = -np.inf, estimate + float(student.isf(1 - conf_level, df)) * se
        case Alternative.GREATER:
            p = student.sf(statistic, df)
            low, high = estimate - float(student.isf(1 - conf_level, df)) * se, np.inf
        case _:
            assert_never(alternative)
    return TTest(
        estimate=float(estimate),
        se=float(se),
        df=float(df),
        statistic=float(statistic),
        p_value=float(p),
        conf_low=float(low),
        conf_high=float(high),
    )


def _counts(experimental: np.ndarray, reference: np.ndarray) -> tuple[int, int]:
    n1, n2 = len(experimental), len(reference)
    if min(n1, n2) < 2:
        raise AnalysisError(f"a t test needs 2 subjects an arm, got {n1} and {n2}")
    return n1, n2


def _refuse_constant(se: float, *, largest: float) -> None:
    if not se > _NO_SPREAD * largest:
        raise AnalysisError(
            "the outcome does not vary within any arm: a t test has no standard error to go by"
        )
