"""Means with their confidence intervals side by side at places of an axis, joined by lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from trialkit.decimals import significant
from trialkit.drawing.looks import LIGHT, TextLook
from trialkit.drawing.marks import draw_course
from trialkit.printable import fit_for_xml
from trialkit.report.figures.figures import (
    POINTS_PER_INCH,
    drawing,
    label_synthetic,
    room_for_label,
    room_for_upright,
    side_by_side,
    to_svg,
    upright,
)
from trialkit.report.figures.legends import key, legend_height, put_legend
from trialkit.report.numbers.numbers import plain

WIDTH, PLOT_HEIGHT = 6.4, 2.4
ABOVE, RIGHT = 24.0, 12.0
DODGE = 0.09
"""How far neighbouring lines stand apart, in places, so that intervals do not hide each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedMean:
    """A mean at a place of the axis, by its code, with its limits."""

    place: str
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanLine:
    """The means that one line joins, from place to place."""

    label: str
    look: TextLook
    means: tuple[PlacedMean, ...]


def draw_mean_lines(
    lines: Sequence[MeanLine],
    *,
    places: Mapping[str, str],
    axis: str,
    heading: str,
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG; ``places`` are the labels under the axis by code, lines differ in colour and shape."""
    top = room_for_label(synthetic, width=WIDTH)
    left = room_for_upright(axis, size=9, length=PLOT_HEIGHT * POINTS_PER_INCH)
    wide = WIDTH * POINTS_PER_INCH - left - RIGHT
    labels = side_by_side(
        [fit_for_xml(each) for each in places.values()],
        size=8.5,
        room=min(90, wide / len(places) - 3),
    )
    names = [each.label for each in lines]
    foot = legend_height(names, width=WIDTH) + 10
    bottom = foot + 14 + 10.6 * max(each.count("\n") + 1 for each in labels)
    whole = PLOT_HEIGHT + top + (bottom + ABOVE) / POINTS_PER_INCH
    with drawing(width=WIDTH, height=whole) as canvas:
        ax = canvas.add_axes(
            (
                left / (WIDTH * POINTS_PER_INCH),
                bottom / POINTS_PER_INCH / whole,
                wide / (WIDTH * POINTS_PER_INCH),
                PLOT_HEIGHT / whole,
            )
        )
        for position, line in enumerate(lines):
            shift = (position - (len(lines) - 1) / 2) * DODGE
            _draw_line(ax, line, places=list(places), shift=shift)
        ax.set_xticks(list(range(len(places))), labels)
        ax.set_xlim(-0.4, len(places) - 0.6)
        ax.set_axisbelow(True)
        ax.grid(axis="y", color=LIGHT, linewidth=0.6)
        ax.set_ylabel(upright(axis, size=9, length=PLOT_HEIGHT * POINTS_PER_INCH))
        ax.yaxis.set_major_formatter(
            FuncFormatter(lambda tick, _: plain(float(significant(tick, 10))))
        )
        put_legend(canvas, [key(each.look) for each in lines], names, bottom=5)
        ax.set_title(
            heading,
            loc="left",
            fontsize=8.5,
            fontweight="normal",
        )
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def _draw_line(ax: Axes, line: MeanLine, *, places: Sequence[str], shift: float) -> None:
    at = {place: float(number) for number, place in enumerate(places)}
    draw_course(
        ax,
        [at[each.place] + shift for each in line.means],
        [each.estimate for each in line.means],
        ([each.low for each in line.means], [each.high for each in line.means]),
        label=fit_for_xml(line.label),
        look=line.look,
    )
