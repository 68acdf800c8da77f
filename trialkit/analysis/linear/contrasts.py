"""Linear contrasts with t tests, confidence limits and family-wise adjustment, as a tidy frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import special

from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.linear import simultaneous
from trialkit.analysis.linear.multiplicity import adjust_p_values
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment
from trialkit.protocol.tables.choices import choose
from trialkit.results.vocabulary import Stat

NO_LABELS: Mapping[str, object] = MappingProxyType({})
"""Contrasts of which the caller knows by their order what they are."""


def t_p_value(statistic: np.ndarray, df: float | np.ndarray) -> np.ndarray:
    """Two-sided p values of t statistics, from the survival function."""
    return np.asarray(2 * special.stdtr(df, -np.abs(statistic)))


def t_critical(conf_level: float, df: float, *, of: int = 1) -> float:
    """The t quantile of a two-sided interval, Bonferroni-adjusted when it is one ``of`` several."""
    return -float(special.stdtrit(df, (1 - conf_level) / (2 * of)))


def choose_adjustment(adjustment: str, *, comparisons: Comparisons) -> ContrastAdjustment:
    """The adjustment, refused where it does not belong to the comparisons."""
    chosen = choose(ContrastAdjustment, adjustment, parameter="adjustment")
    if chosen is ContrastAdjustment.TUKEY and comparisons is not Comparisons.ALL_PAIRS:
        raise AnalysisError(
            "adjustment='tukey' is for all pairs; pass comparisons='all_pairs' or choose 'dunnett'"
        )
    if chosen is ContrastAdjustment.DUNNETT and comparisons is not Comparisons.REFERENCE:
        raise AnalysisError(
            "adjustment='dunnett' compares with a reference; pass comparisons='reference' "
            "or choose 'tukey'"
        )
    return chosen


def compared_levels(
    levels: tuple[object, ...], *, comparisons: Comparisons, reference: object
) -> list[tuple[int, int]]:
    """Index pairs (one, other) of levels, each contrast being ``one`` minus ``other``."""
    base = levels.index(reference)
    if comparisons is Comparisons.REFERENCE:
        return [(i, base) for i in range(len(levels)) if i != base]
    ranked = [base, *(i for i in range(len(levels)) if i != base)]
    return [
        (ranked[later], ranked[earlier])
        for earlier in range(len(ranked))
        for later in range(earlier + 1, len(ranked))
    ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimates:
    """Several contrasts with their variance estimates.

    ``values`` (m,), their ``covariance`` (m, m), their ``df`` (one for all that share a variance
    estimate, or one each), and for each contrast the number of the ``family`` it is adjusted in;
    ``means`` is how many means a family compares. Where degrees of freedom differ within a family,
    each contrast is adjusted with its own, as R's emmeans does.
    """

    values: np.ndarray
    covariance: np.ndarray
    df: float | np.ndarray
    family: np.ndarray
    means: int

    def alone(self, *, conf_level: float, words: str) -> pd.DataFrame:
        """One contrast that is tested alone, called by ``words``: no columns of an adjustment."""
        tested = self.test(
            conf_level=conf_level,
            adjustment=ContrastAdjustment.NONE,
            labels={"contrast": [words]},
        )
        return tested.drop(columns=[Stat.P_ADJUSTED.value, "adjustment"])

    def test(
        self,
        *,
        conf_level: float,
        adjustment: ContrastAdjustment,
        labels: Mapping[str, object] = NO_LABELS,
    ) -> pd.DataFrame:
        """One row a contrast: estimate, se, df, statistic, p_value, p_adjusted and limits.

        ``labels`` are columns that stand before them and say what each contrast is.
        The limits are simultaneous for a family when an adjustment is asked for. A contrast without
        variance has no standard error: its test is NaN, and no family counts it.
        """
        check_level(conf_level)
        variance = np.diag(self.covariance)
        se = np.sqrt(np.where(variance > 0, variance, np.nan))
        statistic = self.values / se
        df = np.broadcast_to(np.asarray(self.df, dtype=float), statistic.shape)
        raw = t_p_value(statistic, df)
        adjusted, critical = raw.copy(), t_quantiles(conf_level, df, of=1)
        if adjustment is not ContrastAdjustment.NONE:
            for number in np.unique(self.family):
                members = np.flatnonzero((self.family == number) & (variance > 0))
                if not len(members):
                    continue
                block = self.covariance[np.ix_(members, members)]
                family = _Family(
                    statistic=np.abs(statistic[members]),
                    raw=raw[members],
                    df=df[members],
                    correlation=block / np.outer(se[members], se[members]),
                    means=self.means,
                )
                adjusted[members] = family.p_values(adjustment)
                critical[members] = family.critical(adjustment, conf_level)
        return pd.DataFrame(
            {
                **labels,
                Stat.ESTIMATE.value: self.values,
                Stat.SE.value: se,
                Stat.DF.value: df,
                Stat.STATISTIC.value: statistic,
                Stat.P_VALUE.value: raw,
                Stat.P_ADJUSTED.value: adjusted,
                Stat.CONF_LOW.value: self.values - critical * se,
                Stat.CONF_HIGH.value: self.values + critical * se,
                Stat.CONF_LEVEL.value: float(conf_level),
                "adjustment": adjustment.value,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Family:
    """Contrasts that are adjusted together: |t|, p, df and correlation, of comparing ``means``."""

    statistic: np.ndarray
    raw: np.ndarray
    df: np.ndarray
    correlation: np.ndarray
    means: int

    def p_values(self, adjustment: ContrastAdjustment) -> np.ndarray:
        """The adjusted p value of each contrast."""
        each = zip(self.statistic.tolist(), self.df.tolist(), strict=True)
        match adjustment:
            case ContrastAdjustment.NONE:
                return self.raw
            case ContrastAdjustment.BONFERRONI:
                return np.asarray(np.minimum(1.0, len(self.raw) * self.raw))
            case ContrastAdjustment.HOLM:
                return adjust_p_values(self.raw, method=Adjustment.HOLM)
            case ContrastAdjustment.TUKEY:
                tails = [
                    simultaneous.tukey_tail(t * np.sqrt(2.0), means=self.means, df=df)
                    for t, df in each
                ]
            case ContrastAdjustment.DUNNETT:
                tails = [
                    simultaneous.dunnett_tail(t, correlation=self.correlation, df=df)
                    for t, df in each
                ]
        return np.array(tails)

    def critical(self, adjustment: ContrastAdjustment, conf_level: float) -> np.ndarray:
        """The |t| that bounds each contrast's simultaneous interval."""
        match adjustment:
            case ContrastAdjustment.NONE:
                return t_quantiles(conf_level, self.df, of=1)
            case ContrastAdjustment.BONFERRONI | ContrastAdjustment.HOLM:
                return t_quantiles(conf_level, self.df, of=len(self.raw))
            case ContrastAdjustment.TUKEY:
                of_df = {
                    df: simultaneous.tukey_critical(conf_level, means=self.means, df=df)
                    for df in set(self.df.tolist())
                }
            case ContrastAdjustment.DUNNETT:
                of_df = {
                    df: simultaneous.dunnett_critical(
                        conf_level, correlation=self.correlation, df=df
                    )
                    for df in set(self.df.tolist())
                }
        return np.array([of_df[df] for df in self.df.tolist()])


def t_quantiles(conf_level: float, df: np.ndarray, *, of: int = 1) -> np.ndarray:
    """``t_critical`` for several degrees of freedom."""
    return np.asarray(-special.stdtrit(df, (1 - conf_level) / (2 * of)))
