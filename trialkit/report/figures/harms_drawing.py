"""Adverse events: each arm's percentage on the left, the difference with its interval on the right.

Where no row has a difference, there is no right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from trialkit.drawing.looks import GREY, LIGHT, TextLook
from trialkit.printable import fit_for_xml
from trialkit.report.figures.figures import (
    POINTS_PER_INCH,
    drawing,
    explained,
    label_synthetic,
    room_for_label,
    ticked,
    to_svg,
    words_height,
)
from trialkit.report.figures.legends import key, legend_height, put_legend
from trialkit.report.lettering.text_width import wrap

WIDTH = 7.4
LEFT, MIDDLE, RIGHT = 0.3, 0.62, 0.98
HEAD, TICKS = 26.0, 34.0
LINE, PADDING = 11.5, 8.0
LEAST_PERCENT = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmShare:
    """How many percent of an arm had the event."""

    look: TextLook
    label: str
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskDifference:
    """An arm's risk difference from the reference, in percentage points."""

    look: TextLook
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One kind of event."""

    label: str
    shares: tuple[ArmShare, ...]
    differences: tuple[RiskDifference, ...]
    bold: bool = False
    """Whether it is of all events of a class, whose terms stand below it."""


def draw_harms(
    rows: Sequence[EventRow],
    *,
    interval: str,
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG, one row an event."""
    room = LEFT * WIDTH * POINTS_PER_INCH - 16
    texts = [wrap(fit_for_xml(row.label), size=8.5, width=room, bold=row.bold) for row in rows]
    least = 8.0 * max(len(row.differences) for row in rows)
    heights = [max(len(lines) * LINE, least) + PADDING for lines in texts]
    top = room_for_label(synthetic, width=WIDTH)
    compares = any(row.differences for row in rows)
    words = f"Bars: {interval} confidence interval of the risk difference (Newcombe)." * compares
    arms = rows[0].shares
    labels = [each.label for each in arms]
    below = words_height(words, width=WIDTH) if compares else 0.0
    foot = TICKS + legend_height(labels, width=WIDTH) + below
    points = sum(heights) + HEAD + foot + top * POINTS_PER_INCH
    with drawing(width=WIDTH, height=points / POINTS_PER_INCH) as canvas:
        tall = sum(heights) / points
        end = MIDDLE - 0.02 if compares else RIGHT
        shares = canvas.add_axes((LEFT, foot / points, end - LEFT, tall))
        _prepare(shares, "Participants, %", bottom=sum(heights))
        middles = list(middles_of(heights))
        for row, lines, middle in zip(rows, texts, middles, strict=True):
            _draw_shares(shares, row, lines, middle=middle)
        if compares:
            place = (MIDDLE + 0.02, foot / points, RIGHT - MIDDLE - 0.02, tall)
            differences = canvas.add_axes(place)
            _prepare(differences, "Risk difference, points", bottom=sum(heights))
            differences.axvline(0, color=GREY, linewidth=1)
            for row, middle in zip(rows, middles, strict=True):
                _draw_differences(differences, row, middle=middle)
        most = max(LEAST_PERCENT, *(each.percent for row in rows for each in row.shares))
        shares.set_xlim(-0.04 * most, 1.04 * most)
        keys = [key(each.look, line=False) for each in arms]
        put_legend(canvas, keys, labels, bottom=below + 4)
        if words:
            explained(canvas, words)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def middles_of(heights: Sequence[float]) -> Iterator[float]:
    """Where the middle of each row is, from the top."""
    above = 0.0
    for height in heights:
        yield above + height / 2
        above += height


def _prepare(ax: Axes, head: str, *, bottom: float) -> None:
    ax.set_ylim(bottom, 0)
    ax.set_yticks([])
    ax.set_axisbelow(True)
    ax.grid(axis="x", color=LIGHT, linewidth=0.6)
    ax.spines["left"].set_visible(False)
    ax.set_title(head, loc="left", fontsize=8.5)
    ax.tick_params(axis="x", labelsize=8.5)
    ticked(ax, which="x")


def _draw_shares(shares: Axes, row: EventRow, lines: tuple[str, ...], *, middle: float) -> None:
    shares.text(
        -0.02,
        middle,
        "\n".join(lines),
        transform=shares.get_yaxis_transform(),
        ha="right",
        va="center",
        fontsize=8.5,
        fontweight="bold" if row.bold else "normal",
    )
    for at, share in enumerate(row.shares):
        shares.plot(
            [share.percent],
            [middle + 5.0 * (at - (len(row.shares) - 1) / 2)],
            color=share.look.colour,
            marker=share.look.marker,
            markersize=6,
            markeredgecolor="white",
            linestyle="none",
        )


def _draw_differences(differences: Axes, row: EventRow, *, middle: float) -> None:
    for at, each in enumerate(row.differences):
        level = middle + 8.0 * (at - (len(row.differences) - 1) / 2)
        differences.plot([each.low, each.high], [level, level], color=each.look.colour)
        differences.plot(
            [each.estimate],
            [level],
            color=each.look.colour,
            marker=each.look.marker,
            markersize=6,
            markeredgecolor="white",
            linestyle="none",
        )
