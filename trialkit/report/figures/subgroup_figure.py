"""The effect in each subgroup on one axis, with no effect, the minimal important change, and one test."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from trialkit.report.figures.figures import (
    POINTS_PER_INCH,
    drawing,
    explained,
    label_synthetic,
    room_for_label,
    ticked,
    to_svg,
)
from trialkit.report.lettering.looks import (
    GREY,
    INK,
    Look,
)
from trialkit.report.lettering.svg import printable
from trialkit.report.lettering.text_width import wrap

WIDTH = 7.4
LEFT, RIGHT = 0.34, 0.7
LINE, PADDING = 11.5, 9.0
HEAD, FOOT = 30.0, 74.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupRow:
    """One effect with its limits; a row without an effect heads those below it."""

    label: str
    effect: float | None = None
    low: float = 0.0
    high: float = 0.0
    words: str = ""
    """Effect and interval, or for a head the p value of the interaction."""
    look: Look | None = None


def draw_subgroups(
    rows: Sequence[SubgroupRow],
    *,
    axis: str,
    head: str,
    important: float | None,
    explanation: str,
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG; ``important`` is the minimal important change with the sign of better."""
    room = WIDTH * POINTS_PER_INCH * LEFT - 30
    texts = [wrap(printable(row.label), size=9, width=room) for row in rows]
    heights = [len(lines) * LINE + PADDING for lines in texts]
    top = room_for_label(synthetic, width=WIDTH)
    points = sum(heights) + HEAD + FOOT + top * POINTS_PER_INCH
    with drawing(width=WIDTH, height=points / POINTS_PER_INCH) as canvas:
        ax = canvas.add_axes((LEFT, FOOT / points, RIGHT - LEFT, sum(heights) / points))
        ax.set_ylim(sum(heights), 0)
        ax.spines["left"].set_visible(False)
        ax.set_yticks([])
        ax.axvline(0, color=GREY, linewidth=1)
        if important is not None:
            ax.axvline(important, color=INK, linewidth=1.1, linestyle=(0, (4, 3)))
        above = 0.0
        for row, lines, height in zip(rows, texts, heights, strict=True):
            _draw_row(ax, row, lines, middle=above + height / 2)
            above += height
        _set_limits(ax, rows, important)
        ax.set_xlabel("\n".join(wrap(printable(axis), size=8.5, width=260)[:2]), fontsize=8.5)
        plot_top = 1 - (HEAD + top * POINTS_PER_INCH) / points
        canvas.text(
            0.985, plot_top + 8 / points, head, ha="right", va="bottom", fontsize=8.5, weight="bold"
        )
        explained(canvas, explanation)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def _draw_row(ax: Axes, row: SubgroupRow, lines: tuple[str, ...], *, middle: float) -> None:
    sides = ax.get_yaxis_transform()
    heads = row.effect is None
    left = (0.015 + (0.0 if heads else 0.02) - LEFT) / (RIGHT - LEFT)
    ax.text(
        left,
        middle,
        "\n".join(lines),
        transform=sides,
        va="center",
        ha="left",
        fontweight="bold" if heads else "normal",
        linespacing=1.15,
    )
    ax.text(
        (0.985 - LEFT) / (RIGHT - LEFT),
        middle,
        row.words,
        transform=sides,
        va="center",
        ha="right",
        fontsize=8.5,
    )
    if row.effect is None or row.look is None:
        return
    ax.plot([row.low, row.high], [middle, middle], color=row.look.colour, linewidth=1.5)
    ax.plot(
        [row.effect],
        [middle],
        color=row.look.colour,
        marker=row.look.marker,
        markersize=6,
        markeredgecolor="white",
        linestyle="none",
        zorder=5,
    )


def _set_limits(ax: Axes, rows: Sequence[SubgroupRow], important: float | None) -> None:
    """Zero and the minimal important change always in sight, and some air at both ends."""
    ends = [end for row in rows if row.effect is not None for end in (row.low, row.high)]
    ends += [0.0, *([] if important is None else [important])]
    air = 0.06 * (max(ends) - min(ends)) or 0.5
    ax.set_xlim(min(ends) - air, max(ends) + air)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    ax.tick_params(axis="x", labelsize=8.5)
    ticked(ax, which="x")
