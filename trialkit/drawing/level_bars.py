"""Grotta bars: the levels of each arm as shares of a bar, joined where a level ends, readable in grey."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from matplotlib.axes import Axes

from trialkit.drawing.looks import GREY, INK

LIGHTEST, DARKEST = 0.95, 0.25
"""The greys of the first and the last level, of which 1 is white."""
TURNS_WHITE = 0.55
"""On a grey darker than this numbers are white."""


def greys(levels: int) -> tuple[float, ...]:
    """A grey for each level, from light to dark in even steps."""
    step = (LIGHTEST - DARKEST) / max(levels - 1, 1)
    return tuple(LIGHTEST - place * step for place in range(levels))


def draw_bar(
    ax: Axes,
    edges: Sequence[float],
    counts: Sequence[int],
    *,
    top: float,
    height: float,
    size: float,
    has_room: Callable[[str, float], bool],
) -> None:
    """The levels of an arm between their edges in percent; a count stands where it has room."""
    for (low, high), shade, count in zip(pairwise(edges), greys(len(counts)), counts, strict=True):
        ax.barh(
            top, high - low, left=low, height=height, align="edge", color=str(shade),
            edgecolor=INK, linewidth=0.7,
        )  # fmt: skip
        if has_room(str(count), high - low):
            ax.text(
                (low + high) / 2, top + height / 2, str(count), ha="center", va="center",
                fontsize=size, color="white" if shade < TURNS_WHITE else "black",
            )  # fmt: skip


def join_bars(
    ax: Axes,
    upper: tuple[Sequence[float], float],
    lower: tuple[Sequence[float], float],
) -> None:
    """Lines from where levels end in one bar to where they end in the next: edges and height of each."""
    for one, other in zip(upper[0][1:-1], lower[0][1:-1], strict=True):
        ax.plot(
            [one, other], [upper[1], lower[1]], color=GREY, linewidth=0.9, linestyle=(0, (3, 2))
        )  # fmt: skip
