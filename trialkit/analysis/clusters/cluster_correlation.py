"""How alike people of one cluster are, and what that costs. See ``docs/methods/clusters.md``."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import fdtri

from trialkit.analysis.clusters.cluster_rows import ClusteredRows, described_sizes, read_clusters
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, numbers
from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.analysis.proportions.event_counts import binary
from trialkit.errors import AnalysisError
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class IntraclusterCorrelation(Tabular):
    """The correlation within clusters of an arm, with its limits and the design effect.

    ``between`` and ``within`` are mean squares on ``df_between`` and ``df_within``; ``common_size`` is
    the size that clusters of one size would have to have for the same analysis of variance.
    """

    outcome: str
    conf_level: float
    rows: ClusteredRows
    between: float
    within: float
    df_between: int
    df_within: int
    common_size: float
    icc: float
    conf_low: float
    conf_high: float

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        return f"Intracluster correlation of {self.outcome}, analysis of variance within arms"

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.rows.excluded

    @property
    def design_effect(self) -> float:
        """1 + (Σm² / Σm − 1) ICC over clusters of m people, an ICC below 0 taken as 0."""
        sizes = self.rows.sizes.astype(float)
        return 1 + (float(sizes @ sizes / sizes.sum()) - 1) * max(self.icc, 0.0)

    def sizes(self) -> pd.DataFrame:
        """A row an arm and one for all: ``arm``, ``clusters``, ``n``, mean, SD, CV, least and most."""
        every = [self.rows.sizes[self.rows.arm_of == code] for code in range(len(self.rows.arms))]
        named = list(zip(self.rows.arms, every, strict=True))
        if len(named) > 1:
            named.append(("all", self.rows.sizes))
        return pd.DataFrame([{"arm": arm, **described_sizes(sizes)} for arm, sizes in named])

    def to_frame(self) -> pd.DataFrame:
        """One row.

        Columns ``clusters``, ``n``, ``mean_size``, ``sd_size``, ``cv_size``, ``min_size``,
        ``max_size``, ``estimate`` (the ICC), ``conf_low``, ``conf_high``, ``conf_level``,
        ``statistic`` (F of the clusters), ``df_num``, ``df_den``, ``design_effect``, ``effective_n``.
        """
        return pd.DataFrame(
            [
                {
                    **described_sizes(self.rows.sizes),
                    Stat.ESTIMATE.value: self.icc,
                    Stat.CONF_LOW.value: self.conf_low,
                    Stat.CONF_HIGH.value: self.conf_high,
                    Stat.CONF_LEVEL.value: self.conf_level,
                    Stat.STATISTIC.value: self.between / self.within if self.within else np.inf,
                    Stat.DF_NUM.value: float(self.df_between),
                    Stat.DF_DEN.value: float(self.df_within),
                    "design_effect": self.design_effect,
                    "effective_n": len(self.rows.cluster) / self.design_effect,
                }
            ]
        )


def intracluster_correlation(
    frame: AnyFrame,
    *,
    outcome: str,
    cluster: str,
    arm: str | None = None,
    event: object | None = None,
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> IntraclusterCorrelation:
    """Intracluster correlation by the analysis of variance, cluster sizes, and the design effect.

    Estimand
        The correlation of two people of one cluster of an arm: the variance between clusters of an
        arm over all variance within it, taken to be the same in all arms.

    Reference
        Donner A, Klar N. Design and Analysis of Cluster Randomization Trials, 2000. Searle SR. Linear
        Models, 1971 (limits). Eldridge SM, Ashby D, Kerry S. Int J Epidemiol 2006;35:1292-1300 (design
        effect of varying sizes).

    Checked against
        ``tests/reference/cluster/cluster_clinics_simulated.json``

    ``frame`` has one row a person; all rows of a ``cluster`` are in one arm, or without ``arm`` all are
    taken together (people who are in no trial yet). One arm alone will do. ``outcome`` is numeric, or
    yes or no with ``event`` (1/0 are numbers, and give the same). The estimate may lie below 0 by
    chance and is left so. The limits, by Searle from F, are exact for normal values and clusters of one
    size, near otherwise; they, too, may lie below 0. Rows without outcome, cluster or arm are in ``.excluded``.

    Raises ``AnalysisError`` for a cluster in two arms, no arm of two clusters, clusters of one person
    each, and an outcome that is the same in all of an arm.
    """
    frame = as_pandas(frame)
    check_level(conf_level)
    values = (
        numbers(frame, outcome, parameter="outcome")
        if event is None
        else binary(frame, outcome, event=event)
    )
    rows = read_clusters(
        frame,
        cluster=cluster,
        arm=arm,
        reference=None,
        order=order or _as_they_stand(frame, arm),
        subject=subject,
        unusable=((np.isnan(values), f"{outcome} is missing"),),
        compares=False,
    )
    used = values[rows.kept]
    refuse_unworkable_size(used, outcome)
    sizes = rows.sizes.astype(float)
    n_arm = np.bincount(rows.arm_of, weights=sizes)
    df_between, df_within = len(sizes) - len(n_arm), len(used) - len(sizes)
    if df_between < 1:
        raise AnalysisError("each arm has one cluster: no two clusters of an arm can be compared")
    if df_within < 1:
        raise AnalysisError("each cluster has one person: no two people of a cluster are alike")
    of_arm = np.bincount(rows.arm_of, weights=rows.sums(used)) / n_arm
    of_cluster = rows.sums(used) / sizes
    between = float(sizes @ (of_cluster - of_arm[rows.arm_of]) ** 2) / df_between
    within = float(np.sum((used - of_cluster[rows.cluster]) ** 2)) / df_within
    rounding = (np.finfo(float).eps * float(np.abs(used).max())) ** 2 * len(used)
    if between <= rounding and within <= rounding:
        raise AnalysisError(f"{outcome!r} is the same in all rows of each arm")
    within = 0.0 if within <= rounding else within
    common = float(len(used) - (np.bincount(rows.arm_of, weights=sizes**2) / n_arm).sum())
    common /= df_between
    icc = (between - within) / (between + (common - 1) * within)
    half = (1 - conf_level) / 2
    low, high = (
        _of_f(between / within / float(fdtri(df_between, df_within, at)), common) if within else 1.0
        for at in (1 - half, half)
    )
    return IntraclusterCorrelation(
        outcome=outcome,
        conf_level=conf_level,
        rows=rows,
        between=between,
        within=within,
        df_between=df_between,
        df_within=df_within,
        common_size=common,
        icc=float(icc),
        conf_low=float(low),
        conf_high=float(high),
    )


def _as_they_stand(frame: pd.DataFrame, arm: str | None) -> Order | None:
    """The arms as they appear: no arm is compared with another, so that their order is nothing."""
    if arm is None or arm not in frame.columns:
        return None
    return {arm: list(pd.unique(frame[arm].dropna()))}


def _of_f(ratio: float, size: float) -> float:
    return (ratio - 1) / (ratio + size - 1)
