"""A grid of what is added to imputed values of two arms: shades of p, estimates, and contours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from trialkit.drawing.looks import INK

NEAR = 1e-9
LIGHTEST, DARKEST = 0.95, 0.12
"""Of the colours, which differ in lightness alone to who sees no colours, the part that is used."""
TURNS_WHITE = 0.5
"""On a colour darker than this numbers are white."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TippingCell:
    """What a point of the grid says: its class of p, the least first, and the estimate as printed."""

    level: int
    words: str


def shades(levels: int) -> tuple[str, ...]:
    """A colour for each class of p, dark for the least; lightness rises in even steps, also in grey."""
    colours = colormaps["cividis"]
    step = (LIGHTEST - DARKEST) / max(levels - 1, 1)
    return tuple(to_hex(colours(DARKEST + place * step)) for place in range(levels))


def draw_grid(
    ax: Axes,
    across: Sequence[float],
    upwards: Sequence[float],
    cells: Sequence[Sequence[TippingCell]],
    colours: Sequence[str],
    *,
    size: float,
    has_room: Callable[[str], bool],
) -> None:
    """Each point as a cell around it; ``cells`` has a row for each number upwards."""
    lefts, bottoms = edges(across), edges(upwards)
    written = all(has_room(cell.words) for row in cells for cell in row)
    for row, y, (low, high) in zip(cells, upwards, pairwise(bottoms), strict=True):
        for cell, x, (left, right) in zip(row, across, pairwise(lefts), strict=True):
            colour = colours[cell.level]
            ax.add_patch(
                Rectangle(
                    (left, low),
                    right - left,
                    high - low,
                    facecolor=colour,
                    edgecolor="white",
                    linewidth=0.4,
                )
            )
            if written:
                ink = "white" if lightness(colour) < TURNS_WHITE else "black"
                behind = {"facecolor": colour, "edgecolor": "none", "boxstyle": "square,pad=0.1"}
                ax.text(
                    x,
                    y,
                    cell.words,
                    ha="center",
                    va="center",
                    fontsize=size,
                    color=ink,
                    zorder=8,
                    bbox=behind,
                )
    ax.set_xlim(lefts[0], lefts[-1])
    ax.set_ylim(bottoms[0], bottoms[-1])


def draw_contour(
    ax: Axes, lines: Sequence[tuple[tuple[float, float], tuple[float, float]]], *, dash: str
) -> None:
    """A contour in black on a wider white line, so that it is seen on every shade."""
    for (x, y), (x_end, y_end) in lines:
        ax.plot([x, x_end], [y, y_end], color="white", linewidth=4.2, solid_capstyle="round", zorder=4)  # fmt: skip
    for (x, y), (x_end, y_end) in lines:
        ax.plot([x, x_end], [y, y_end], color=INK, linewidth=1.9, linestyle=dash, zorder=5)


def frame_nothing_added(ax: Axes, across: Sequence[float], upwards: Sequence[float]) -> None:
    """A frame around the cell of the point where nothing is added."""
    lefts, bottoms = edges(across), edges(upwards)
    column, row = list(across).index(0.0), list(upwards).index(0.0)
    wide, tall = lefts[column + 1] - lefts[column], bottoms[row + 1] - bottoms[row]
    for colour, width in (("white", 4.6), (INK, 2.2)):
        ax.add_patch(
            Rectangle(
                (lefts[column], bottoms[row]),
                wide,
                tall,
                fill=False,
                edgecolor=colour,
                linewidth=width,
                zorder=6,
                clip_on=False,
            )
        )


def edges(points: Sequence[float]) -> list[float]:
    """Half way between neighbours, and as far beyond the ends."""
    between = [(low + high) / 2 for low, high in pairwise(points)]
    first = points[0] - (between[0] - points[0])
    return [first, *between, points[-1] + (points[-1] - between[-1])]


def contour_lines(
    crossings: Sequence[tuple[float, float]], across: Sequence[float], upwards: Sequence[float]
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """From edge to edge of each square between points of the grid; crossings lie on its lines."""
    found: list[tuple[tuple[float, float], tuple[float, float]]] = []
    for left, right in pairwise(across):
        for low, high in pairwise(upwards):
            here = sorted(
                (x, y)
                for x, y in dict.fromkeys(crossings)
                if left - NEAR <= x <= right + NEAR
                and low - NEAR <= y <= high + NEAR
                and (_is(x, left, right) or _is(y, low, high))
            )
            found += list(zip(here[::2], here[1::2], strict=False))
    return list(dict.fromkeys(found))


def _is(value: float, *lines: float) -> bool:
    return any(abs(value - line) <= NEAR for line in lines)


def lightness(colour: str) -> float:
    """How light a colour is to the eye, from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
