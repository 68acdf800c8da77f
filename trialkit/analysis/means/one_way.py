"""Whether any of several independent arms differs: analysis of variance with one factor."""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.distributions import fisher
from trialkit.analysis.linear.variance_explained import partial_eta_squared_limits
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import MeansMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class OmnibusTest:
    """One test of all arms at once; what a method does not have is None."""

    method: MeansMethod
    statistic: float
    p_value: float
    df: float | None = None
    df_num: float | None = None
    df_den: float | None = None
    eta_squared: float | None = None
    eta_squared_conf_low: float | None = None
    eta_squared_conf_high: float | None = None
    omega_squared: float | None = None


def one_way_anova(values: tuple[np.ndarray, ...], *, conf_level: float = 0.95) -> OmnibusTest:
    """Fisher's one-way analysis of variance.

    Estimand
        Whether any arm's mean differs; eta squared is the share of the sum of squares between
        arms, with the noncentral F interval (two-sided), omega squared its less biased form.

    Reference
        Fisher RA. Statistical Methods for Research Workers, 1925. Steiger JH. Psychol Methods
        2004;9:164-182.

    Checked against
        ``tests/reference/between/kgroup_anorexia_change.json`` (R stats::aov, effectsize)

    Raises :class:`AnalysisError` where no arm varies or no degree of freedom is left.
    """
    counts, means = _counts_and_means(values, least=1)
    scale = float(np.abs(means).max())
    # squares of deviations lose nothing to a common level once it is taken away, which is exact
    level = float(values[0][0])
    values = tuple(each - level for each in values)
    means = np.array([each.mean() for each in values])
    total = int(counts.sum())
    df_num, df_den = len(values) - 1, total - len(values)
    if df_den < 1:
        raise AnalysisError("a one-way analysis of variance needs more subjects than arms")
    grand = float(np.concatenate(values).mean())
    between = float((counts * (means - grand) ** 2).sum())
    within = float(
        sum(((each - mean) ** 2).sum() for each, mean in zip(values, means, strict=True))
    )
    _refuse_constant(np.sqrt(within / df_den), scale)
    statistic = (between / df_num) / (within / df_den)
    low, high = partial_eta_squared_limits(
        statistic, df_num=df_num, df_den=df_den, conf_level=conf_level
    )
    mean_square = within / df_den
    return OmnibusTest(
        method=MeansMethod.ONE_WAY_ANOVA,
        statistic=statistic,
        df_num=float(df_num),
        df_den=float(df_den),
        p_value=float(fisher.sf(statistic, df_num, df_den)),
        eta_squared=between / (between + within),
        eta_squared_conf_low=low,
        eta_squared_conf_high=high,
        omega_squared=max((between - df_num * mean_square) / (between + within + mean_square), 0.0),
    )


def welch_anova(values: tuple[np.ndarray, ...]) -> OmnibusTest:
    """Welch's one-way analysis of means: each arm keeps its own variance.

    Estimand
        Whether any arm's mean differs.

    Reference
        Welch BL. Biometrika 1951;38:330-336.

    Checked against
        ``tests/reference/between/kgroup_anorexia_change.json`` (R stats::oneway.test)

    Raises :class:`AnalysisError` for an arm of fewer than two subjects or without variance.
    """
    counts, means = _counts_and_means(values, least=2)
    variances = np.array([np.var(each, ddof=1) for each in values])
    for variance, mean in zip(variances, means, strict=True):
        _refuse_constant(np.sqrt(variance), abs(mean))
    k = len(values)
    weights = counts / variances
    share = weights / weights.sum()
    centre = float(share @ means)
    unequal = float(((1 - share) ** 2 / (counts - 1)).sum()) / (k**2 - 1)
    statistic = float((weights * (means - centre) ** 2).sum()) / (
        (k - 1) * (1 + 2 * (k - 2) * unequal)
    )
    df_den = 1 / (3 * unequal)
    return OmnibusTest(
        method=MeansMethod.WELCH_ANOVA,
        statistic=statistic,
        df_num=float(k - 1),
        df_den=df_den,
        p_value=float(fisher.sf(statistic, k - 1, df_den)),
    )


def _counts_and_means(
    values: tuple[np.ndarray, ...], *, least: int
) -> tuple[np.ndarray, np.ndarray]:
    counts = np.array([len(each) for each in values])
    if len(counts) < 2 or counts.min() < least:
        raise AnalysisError(
            f"this analysis of variance needs two or more arms with at least {least} in each, "
            f"got {', '.join(str(n) for n in counts)}"
        )
    return counts, np.array([each.mean() for each in values])


def _refuse_constant(spread: float, largest: float) -> None:
    if not spread > 10 * float(np.finfo(float).eps) * largest:
        raise AnalysisError("the outcome does not vary within an arm: there is no error term")
