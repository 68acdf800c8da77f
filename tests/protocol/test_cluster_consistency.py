"""Clusters of every arm, of some, of none: which methods are for them."""

import pytest

from tests.protocol.test_plan_consistency import extra, plan
from trialkit.protocol.cluster_consistency import complain_of_clusters
from trialkit.protocol.tables.definitions import Complaints

NOBODY: dict[str, object] = {}
EVERYWHERE = {"clusters": {"label": "class"}}
IN_A = {"clusters": {"label": "class", "arms": ["A"]}}
BY_NAME = {"clusters": {"label": "class", "arms": ["P", "A"]}}


@pytest.mark.parametrize(
    ("clusters", "method", "found"),
    [
        (NOBODY, "random_intercepts", "'random_intercepts', and no [clusters]"),
        (NOBODY, "ancova", ""),
        (EVERYWHERE, "random_intercepts", ""),
        (
            EVERYWHERE,
            "partially_nested",
            "'partially_nested', and [clusters] with clusters in every arm",
        ),
        (IN_A, "partially_nested", ""),
        (
            IN_A,
            "random_intercepts",
            "'random_intercepts', and [clusters] with clusters in some of the arms",
        ),
        (BY_NAME, "partially_nested", "the codes of all arms"),
    ],
)
def test_a_method_is_for_the_clusters_that_there_are(
    clusters: dict[str, object], method: str, found: str
) -> None:
    complaints = Complaints("protocol.toml")
    complain_of_clusters(plan(extra(method=method), **clusters), complaints)
    assert [each.found for each in complaints.all()] == ([found] if found else [])
