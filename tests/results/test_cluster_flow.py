"""The flow of clusters is what was stated of it: there and back."""

from dataclasses import replace

import pytest

from trialkit.planned.counts.cluster_participation import state_clusters
from trialkit.planned.task.stating import Statement
from trialkit.results.cluster_flow import (
    ArmClusters,
    ClusterFlow,
    ClusterSizes,
    ClusterStage,
    read_cluster_flow,
)
from trialkit.results.lookup import ResultIndex, Shelf
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat

OF_CARE = ArmClusters(
    allocated=ClusterSizes(clusters=7, median=5.5, least=2, most=11),
    lost=1,
    analysed=ClusterSizes(clusters=4, median=4.0, least=1, most=9),
    excluded=2,
    not_recorded=3,
)
NONE = ArmClusters(
    allocated=ClusterSizes(clusters=0), lost=0, analysed=ClusterSizes(clusters=0), excluded=0
)
WHOLE = ClusterFlow(
    assessed=12,
    not_randomised={"No room": 3, "Closed": 0},
    randomised=7,
    arms={"CARE": OF_CARE, "TRAIN": NONE},
)
PARTLY = ClusterFlow(assessed=None, not_randomised={}, randomised=None, arms={"TRAIN": OF_CARE})


def there_and_back(flow: ClusterFlow) -> ClusterFlow | None:
    statement = Statement(analysis_id=Shelf.FLOW, method="descriptive")
    rows = tuple(state_clusters(statement, flow))
    return read_cluster_flow(ResultIndex(Results(rows=rows)), ("CARE", "TRAIN"))


@pytest.mark.parametrize("flow", [WHOLE, PARTLY])
def test_what_is_stated_is_read(flow: ClusterFlow) -> None:
    assert there_and_back(flow) == flow


def test_nothing_is_read_of_a_trial_without_clusters() -> None:
    assert read_cluster_flow(ResultIndex(Results(rows=())), ("CARE",)) is None


def test_clusters_that_are_said_to_be_there_and_have_nobody_are_counted_apart() -> None:
    assert WHOLE.without_participants == 2
    statement = Statement(analysis_id=Shelf.FLOW, method="descriptive")
    for randomised, empty in ((7, [2]), (9, [0]), (10, [])):
        rows = state_clusters(statement, replace(WHOLE, randomised=randomised))
        assert [row.stat for row in rows if row.term == ClusterStage.EMPTY] == empty


def test_of_an_arm_that_another_program_analysed_otherwise_nobody_knows_the_clusters() -> None:
    found = there_and_back(WHOLE.unknown_in({"CARE"}))
    assert found is not None
    assert found.arms["CARE"].analysed is None
    assert found.arms["CARE"].allocated == OF_CARE.allocated
    assert found.arms["TRAIN"] == NONE


def test_counts_of_clusters_are_no_counts_of_participants() -> None:
    statement = Statement(analysis_id=Shelf.FLOW, method="descriptive")
    people = [row.term for row in state_clusters(statement, WHOLE) if row.stat_name is Stat.N]
    assert people == [ClusterStage.NOT_RECORDED]
