"""Panels stand side by side on the paper, as wide as each other, three in a row at most."""

from itertools import pairwise
from typing import Any

import pytest

from trialkit.drawing.looks import look
from trialkit.report.figures.legends import key
from trialkit.report.figures.panels import panel_width, panels

POINTS = 7.4 * 72


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_panels_share_the_width_and_do_not_touch(count: int) -> None:
    heads = [f"Arm {number}" for number in range(count)]
    with panels(heads, height=2.5, axis="Pain", words="What they show.", synthetic="") as (_, axes):
        places = [ax.get_position() for ax in axes]
        titles = [ax.get_title(loc="left") for ax in axes]
    assert titles == heads
    assert len({round(place.width, 9) for place in places}) == 1
    wide = panel_width(count, axis="Pain", height=2.5)
    assert places[0].width == pytest.approx(wide / POINTS)
    first_row = places[:3]
    assert first_row[0].x0 == pytest.approx((36 + 9 * 1.25) / POINTS)
    assert first_row[-1].x1 == pytest.approx(1 - 12 / POINTS)
    for left, right in pairwise(first_row):
        assert right.x0 - left.x1 == pytest.approx(16 / POINTS)
        assert right.y0 == pytest.approx(left.y0)
    if count == 4:
        assert places[3].x0 == pytest.approx(places[0].x0)
        assert places[3].y1 < places[0].y0


def test_words_heads_numbers_and_legend_each_take_the_room_that_they_need() -> None:
    """A panel stays as high as it was asked to be, and the canvas grows."""
    plain = {"axis": "Pain", "words": "", "synthetic": ""}

    def height(heads: list[str], **more: Any) -> float:
        with panels(heads, height=2.0, **(plain | more)) as (canvas, axes):
            tall = canvas.get_figheight()
            assert all(ax.get_position().height * tall == pytest.approx(2.0) for ax in axes)
            return tall * 72

    alone = height(["A"])
    assert height(["A"], below=20.0) == pytest.approx(alone + 20)
    assert height(["A"], words="What it shows.") == pytest.approx(alone + 10.4 + 10)
    keys = [key(look(0)), key(look(1))]
    assert height(["A"], keys=keys, labels=["a", "b"]) == pytest.approx(alone + 10.4 + 4)
    assert height(["A long head " * 12]) == pytest.approx(alone + 11.6)
