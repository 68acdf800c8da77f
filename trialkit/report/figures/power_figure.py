"""The power of a planned trial over its size, for the assumed effect and for other ones."""

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from trialkit.decimals import significant
from trialkit.drawing.looks import (
    GREY,
    LIGHT,
    look,
)
from trialkit.printable import fit_for_xml
from trialkit.report.figures.figures import (
    drawing,
    to_svg,
)
from trialkit.report.lettering.text_width import wrap
from trialkit.report.numbers.numbers import count, number, plain
from trialkit.results.power_curve import PowerCurve, PowerLine

WIDTH = 7.4
HEIGHT = 4.2
DASHES = ("solid", "dashed", "dotted", "dashdot")


def draw_power_curve(curve: PowerCurve) -> str:
    """The figure as SVG."""
    unit = curve.unit
    title = f"Power by the number of {unit}"
    with drawing(width=WIDTH, height=HEIGHT) as canvas:
        ax = canvas.add_axes((0.1, 0.15, 0.86, 0.72))
        ax.set_axisbelow(True)
        ax.grid(color=LIGHT, linewidth=0.6)
        for place, line in enumerate(curve.lines):
            _draw_line(ax, line, name=curve.effect_name, place=place)
        _mark_size(ax, curve)
        ax.set_ylim(0, 1.02)
        ax.set_xlim(0, None)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: count(round(tick))))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda tick, _: number(tick, digits=1)))
        ax.set_xlabel(f"{unit.capitalize()} analysed, all arms together")
        ax.set_ylabel("Power")
        ax.legend(loc="lower right", fontsize=8.5)
        lines = wrap(fit_for_xml(curve.title), size=9.5, width=WIDTH * 72 * 0.86, bold=True)
        ax.set_title("\n".join(lines), loc="left")
        return to_svg(canvas, name="power", title=title, description=curve.sentence)


def _draw_line(ax: Axes, line: PowerLine, *, name: str, place: int) -> None:
    """One effect's curve, told apart by colour, dashes and marker."""
    style, effect = look(place), line.effect
    label = f"{name.replace('_', ' ')} {plain(float(significant(effect, 4)))}"
    if line.assumed:
        label += " (assumed)"
    ax.plot(
        line.sizes,
        line.powers,
        color=style.colour,
        linestyle=DASHES[place % len(DASHES)],
        marker=style.marker,
        markersize=4,
        markevery=max(1, len(line.sizes) // 6),
        linewidth=1.8,
        label=label,
    )


def _mark_size(ax: Axes, size: PowerCurve) -> None:
    """The size and its power, and the power that was wanted."""
    if size.target_power is not None:
        ax.axhline(size.target_power, color=GREY, linewidth=0.9, linestyle="dashed")
    ax.plot([size.n, size.n], [0, size.power], color=GREY, linewidth=0.9)
    ax.plot([size.n], [size.power], color="black", marker="o", markersize=6, linestyle="none")
