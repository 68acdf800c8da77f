"""The power of a planned trial over its size, for the assumed effect and for other ones."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from trialkit.design.sample_size.sensitivity import power_curve
from trialkit.design.sample_size.situation import RequiredSize
from trialkit.report.figures.figures import (
    drawing,
    to_svg,
)
from trialkit.report.lettering.looks import (
    GREY,
    LIGHT,
    look,
)
from trialkit.report.lettering.svg import printable
from trialkit.report.lettering.text_width import wrap
from trialkit.report.numbers.numbers import count, number, plain

WIDTH = 7.4
HEIGHT = 4.2
DASHES = ("solid", "dashed", "dotted", "dashdot")


def draw_power_curve(size: RequiredSize, *, curve: pd.DataFrame | None = None) -> str:
    """The figure as SVG; ``curve`` is :func:`power_curve`'s frame, where it was made already."""
    points = power_curve(size) if curve is None else curve
    unit = size.situation.unit
    title = f"Power by the number of {unit}"
    with drawing(width=WIDTH, height=HEIGHT) as canvas:
        ax = canvas.add_axes((0.1, 0.15, 0.86, 0.72))
        ax.set_axisbelow(True)
        ax.grid(color=LIGHT, linewidth=0.6)
        for place, (_, line) in enumerate(points.groupby("factor", sort=False)):
            _draw_line(ax, line, name=size.situation.effect_name, place=place)
        _mark_size(ax, size)
        ax.set_ylim(0, 1.02)
        ax.set_xlim(0, None)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: count(round(tick))))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda tick, _: number(tick, digits=1)))
        ax.set_xlabel(f"{unit.capitalize()} analysed, all arms together")
        ax.set_ylabel("Power")
        ax.legend(loc="lower right", fontsize=8.5)
        lines = wrap(printable(size.title), size=9.5, width=WIDTH * 72 * 0.86, bold=True)
        ax.set_title("\n".join(lines), loc="left")
        return to_svg(canvas, name="power", title=title, description=size.sentence)


def _draw_line(ax: Axes, line: pd.DataFrame, *, name: str, place: int) -> None:
    """One effect's curve, told apart by colour, dashes and marker."""
    style, effect = look(place), float(line["effect"].iloc[0])
    label = f"{name.replace('_', ' ')} {plain(float(f'{effect:.4g}'))}"
    if float(line["factor"].iloc[0]) == 1:
        label += " (assumed)"
    ax.plot(
        line["n"],
        line["power"],
        color=style.colour,
        linestyle=DASHES[place % len(DASHES)],
        marker=style.marker,
        markersize=4,
        markevery=max(1, len(line) // 6),
        linewidth=1.8,
        label=label,
    )


def _mark_size(ax: Axes, size: RequiredSize) -> None:
    """The size and its power, and the power that was wanted."""
    if size.target_power is not None:
        ax.axhline(size.target_power, color=GREY, linewidth=0.9, linestyle="dashed")
    ax.plot([size.n, size.n], [0, size.power], color=GREY, linewidth=0.9)
    ax.plot([size.n], [size.power], color="black", marker="o", markersize=6, linestyle="none")
