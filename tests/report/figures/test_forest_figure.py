from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Line
from tests.report.factory import content_of, made_up_line
from trialkit.report.figures.forest_figure import turned
from trialkit.report.numbers.numbers import with_interval
from trialkit.results.lookup import ResultIndex
from trialkit.results.vocabulary import Stat

number = st.floats(-5, 5)


@given(st.tuples(number, number, number).map(sorted))
def test_turning_an_effect_keeps_its_limits_in_order(values: list[float]) -> None:
    low, effect, high = values
    there = turned(effect, low, high, lower_is_better=True)
    assert there[1] <= there[0] <= there[2]
    assert turned(*there, lower_is_better=True) == (effect, low, high)
    assert turned(effect, low, high, lower_is_better=False) == (effect, low, high)


def test_right_favours_the_experimental_arm(example: Line) -> None:
    """Pain is better when lower: its negative g is drawn as positive."""
    index = ResultIndex(example.results)
    found = index.find("primary", outcome="vas", visit="W6", term="EG - CG", arm="")
    g, low, high = (
        found[stat].stat
        for stat in (Stat.HEDGES_G, Stat.HEDGES_G_CONF_LOW, Stat.HEDGES_G_CONF_HIGH)
    )
    assert g is not None
    assert low is not None
    assert high is not None
    assert g < 0
    figure = content_of(example).figure("forest")
    assert with_interval(-g, -high, -low, digits=2) in figure.svg
    assert "The sign is reversed for outcomes of which lower is better" in figure.caption


def test_every_outcome_has_a_row_and_the_axis_says_its_sides(example: Line) -> None:
    svg = content_of(example).figure("forest").svg
    root = ElementTree.fromstring(svg)
    texts = [element.text or "" for element in root.iter() if element.tag.endswith("text")]
    for outcome in example.protocol.outcomes:
        first = outcome.label.split(" (")[0]
        assert any(first in text for text in texts), outcome.label
    assert any("Favours Usual daily life" in text for text in texts)


def test_contrasts_differ_in_shape_and_are_named() -> None:
    figure = content_of(made_up_line(arms=4)).figure("forest")
    for number in (1, 2, 3):
        assert f"Arm {number} vs Arm 0" in figure.svg


@pytest.mark.parametrize("arms", [2, 6])
def test_the_same_results_give_the_same_bytes(arms: int) -> None:
    one, two = (content_of(made_up_line(arms=arms)).figure("forest").svg for _ in range(2))
    assert one == two
