"""What a size in clusters assumes of risks and means is refused where it cannot be."""

from dataclasses import replace

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.sizing.clusters import ClusterMeans, ClusterProportions

RISKS = ClusterProportions(risk_reference=0.1, risk_experimental=0.2, icc=0.1, cluster_size=10)
MEANS = ClusterMeans(difference=0.5, icc=0.05, cluster_size=20)


@pytest.mark.parametrize("start", [RISKS, MEANS])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"icc": 1.0}, "icc must be from 0 to below 1"),
        ({"icc": -0.1}, "icc must be from 0 to below 1"),
        ({"cluster_size": 0.5}, "cluster_size"),
        ({"size_cv": -0.1}, "size_cv"),
        ({"alpha": 0.0}, "alpha"),
        ({"sides": 3}, "sides"),
        ({"allocation": (1, 1, 1)}, "allocation"),
    ],
)
def test_clusters_that_cannot_be_are_refused(
    start: ClusterProportions | ClusterMeans, wrong: dict[str, object], said: str
) -> None:
    with pytest.raises(ProtocolError, match=said):
        replace(start, **wrong)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"risk_reference": 0.2}, "nothing to detect"),
        ({"risk_experimental": 1.2}, "risk_experimental"),
        ({"risk_reference": 0.0}, "risk_reference"),
    ],
)
def test_risks_that_cannot_be_are_refused(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        replace(RISKS, **wrong)
