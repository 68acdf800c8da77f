"""Grotta bars: how far each level reaches in each arm, in greys that can be told apart."""

import pytest
from matplotlib.patches import Rectangle

from tests.report.figures.drawn import canvases, words
from trialkit.report.figures import level_figure
from trialkit.report.figures.level_figure import LevelBar, draw_levels, greys

LEVELS = ("Worse", "Same", "Better")
BARS = (
    LevelBar(label="Usual care", counts=(10, 6, 4)),
    LevelBar(label="Training", counts=(0, 5, 45)),
)


def test_levels_end_where_their_shares_add_up_to() -> None:
    assert BARS[0].size == 20
    assert BARS[0].edges == (0, 50, 80, 100)
    assert BARS[1].edges == (0, 0, 10, 100)


def test_greys_go_from_light_to_dark_in_even_steps() -> None:
    assert greys(3) == pytest.approx((0.95, 0.6, 0.25))
    assert greys(1) == (0.95,)


def test_each_level_is_a_part_of_the_bar_and_lines_join_where_levels_end() -> None:
    with canvases(level_figure) as made:
        draw_levels(BARS, LEVELS, synthetic="", name="n", title="t", description="d")
    (canvas,) = made
    (ax,) = canvas.axes
    parts = [each for each in ax.patches if isinstance(each, Rectangle)]
    assert [(each.get_x(), each.get_width()) for each in parts] == [
        (0, 50), (50, 30), (80, 20), (0, 0), (0, 10), (10, 90),
    ]  # fmt: skip
    shades = [each.get_facecolor()[0] for each in parts]
    assert shades == pytest.approx([0.95, 0.6, 0.25] * 2)
    joined = [tuple(float(x) for x in line.get_xdata()) for line in ax.lines]
    assert joined == [(50.0, 0.0), (80.0, 10.0)]
    said = words(canvas)
    assert {"Usual care (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}20)", "10", "6", "4", "45"} <= set(
        said
    )
    assert "0" not in said  # no number where nobody is
    assert set(LEVELS) <= set(said)
