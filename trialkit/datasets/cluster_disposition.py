"""How many clusters were at each stage of the trial, and how large they were."""

import pandas as pd

from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.cluster_flow import ArmClusters, ClusterFlow, ClusterSizes


def count_clusters(
    protocol: Protocol, people: pd.DataFrame, *, lost: pd.Series, analysed: pd.Series
) -> ClusterFlow | None:
    """The clusters of the randomised ``people`` by arm; None where the trial has none.

    ``lost`` and ``analysed`` are subjects: who is lost for the primary outcome, and who is in the
    primary analysis. A name in two arms is a cluster of each.
    """
    clusters = protocol.clusters
    if clusters is None:
        return None
    known = people.dropna(subset=["cluster"])
    return ClusterFlow(
        assessed=clusters.assessed,
        not_randomised={each.reason: each.count for each in clusters.excluded},
        randomised=int(known["cluster"].nunique()) if clusters.randomised else None,
        arms={
            arm: _of_arm(people[people["arm"] == arm], lost=lost, analysed=analysed)
            for arm in clusters.arms or protocol.arm_codes
        },
    )


def _of_arm(own: pd.DataFrame, *, lost: pd.Series, analysed: pd.Series) -> ArmClusters:
    known = own.dropna(subset=["cluster"])
    counts = (
        known.assign(
            lost=known["subject_id"].isin(lost), analysed=known["subject_id"].isin(analysed)
        )
        .groupby("cluster", sort=True)[["lost", "analysed"]]
        .agg(["sum", "size"])
    )
    used, gone = counts["analysed", "sum"], counts["lost", "sum"]
    everybody = counts["lost", "size"]
    left = (used == 0) & (gone == everybody)
    return ArmClusters(
        allocated=_sizes(everybody),
        lost=int(left.sum()),
        analysed=_sizes(used[used > 0]),
        excluded=int(((used == 0) & ~left).sum()),
        not_recorded=int(own["cluster"].isna().sum()),
    )


def _sizes(sizes: pd.Series) -> ClusterSizes:
    if sizes.empty:
        return ClusterSizes(clusters=0)
    return ClusterSizes(
        clusters=len(sizes),
        median=float(sizes.median()),
        least=int(sizes.min()),
        most=int(sizes.max()),
    )
