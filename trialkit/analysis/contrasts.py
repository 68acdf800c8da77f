"""Linear contrasts with t tests, confidence limits and family-wise adjustment, as a tidy frame."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from trialkit.analysis import simultaneous
from trialkit.analysis.groups import check_level
from trialkit.analysis.multiplicity import adjust_p_values
from trialkit.analysis.vocabulary import Stat
from trialkit.errors import AnalysisError
from trialkit.protocol.choices import choose
from trialkit.protocol.comparisons import Adjustment
from trialkit.protocol.linear_models import Comparisons, ContrastAdjustment


def t_p_value(statistic: np.ndarray, df: float) -> np.ndarray:
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
    """Several contrasts that share one variance estimate.

    ``values`` (m,), their ``covariance`` (m, m), its ``df``, and for each contrast the number of
    the ``family`` it is adjusted in; ``means`` is how many means a family compares.
    """

    values: np.ndarray
    covariance: np.ndarray
    df: float
    family: np.ndarray
    means: int

    def test(self, *, conf_level: float, adjustment: ContrastAdjustment) -> pd.DataFrame:
        """One row a contrast: estimate, se, df, statistic, p_value, p_adjusted and limits.

        The limits are simultaneous for a family when an adjustment is asked for.
        """
        check_level(conf_level)
        se = np.sqrt(np.diag(self.covariance))
        statistic = self.values / se
        raw = t_p_value(statistic, self.df)
        adjusted = raw.copy()
        critical = np.full(len(raw), t_critical(conf_level, self.df))
        if adjustment is not ContrastAdjustment.NONE:
            for number in np.unique(self.family):
                members = np.flatnonzero(self.family == number)
                adjusted[members], critical[members] = self._adjust(
                    members, statistic[members], raw[members], conf_level=conf_level, by=adjustment
                )
        return pd.DataFrame(
            {
                Stat.ESTIMATE.value: self.values,
                Stat.SE.value: se,
                Stat.DF.value: float(self.df),
                Stat.STATISTIC.value: statistic,
                Stat.P_VALUE.value: raw,
                Stat.P_ADJUSTED.value: adjusted,
                Stat.CONF_LOW.value: self.values - critical * se,
                Stat.CONF_HIGH.value: self.values + critical * se,
                Stat.CONF_LEVEL.value: float(conf_level),
                "adjustment": adjustment.value,
            }
        )

    def _adjust(
        self,
        members: np.ndarray,
        statistic: np.ndarray,
        raw: np.ndarray,
        *,
        conf_level: float,
        by: ContrastAdjustment,
    ) -> tuple[np.ndarray, float]:
        """Adjusted p values of one family and its critical value."""
        count = len(members)
        if by is ContrastAdjustment.BONFERRONI:
            return np.minimum(1.0, count * raw), t_critical(conf_level, self.df, of=count)
        if by is ContrastAdjustment.HOLM:
            return adjust_p_values(raw, method=Adjustment.HOLM), t_critical(
                conf_level, self.df, of=count
            )
        if by is ContrastAdjustment.TUKEY:
            return self._tukey(statistic, conf_level=conf_level)
        block = self.covariance[np.ix_(members, members)]
        scale = np.sqrt(np.diag(block))
        correlation = block / np.outer(scale, scale)
        adjusted = [
            simultaneous.dunnett_tail(abs(float(t)), correlation=correlation, df=self.df)
            for t in statistic
        ]
        critical = simultaneous.dunnett_critical(conf_level, correlation=correlation, df=self.df)
        return np.array(adjusted), critical

    def _tukey(self, statistic: np.ndarray, *, conf_level: float) -> tuple[np.ndarray, float]:
        """Tukey–Kramer p values of one family of all pairs and its critical value."""
        adjusted = [
            simultaneous.tukey_tail(abs(float(t)) * np.sqrt(2.0), means=self.means, df=self.df)
            for t in statistic
        ]
        return np.array(adjusted), simultaneous.tukey_critical(
            conf_level, means=self.means, df=self.df
        )
