"""One number a cluster, compared by a t test. The method is in ``docs/methods/clusters.md``."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.analysis.clusters.cluster_rows import (
    ClusteredRows,
    read_clusters,
    refuse_single_cluster,
)
from trialkit.analysis.counts.exposure import read_exposure
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order, numbers
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
from trialkit.analysis.means.t_tests import TTest, from_estimate
from trialkit.analysis.proportions.event_counts import binary
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.cluster_options import (
    ClusterSummary,
    ClusterWeights,
    SummaryScale,
)
from trialkit.protocol.tables.choices import choose
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat

NO_SPREAD = 1e-14
"""A standard error below this share of the summaries is rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ClusterSummaries(Tabular):
    """The clusters' ``values`` (clusters,) with their ``weights``, and what their comparison needs."""

    outcome: str
    arm: str
    reference: object
    summary: ClusterSummary
    weighting: ClusterWeights
    scale: SummaryScale
    conf_level: float
    rows: ClusteredRows
    values: np.ndarray
    weights: np.ndarray
    exposure: np.ndarray | None

    @property
    def title(self) -> str:
        """What is compared, in a line."""
        return (
            f"Clusters' {self.summary.value} of {self.outcome} by {self.arm}: t test, "
            f"{self.weighting.value} weights ({len(self.values)} clusters, "
            f"n = {len(self.rows.cluster)})"
        )

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.rows.excluded

    def clusters(self) -> pd.DataFrame:
        """A row a cluster: ``cluster``, ``arm``, ``n``, ``exposure`` (of rates), the summary."""
        arms = np.array(self.rows.arms, dtype=object)
        table = pd.DataFrame(
            {
                "cluster": list(self.rows.names),
                "arm": arms[self.rows.arm_of],
                Stat.N.value: self.rows.sizes,
            }
        )
        if self.exposure is not None:
            table["exposure"] = self.exposure
        return table.assign(**{self.summary.value: self.values})

    def arms(self) -> pd.DataFrame:
        """A row an arm: ``arm``, ``clusters``, ``n``, ``estimate`` (geometric for a ratio), ``sd``.

        ``sd`` is that of the clusters' summaries (of their logarithms for a ratio), unweighted.
        """
        compared, back = self._compared()
        members = [np.flatnonzero(self.rows.arm_of == code) for code in range(len(self.rows.arms))]
        return pd.DataFrame(
            {
                "arm": list(self.rows.arms),
                "clusters": [len(each) for each in members],
                Stat.N.value: [int(self.rows.sizes[each].sum()) for each in members],
                Stat.ESTIMATE.value: [
                    float(back(np.average(compared[each], weights=self.weights[each])))
                    for each in members
                ],
                Stat.SD.value: [float(np.std(compared[each], ddof=1)) for each in members],
            }
        )

    def to_frame(self) -> pd.DataFrame:
        """A row for each other arm against the reference.

        Columns ``contrast``, ``summary``, ``scale``, ``weights``, ``estimate``, ``log_estimate`` (of a
        ratio), ``se``, ``df``, ``statistic``, ``p_value``, ``conf_low``, ``conf_high``,
        ``conf_level``, ``clusters_experimental``, ``clusters_reference``, ``n_experimental``,
        ``n_reference``.
        """
        base = self.rows.arms.index(self.reference)
        return pd.DataFrame(
            [self._row(code, base) for code in range(len(self.rows.arms)) if code != base]
        )

    def _compared(self) -> tuple[np.ndarray, np.ufunc]:
        """The numbers that the t test sees, and the way back from their mean."""
        if self.scale is SummaryScale.DIFFERENCE:
            return self.values, np.positive
        return np.log(self.values), np.exp

    def _row(self, code: int, base: int) -> dict[str, object]:
        one, other = (np.flatnonzero(self.rows.arm_of == each) for each in (code, base))
        compared, back = self._compared()
        test = _weighted_t(
            compared[one],
            compared[other],
            self.weights[one],
            self.weights[other],
            conf_level=self.conf_level,
        )
        ratio = {"log_estimate": test.estimate} if self.scale is SummaryScale.RATIO else {}
        return {
            "contrast": contrast_label(str(self.rows.arms[code]), str(self.rows.arms[base])),
            "summary": self.summary.value,
            "scale": self.scale.value,
            "weights": self.weighting.value,
            Stat.ESTIMATE.value: float(back(test.estimate)),
            **ratio,
            Stat.SE.value: test.se,
            Stat.DF.value: test.df,
            Stat.STATISTIC.value: test.statistic,
            Stat.P_VALUE.value: test.p_value,
            Stat.CONF_LOW.value: float(back(test.conf_low)),
            Stat.CONF_HIGH.value: float(back(test.conf_high)),
            Stat.CONF_LEVEL.value: self.conf_level,
            "clusters_experimental": len(one),
            "clusters_reference": len(other),
            "n_experimental": int(self.rows.sizes[one].sum()),
            "n_reference": int(self.rows.sizes[other].sum()),
        }


def compare_cluster_summaries(
    frame: AnyFrame,
    *,
    outcome: str,
    cluster: str,
    arm: str,
    reference: object,
    summary: ClusterSummary | str = ClusterSummary.MEAN,
    weights: ClusterWeights | str = ClusterWeights.EQUAL,
    scale: SummaryScale | str = SummaryScale.DIFFERENCE,
    event: object | None = None,
    exposure: str | None = None,
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> ClusterSummaries:
    """Arms of a cluster trial compared in one number of each cluster, by a t test.

    Estimand
        Mean over clusters of their mean, proportion or rate under each other arm minus that under
        ``reference`` (``scale="ratio"``: the ratio of geometric means). With ``weights="size"`` each
        cluster counts by its people (rates: their time at risk), so that it is of people.

    Reference
        Hayes RJ, Moulton LH. Cluster Randomised Trials, 2nd ed., 2017, ch. 10. Kerry SM, Bland JM.
        Stat Med 2001;20:377-390 (weights).

    Checked against
        ``tests/reference/cluster/cluster_clinics_simulated.json``

    ``frame`` has one row a person; all rows of a ``cluster`` are in one arm. ``summary="proportion"``
    takes ``outcome`` as yes or no (``event`` names the level that counts), ``"rate"`` a count and the
    column ``exposure``. Both arms share one variance; degrees of freedom are the clusters of the two
    arms less 2, whatever the weights. Rows without outcome, cluster or arm are in ``.excluded``.

    Raises ``AnalysisError`` for a cluster in two arms, an arm of one cluster, clusters that are all
    alike, a ratio with a summary of 0 or less, and an exposure of anything but rates.
    """
    frame = as_pandas(frame)
    kind = choose(ClusterSummary, summary, parameter="summary")
    weighting = choose(ClusterWeights, weights, parameter="weights")
    on = choose(SummaryScale, scale, parameter="scale")
    check_level(conf_level)
    values = _values(frame, outcome, kind, event=event, exposure=exposure)
    time, never = read_exposure(frame, exposure, values, outcome=outcome)
    rows = read_clusters(
        frame,
        cluster=cluster,
        arm=arm,
        reference=reference,
        order=order,
        subject=subject,
        unusable=((np.isnan(values), f"{outcome} is missing"), *never),
    )
    if reference not in rows.arms:
        raise AnalysisError(f"reference must name the arm of {arm!r} to compare with")
    refuse_single_cluster(rows, arm=arm)
    refuse_unworkable_size(values[rows.kept], outcome)
    at_risk = rows.sums(time[rows.kept]) if kind is ClusterSummary.RATE else None
    against = rows.sizes.astype(float) if at_risk is None else at_risk
    found = rows.sums(values[rows.kept]) / against
    if on is SummaryScale.RATIO and (found <= 0).any():
        who = rows.names[int(np.argmin(found))]
        raise AnalysisError(
            f"the {kind.value} of cluster {who!r} is {found.min():g}: it has no logarithm",
            advice="take scale='difference'",
        )
    return ClusterSummaries(
        outcome=outcome,
        arm=arm,
        reference=reference,
        summary=kind,
        weighting=weighting,
        scale=on,
        conf_level=conf_level,
        rows=rows,
        values=found,
        weights=against if weighting is ClusterWeights.SIZE else np.ones(len(found)),
        exposure=at_risk,
    )


def _values(
    frame: pd.DataFrame,
    outcome: str,
    kind: ClusterSummary,
    *,
    event: object | None,
    exposure: str | None,
) -> np.ndarray:
    """The outcome of each row, as the summary takes it."""
    if (exposure is None) is (kind is ClusterSummary.RATE):
        raise AnalysisError(
            "a rate needs the time at risk: name its column by exposure="
            if exposure is None
            else f"exposure={exposure!r} belongs to rates (summary='rate'), and to nothing else"
        )
    if event is not None and kind is not ClusterSummary.PROPORTION:
        raise AnalysisError("event= belongs to proportions (summary='proportion')")
    if kind is ClusterSummary.PROPORTION:
        return binary(frame, outcome, event=event)
    values = numbers(frame, outcome, parameter="outcome")
    if kind is ClusterSummary.RATE and (values < 0).any():
        raise AnalysisError(f"outcome={outcome!r} must hold numbers of events, from 0 up")
    return values


def _weighted_t(
    one: np.ndarray,
    other: np.ndarray,
    weights_one: np.ndarray,
    weights_other: np.ndarray,
    *,
    conf_level: float,
) -> TTest:
    """Weighted means with one variance, as least squares of the clusters on the arm gives it."""
    df = len(one) + len(other) - 2
    means = [np.average(one, weights=weights_one), np.average(other, weights=weights_other)]
    squares = weights_one @ (one - means[0]) ** 2 + weights_other @ (other - means[1]) ** 2
    se = float(np.sqrt(squares / df * (1 / weights_one.sum() + 1 / weights_other.sum())))
    if not se > NO_SPREAD * max(abs(each) for each in means):
        raise AnalysisError(
            "the clusters of each arm are all alike: a t test has no standard error"
        )
    return from_estimate(float(means[0] - means[1]), se=se, df=float(df), conf_level=conf_level)
