"""One estimate from the analyses of all imputed data sets, with the variance that they mean.

The method is in ``docs/methods/imputation.md``.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from trialkit.analysis.distributions import student
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.imputation.analysing import ImputedAnalyses
from trialkit.analysis.missing.rubin import pool_rubin
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import DrawMethod, ResampledLimits, VarianceMeant
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular


@dataclass(frozen=True, slots=True, kw_only=True)
class ImputedEffect:
    """An estimate from imputed values; NaN where the way of pooling has no such number."""

    estimate: float
    se: float
    df: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    missing_information: float = np.nan
    """The fraction of missing information, which Rubin's rules tell alone."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PooledImputations(Tabular):
    """The pooled estimates, one for each row of the analyses.

    ``variance`` says which variance the standard errors are of: *information-anchored* ones (Rubin's
    rules) grow with what the missing values cost, under reference-based strategies too; those of
    *repeated sampling* (jackknife, bootstrap) are those of the estimate if the trial were repeated,
    and under such strategies fall as more values are missing. ``logarithmic`` effects are logarithms
    of ratios; ``to_frame`` gives the ratios, with the standard error of the logarithm.
    """

    method: DrawMethod
    variance: VarianceMeant
    limits: ResampledLimits | None
    n_imputations: int
    conf_level: float
    by: tuple[str, ...]
    keys: tuple[tuple[object, ...], ...]
    effects: tuple[ImputedEffect, ...]
    logarithmic: bool = False

    @property
    def title(self) -> str:
        """How the estimates are pooled, and which variance is meant."""
        return (
            f"Pooled over {self.n_imputations} imputed data sets ({self.method.value}); standard "
            f"errors are {self.variance.value}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row an estimate, named by the columns that name it in the analyses."""
        names = [each.name for each in fields(ImputedEffect)]
        frame = pd.DataFrame(
            [
                (*key, *(getattr(each, name) for name in names))
                for key, each in zip(self.keys, self.effects, strict=True)
            ],
            columns=[*self.by, *names],
        )
        if self.logarithmic:
            ratios = ["estimate", "conf_low", "conf_high"]
            frame.insert(len(self.by) + 1, "log_estimate", frame["estimate"])
            frame[ratios] = np.exp(frame[ratios])
        return frame.assign(conf_level=self.conf_level, variance=self.variance.value)

    def effect(self, *key: object) -> ImputedEffect:
        """The estimate of the row that ``key`` names."""
        if key not in self.keys:
            raise AnalysisError(f"there is no row {key!r}; rows are {list(self.keys)}")
        return self.effects[self.keys.index(key)]


def pool_imputations(
    analyses: ImputedAnalyses,
    *,
    conf_level: float = 0.95,
    limits: ResampledLimits | str = ResampledLimits.PERCENTILE,
) -> PooledImputations:
    """Pool the analyses as their draws were made.

    Estimand
        That of the single analyses. Draws from a posterior are pooled by Rubin's rules with Barnard
        and Rubin's degrees of freedom; the jackknife has its variance and normal limits; the bootstrap
        ``percentile`` limits (and a p value from the share of samples beyond 0) or ``normal`` ones;
        imputations nested in bootstrap samples von Hippel and Bartlett's variance and degrees of
        freedom, at least 3. :class:`PooledImputations` says which variance that is.

    Reference
        Barnard, Rubin, Biometrika 1999;86:948. Efron, Tibshirani, An introduction to the bootstrap,
        1993. von Hippel, Bartlett, Stat Sci 2021;36:400. Cro, Carpenter, Kenward, JRSS A 2019;182:623
        (information anchoring).

    Checked against
        ``tests/reference/imputation/rbmi_antidepressant.json`` (R rbmi)

    Raises ``AnalysisError`` for an estimate that a data set does not have, degrees of freedom that
    differ between data sets, and a level outside 0 to 1. The result has a row for each row of the
    analyses.
    """
    check_level(conf_level)
    chosen = choose(ResampledLimits, limits, parameter="limits")
    lost = ~np.isfinite(analyses.estimates)
    if lost.any():
        which, row = (int(each) for each in np.argwhere(lost)[0])
        raise AnalysisError(
            f"imputed data set {which} has no estimate of {analyses.keys[row]!r}, so that there is "
            "nothing to pool"
        )
    pool = _POOLS[analyses.method]
    effects = tuple(
        pool(
            _Column(
                estimates=analyses.estimates[:, at],
                variances=analyses.variances[:, at],
                df=analyses.df[:, at],
                nested=analyses.nested,
                conf_level=conf_level,
                limits=chosen,
            )
        )
        for at in range(analyses.estimates.shape[1])
    )
    return PooledImputations(
        method=analyses.method,
        variance=analyses.method.variance_meant,
        limits=chosen if analyses.method is DrawMethod.BOOTSTRAP else None,
        n_imputations=len(analyses.estimates),
        conf_level=conf_level,
        by=analyses.by,
        keys=analyses.keys,
        effects=effects,
        logarithmic=analyses.logarithmic,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Column:
    """What one row of the analyses is in all data sets."""

    estimates: np.ndarray
    variances: np.ndarray
    df: np.ndarray
    nested: int
    conf_level: float
    limits: ResampledLimits


def _by_rubin(column: _Column) -> ImputedEffect:
    freedom = column.df
    if not (freedom == freedom[0]).all():
        raise AnalysisError(
            f"the analyses have different degrees of freedom ({freedom.min():g} to "
            f"{freedom.max():g}), of which Rubin's rules need those of the complete data",
            advice="let the analysis give one df",
        )
    pooled = pool_rubin(
        column.estimates,
        column.variances,
        df_complete=float(freedom[0]),
        conf_level=column.conf_level,
    )
    return ImputedEffect(
        estimate=pooled.estimate,
        se=pooled.se,
        df=pooled.df,
        statistic=pooled.statistic,
        p_value=pooled.p_value,
        conf_low=pooled.conf_low,
        conf_high=pooled.conf_high,
        missing_information=pooled.fraction_missing_information,
    )


def jackknife_se(resampled: np.ndarray) -> np.ndarray:
    """The jackknife's standard error of estimates with each subject left out, along the first axis."""
    n = len(resampled)
    spread = ((resampled - resampled.mean(axis=0)) ** 2).sum(axis=0)
    return np.asarray(np.sqrt((n - 1) / n * spread))


def _by_jackknife(column: _Column) -> ImputedEffect:
    se = float(jackknife_se(column.estimates[1:]))
    return _parametric(float(column.estimates[0]), se, np.inf, column.conf_level)


def _by_bootstrap(column: _Column) -> ImputedEffect:
    estimate, samples = float(column.estimates[0]), column.estimates[1:]
    se = float(samples.std(ddof=1))
    if column.limits is ResampledLimits.NORMAL:
        return _parametric(estimate, se, np.inf, column.conf_level)
    tail = (1 - column.conf_level) / 2
    low, high = np.quantile(samples, [tail, 1 - tail], method="weibull")
    beyond = (min((samples < 0).sum(), (samples > 0).sum()) + 1) / (len(samples) + 1)
    return ImputedEffect(
        estimate=estimate,
        se=se,
        df=np.nan,
        statistic=np.nan,
        p_value=float(min(1.0, 2 * beyond)),
        conf_low=float(low),
        conf_high=float(high),
    )


def _by_nested(column: _Column) -> ImputedEffect:
    """Von Hippel and Bartlett: variances between samples and within them, as in an analysis of variance."""
    within_each = column.nested
    samples = column.estimates.reshape(-1, within_each)
    count = len(samples)
    means = samples.mean(axis=1)
    estimate = float(means.mean())
    between = within_each * float(((means - estimate) ** 2).sum()) / (count - 1)
    within = float(((samples - means[:, None]) ** 2).sum()) / (count * (within_each - 1))
    variance = (1 + 1 / count) * (between - within) / within_each + within / (count * within_each)
    if not variance > 0:
        raise AnalysisError(
            "the estimates vary more within bootstrap samples than between them, so that there is no "
            "variance",
            advice="draw more samples, or more imputations of each (nested)",
        )
    of_between = ((count + 1) / (count * within_each)) ** 2 * between**2 / (count - 1)
    of_within = within**2 / (count * within_each**2 * (within_each - 1))
    df = max(3.0, variance**2 / (of_between + of_within))
    return _parametric(estimate, float(np.sqrt(variance)), df, column.conf_level)


def _parametric(estimate: float, se: float, df: float, conf_level: float) -> ImputedEffect:
    reach = float(student.isf((1 - conf_level) / 2, df)) * se
    statistic = estimate / se if se > 0 else np.nan
    return ImputedEffect(
        estimate=estimate,
        se=se,
        df=df,
        statistic=statistic,
        p_value=float(2 * student.sf(abs(statistic), df)),
        conf_low=estimate - reach,
        conf_high=estimate + reach,
    )


_POOLS: dict[DrawMethod, Callable[[_Column], ImputedEffect]] = {
    DrawMethod.JACKKNIFE: _by_jackknife,
    DrawMethod.BOOTSTRAP: _by_bootstrap,
    DrawMethod.APPROXIMATE_BAYES: _by_rubin,
    DrawMethod.BAYES: _by_rubin,
    DrawMethod.NESTED_BOOTSTRAP: _by_nested,
}
