"""Figures of one panel an arm, side by side on shared axes, and how they are labelled."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import ceil

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from trialkit.report.figures.figures import (
    POINTS_PER_INCH,
    drawing,
    explained,
    label_synthetic,
    room_for_label,
)
from trialkit.report.lettering.svg import printable
from trialkit.report.lettering.text_width import shortened

WIDTH = 7.4
ACROSS = 3
LEFT, RIGHT = 0.1, 0.02
BETWEEN = 0.03
HEAD, FOOT = 34.0, 62.0


@contextmanager
def panels(
    heads: Sequence[str], *, height: float, words: str, synthetic: str
) -> Iterator[tuple[Canvas, list[Axes]]]:
    """A canvas with one panel a head, at most three in a row; ``words`` stand below them all."""
    across = min(len(heads), ACROSS)
    down = ceil(len(heads) / across)
    top = room_for_label(synthetic, width=WIDTH)
    whole = height * down + top
    with drawing(width=WIDTH, height=whole) as canvas:
        wide = (1 - LEFT - RIGHT - BETWEEN * (across - 1)) / across
        axes: list[Axes] = []
        for number, head in enumerate(heads):
            row, column = divmod(number, across)
            bottom = (whole - top - height * (row + 1)) + FOOT / POINTS_PER_INCH
            tall = height - (HEAD + FOOT) / POINTS_PER_INCH
            place = (LEFT + column * (wide + BETWEEN), bottom / whole, wide, tall / whole)
            ax = canvas.add_axes(place, sharey=axes[0] if axes else None)
            if column:
                ax.tick_params(labelleft=False)
            room = wide * WIDTH * POINTS_PER_INCH
            title = shortened(printable(head), size=9.5, width=room, lines=2, bold=True)
            ax.set_title(title, loc="left")
            axes.append(ax)
        explained(canvas, words)
        label_synthetic(canvas, synthetic)
        yield canvas, axes
