"""A map of a grid: shades that grey keeps apart, contours from edge to edge, and a frame where nothing is added."""

from itertools import pairwise

import pytest
from matplotlib.figure import Figure

from trialkit.drawing.tipping_map import (
    TippingCell,
    contour_lines,
    draw_contour,
    draw_grid,
    edges,
    frame_nothing_added,
    lightness,
    shades,
)

ACROSS, UPWARDS = (-2.0, 0.0, 2.0), (0.0, 1.0)


def cells(words: str = "1.0") -> list[list[TippingCell]]:
    return [[TippingCell(level=(x + y) % 3, words=words) for x in range(3)] for y in range(2)]


def test_shades_become_lighter_in_steps_that_grey_shows_too() -> None:
    for levels in (2, 5, 6, 8):
        light = [lightness(each) for each in shades(levels)]
        assert light == sorted(light)
        assert min(later - earlier for earlier, later in pairwise(light)) > 0.05
    assert len(shades(1)) == 1


def test_a_cell_reaches_half_way_to_its_neighbours_and_as_far_beyond_the_ends() -> None:
    assert edges(ACROSS) == [-3, -1, 1, 3]
    assert edges((0.0, 1.0, 4.0)) == [-0.5, 0.5, 2.5, 5.5]


@pytest.mark.parametrize(("room", "written"), [(True, 6), (False, 0)])
def test_each_point_has_a_cell_of_its_class_and_numbers_where_all_have_room(
    room: bool, written: int
) -> None:
    ax = Figure().add_subplot()
    colours = shades(3)
    draw_grid(ax, ACROSS, UPWARDS, cells(), colours, size=8, has_room=lambda _: room)
    assert len(ax.patches) == 6
    assert len(ax.texts) == written
    first, last = ax.patches[0], ax.patches[-1]
    assert (first.get_x(), first.get_y(), first.get_width()) == (-3, -0.5, 2)
    assert (last.get_x(), last.get_y(), last.get_height()) == (1, 0.5, 1)
    assert ax.get_xlim() == (-3, 3)
    assert ax.get_ylim() == (-0.5, 1.5)
    inks = {text.get_color() for text in ax.texts}
    assert inks == ({"white", "black"} if room else set())


def test_a_contour_goes_from_edge_to_edge_of_the_squares_it_crosses() -> None:
    points = [(0.5, 0.0), (1.5, 1.0), (2.0, 1.0), (-1.0, 0.0), (0.0, 0.5)]
    lines = contour_lines(points, ACROSS, UPWARDS)
    assert ((-1.0, 0.0), (0.0, 0.5)) in lines
    assert lines == list(dict.fromkeys(lines))
    assert contour_lines([], ACROSS, UPWARDS) == []
    assert contour_lines([(0.5, 0.0), (0.7, 1.0)], ACROSS, UPWARDS) == [((0.5, 0.0), (0.7, 1.0))]


def test_a_corner_that_is_crossed_joins_both_its_squares() -> None:
    lines = contour_lines([(-1.0, 0.0), (0.0, 1.0), (1.0, 0.0)], ACROSS, UPWARDS)
    assert lines == [((-1.0, 0.0), (0.0, 1.0)), ((0.0, 1.0), (1.0, 0.0))]


def test_contours_and_the_frame_are_dark_on_white_so_that_every_shade_shows_them() -> None:
    ax = Figure().add_subplot()
    draw_contour(ax, [((0, 0), (1, 1)), ((1, 1), (2, 1))], dash="dashed")
    colours = [line.get_color() for line in ax.lines]
    assert colours[:2] == ["white", "white"]
    assert "white" not in colours[2:]
    assert {line.get_linestyle() for line in ax.lines[2:]} == {"--"}
    assert ax.lines[0].get_linewidth() > ax.lines[2].get_linewidth()
    frame_nothing_added(ax, ACROSS, UPWARDS)
    assert [(patch.get_x(), patch.get_y(), patch.get_width()) for patch in ax.patches] == [
        (-1, -0.5, 2),
        (-1, -0.5, 2),
    ]
    assert not any(patch.get_fill() for patch in ax.patches)
