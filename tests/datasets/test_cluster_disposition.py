"""Clusters are counted as their participants are: who is lost, who is analysed, who has no name."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.report.factory import made_up_protocol
from trialkit.datasets.cluster_disposition import count_clusters
from trialkit.protocol.trial.clusters import Clusters, ExcludedClusters
from trialkit.results.cluster_flow import ArmClusters, ClusterFlow, ClusterSizes

WHOLE = Clusters(
    label="class",
    plural="classes",
    randomised=True,
    assessed=6,
    excluded=(ExcludedClusters(reason="No room", count=1),),
)
PEOPLE = pd.DataFrame(
    {
        "subject_id": list("abcdefghijk"),
        "arm": ["A0"] * 6 + ["A1"] * 5,
        # one class of A0 is lost with both of its people; one of A1 has nobody analysed, and not all lost
        "cluster": [*"1112", "2", None, *"33344"],
    }
)
LOST = pd.Series([*"dec", "j"])
ANALYSED = pd.Series([*"abfghi"])


def counted(clusters: Clusters | None) -> ClusterFlow | None:
    protocol = replace(made_up_protocol(), clusters=clusters)
    return count_clusters(protocol, PEOPLE, lost=LOST, analysed=ANALYSED)


def test_each_cluster_is_analysed_lost_or_excluded() -> None:
    flow = counted(WHOLE)
    assert flow is not None
    assert (flow.assessed, flow.not_randomised, flow.randomised) == (6, {"No room": 1}, 4)
    assert flow.without_participants == 1
    assert flow.arms == {
        "A0": ArmClusters(
            allocated=ClusterSizes(clusters=2, median=2.5, least=2, most=3),
            lost=1,
            analysed=ClusterSizes(clusters=1, median=2.0, least=2, most=2),
            excluded=0,
            not_recorded=1,
        ),
        "A1": ArmClusters(
            allocated=ClusterSizes(clusters=2, median=2.5, least=2, most=3),
            lost=0,
            analysed=ClusterSizes(clusters=1, median=3.0, least=3, most=3),
            excluded=1,
        ),
    }


def test_clusters_of_one_arm_are_of_that_arm_and_were_not_randomised() -> None:
    flow = counted(Clusters(label="class", plural="classes", randomised=False, arms=("A1",)))
    assert flow is not None
    assert list(flow.arms) == ["A1"]
    assert (flow.assessed, flow.randomised, flow.without_participants) == (None, None, None)


def test_a_trial_without_clusters_counts_none() -> None:
    assert counted(None) is None


@pytest.mark.parametrize("cluster", [None, "1"])
def test_an_arm_whose_clusters_nobody_recorded_has_none(cluster: str | None) -> None:
    protocol = replace(made_up_protocol(), clusters=WHOLE)
    people = PEOPLE.assign(cluster=PEOPLE["cluster"].where(PEOPLE["arm"] == "A0", cluster))
    flow = count_clusters(protocol, people, lost=LOST, analysed=ANALYSED)
    assert flow is not None
    assert flow.arms["A1"].allocated.clusters == (cluster is not None)
    assert flow.arms["A1"].not_recorded == 5 * (cluster is None)
