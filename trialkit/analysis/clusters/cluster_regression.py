"""Least squares with errors that hold for people in clusters. See ``docs/methods/clusters.md``."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.clusters.bias_reduced import ClusterRobustFit, cluster_robust
from trialkit.analysis.clusters.cluster_rows import cluster_codes
from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.generalised.ratio_model import arm_design
from trialkit.analysis.linear.contrasts import t_p_value, t_quantiles
from trialkit.analysis.linear.fitted_model import fit_design
from trialkit.analysis.linear.linear_model import Design
from trialkit.analysis.linear.model_rows import ModelRows, read_model_rows
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.cluster_options import ClusterCovariance
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ClusterRegression(Tabular):
    """A least squares fit whose ``covariance`` allows for clusters."""

    outcome: str
    cluster: str
    reference: object
    covariance: ClusterCovariance
    rows: ModelRows
    design: Design
    robust: ClusterRobustFit

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        adjusted = ", ".join(each.name for each in self.rows.covariates)
        by = f" adjusted for {adjusted}" if adjusted else ""
        return (
            f"Least squares of {self.outcome} by {self.rows.arm.name}{by} "
            f"({self.covariance.value} standard errors, {self.robust.clusters} clusters, "
            f"n = {len(self.rows.outcome)})"
        )

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.rows.excluded

    def to_frame(self) -> pd.DataFrame:
        """The contrasts, with 95 % limits."""
        return self.contrasts()

    def contrasts(
        self, *, covariance: ClusterCovariance | str | None = None, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """The difference of each arm from the reference, with the errors of the call or of another kind.

        Columns ``contrast``, ``estimate``, ``se``, ``df``, ``statistic``, ``p_value``, ``conf_low``,
        ``conf_high``, ``conf_level``, ``covariance``.
        """
        at = np.flatnonzero(self.design.term_of == 1)
        arms = self.rows.arm.other_levels
        table = self._table(at, covariance, conf_level)
        table.insert(0, "contrast", [contrast_label(str(arm), str(self.reference)) for arm in arms])
        return table

    def coefficients(
        self, *, covariance: ClusterCovariance | str | None = None, conf_level: float = 0.95
    ) -> pd.DataFrame:
        """A row a coefficient (``term``); columns as of the contrasts."""
        table = self._table(np.arange(len(self.design.names)), covariance, conf_level)
        table.insert(0, "term", list(self.design.names))
        return table

    def _table(
        self, at: np.ndarray, covariance: ClusterCovariance | str | None, conf_level: float
    ) -> pd.DataFrame:
        check_level(conf_level)
        kind = (
            self.covariance
            if covariance is None
            else choose(ClusterCovariance, covariance, parameter="covariance")
        )
        estimate = self.robust.fit.coefficients[at]
        se = np.sqrt(np.diag(self.robust.covariance(kind))[at])
        df = self.robust.df(kind, np.eye(len(self.design.names))[at])
        reach = t_quantiles(conf_level, df) * se
        return pd.DataFrame(
            {
                Stat.ESTIMATE.value: estimate,
                Stat.SE.value: se,
                Stat.DF.value: df,
                Stat.STATISTIC.value: estimate / se,
                Stat.P_VALUE.value: t_p_value(estimate / se, df),
                Stat.CONF_LOW.value: estimate - reach,
                Stat.CONF_HIGH.value: estimate + reach,
                Stat.CONF_LEVEL.value: conf_level,
                "covariance": kind.value,
            }
        )


@one_thread()
def cluster_regression(
    frame: AnyFrame,
    *,
    outcome: str,
    cluster: str,
    arm: str,
    reference: object,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    covariance: ClusterCovariance | str = ClusterCovariance.CR2,
    subject: str | None = None,
    order: Order | None = None,
) -> ClusterRegression:
    """Arms compared in a numeric outcome of people in clusters, by least squares.

    Estimand
        The difference in the mean outcome of people of the same covariates; each person counts alike,
        so that large clusters count more (``compare_cluster_summaries`` compares clusters).

    Reference
        Bell RM, McCaffrey DF. Surv Methodol 2002;28:169-181. Pustejovsky JE, Tipton E. J Bus Econ Stat
        2018;36:672-683. Liang K-Y, Zeger SL. Biometrika 1986;73:13-22 (CR0).

    Checked against
        ``tests/reference/cluster/cluster_clinics_simulated.json``

    ``frame`` has one row a person; the arm may be of clusters or of people within them. ``covariance``:
    ``CR2`` (bias-reduced, working model of independent rows of one variance, t with Satterthwaite's
    degrees of freedom, a number for each coefficient), ``CR1`` (t, clusters − 1), ``CR1S`` (Stata's
    factor), ``CR0`` (normal). Covariates as in ``ancova``. Rows without outcome, arm, cluster or a
    covariate are in ``.excluded``.

    Raises ``AnalysisError`` for an arm of one cluster, a cluster that determines a coefficient alone
    (CR2), collinear columns, an outcome that the model reproduces exactly, two rows of a ``subject``.
    """
    frame = as_pandas(frame)
    kind = choose(ClusterCovariance, covariance, parameter="covariance")
    codes, _ = cluster_codes(frame, cluster)
    rows = read_model_rows(
        frame,
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=covariates,
        categories=categories,
        scale=OutcomeScale.IDENTITY,
        subject=subject,
        order=order,
        unusable=((codes < 0, f"{cluster} is missing"),),
        grouped=(cluster,),
    )
    if cluster in covariates:
        raise AnalysisError(f"{cluster!r} is the cluster, and cannot be a covariate, too")
    own = codes[rows.kept]
    for code, level in enumerate(rows.arm.levels):
        if len(np.unique(own[rows.arm.codes == code])) < 2:
            raise AnalysisError(
                f"{arm} {level!r} has one cluster: what is the cluster's and what the arm's cannot "
                "be told apart"
            )
    design = arm_design(rows)
    robust = cluster_robust(design.matrix, fit_design(design.matrix, rows.outcome), own)
    found = ClusterRegression(
        outcome=outcome,
        cluster=cluster,
        reference=reference,
        covariance=kind,
        rows=rows,
        design=design,
        robust=robust,
    )
    robust.covariance(kind)  # refused here, and not when it is printed
    return found
