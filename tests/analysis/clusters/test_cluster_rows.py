"""Who belongs to which cluster, and which arm a cluster is in."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.clusters.cluster_rows import (
    ClusteredRows,
    cluster_codes,
    cluster_sizes,
    described_sizes,
    read_clusters,
    refuse_single_cluster,
)
from trialkit.errors import AnalysisError

FRAME = pd.DataFrame({"c": ["b", "a", "b", None, "d", "a"], "arm": [1, 0, 1, 0, 0, 0]})


def read(frame: pd.DataFrame) -> ClusteredRows:
    return read_clusters(
        frame, cluster="c", arm="arm", reference=0, order=None, subject=None,
        unusable=((np.array(frame["c"] == "d"), "it is raining"),),
    )  # fmt: skip


def test_clusters_have_their_arm_their_size_and_their_sums() -> None:
    rows = read(FRAME)
    assert rows.names == ("b", "a")
    assert rows.arm_of.tolist() == [1, 0]
    assert rows.sizes.tolist() == [2, 2]
    assert rows.sums(np.array([1.0, 2, 3, 4])).tolist() == [4, 6]
    assert rows.excluded["reason"].tolist() == ["c is missing", "it is raining"]
    assert cluster_codes(FRAME, "c")[0].tolist() == [0, 1, 0, -1, 2, 1]


def test_sizes_are_counted_also_where_a_cluster_is_in_two_arms() -> None:
    found = cluster_sizes(FRAME.assign(arm=[1, 0, 1, 0, 0, 1]), cluster="c", arm="arm")
    assert found["arm"].tolist() == [1, 0]
    assert found["clusters"].tolist() == [2, 2]  # a is in both, with one person in each
    assert found["mean_size"].tolist() == [1.5, 1]
    assert found["cv_size"].tolist() == pytest.approx([np.sqrt(0.5) / 1.5, 0])
    nobody = cluster_sizes(FRAME.assign(c=None), cluster="c", arm="arm")
    assert len(nobody) == 0 and "mean_size" in nobody  # noqa: PT018
    assert np.isnan(described_sizes(np.array([3]))["sd_size"])


def test_a_cluster_in_two_arms_and_an_arm_of_one_are_refused() -> None:
    with pytest.raises(AnalysisError, match="cluster 'a' has rows in arm 0 and 1"):
        read(FRAME.assign(arm=[1, 0, 1, 0, 0, 1]))
    with pytest.raises(AnalysisError, match=r"arm 0 has one cluster \('a'\)"):
        refuse_single_cluster(read(FRAME), arm="arm")
