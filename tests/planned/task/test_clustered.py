"""Participants are joined to their clusters, one row each, whatever the analysis."""

from dataclasses import replace

import pytest

from tests.planned.hand import task_of
from trialkit.errors import AnalysisError
from trialkit.planned.task.clustered import join_clusters, state_clusters, with_clusters
from trialkit.protocol.methods.cluster_comparisons import ClusterMeansComparison
from trialkit.protocol.trial.clusters import Clusters
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

PLAN = ClusterMeansComparison()


def test_each_participant_has_the_cluster_of_the_subjects() -> None:
    task = task_of(PLAN, "pain")
    rows = with_clusters(task, PLAN)
    assert rows["subject_id"].is_unique
    named = dict(zip(task.subjects["subject_id"], task.subjects["cluster"], strict=True))
    assert rows["cluster"].tolist() == [named[each] for each in rows["subject_id"]]


def test_a_cluster_that_was_allocated_whole_is_in_one_arm() -> None:
    own = task_of(PLAN, "pain")
    whole = Clusters(label="class", plural="classes", randomised=True)
    people = own.subjects.assign(cluster="the only one")
    task = replace(own, subjects=people, protocol=replace(own.protocol, clusters=whole))
    with pytest.raises(AnalysisError, match="class 'the only one' has participants of 3 arms"):
        join_clusters(own.at_time_point(), task)


def test_the_sizes_of_each_arm_are_of_the_rows() -> None:
    task = task_of(PLAN, "pain")
    rows = with_clusters(task, PLAN)
    stated = [each for each in state_clusters(task, rows, "value") if isinstance(each, Result)]
    for arm, own in rows.groupby("arm", observed=True):
        found = {each.stat_name: each.stat for each in stated if each.arm == arm}
        assert found[Stat.N_CLUSTERS] == own["cluster"].nunique()
        assert found[Stat.CLUSTER_SIZE] == pytest.approx(len(own) / own["cluster"].nunique())
