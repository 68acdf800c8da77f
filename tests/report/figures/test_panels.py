"""Panels stand side by side on the paper, as wide as each other, three in a row at most."""

from itertools import pairwise

import pytest

from trialkit.report.figures.panels import panels


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_panels_share_the_width_and_do_not_touch(count: int) -> None:
    heads = [f"Arm {number}" for number in range(count)]
    with panels(heads, height=2.5, words="What they show.", synthetic="") as (_, axes):
        places = [ax.get_position() for ax in axes]
        titles = [ax.get_title(loc="left") for ax in axes]
    assert titles == heads
    assert len({round(place.width, 9) for place in places}) == 1
    first_row = places[:3]
    assert first_row[0].x0 == pytest.approx(0.1)
    assert first_row[-1].x1 == pytest.approx(0.98)
    for left, right in pairwise(first_row):
        assert right.x0 - left.x1 == pytest.approx(0.03)
        assert right.y0 == pytest.approx(left.y0)
    if count == 4:
        assert places[3].x0 == pytest.approx(places[0].x0)
        assert places[3].y1 < places[0].y0
