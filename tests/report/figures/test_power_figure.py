"""The power curve as a drawing: accessible, the same bytes each time, and with its words."""

from xml.etree import ElementTree

import pytest

from trialkit.design.sample_size import (
    ClusterMeans,
    MixedAnova,
    NonInferiorityMeans,
    RequiredSize,
    TwoSampleT,
)
from trialkit.design.sample_size.sensitivity import drawn_curve
from trialkit.report.figures.power_figure import draw_power_curve

SIZES = [
    TwoSampleT(difference=10, sd=24).solve_n(0.9),
    TwoSampleT(difference=-10, sd=24).evaluate((40, 90)),
    MixedAnova(f=0.25, visits=2, correlation=0.5).solve_n(0.8),
    ClusterMeans(difference=0.5, icc=0.05, cluster_size=20).solve_n(0.8),
    NonInferiorityMeans(margin=0.5, direction="lower").solve_n(0.8),
]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.situation.method.value + str(size.n))
def test_the_drawing_says_what_it_shows(size: RequiredSize) -> None:
    svg = draw_power_curve(drawn_curve(size))
    root = ElementTree.fromstring(svg)
    words = " ".join(root.itertext())
    assert size.sentence in words
    assert "(assumed)" in words
    assert size.situation.unit in words.lower()
    assert "nan" not in svg.lower().replace("nance", "")


def test_the_same_size_gives_the_same_bytes() -> None:
    assert draw_power_curve(drawn_curve(SIZES[0])) == draw_power_curve(drawn_curve(SIZES[0]))
