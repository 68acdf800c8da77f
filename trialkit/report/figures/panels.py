"""Figures of one panel an arm, side by side on shared axes, and how they are labelled."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from trialkit.printable import fit_for_xml
from trialkit.report.figures.figures import (
    POINTS_PER_INCH,
    drawing,
    explained,
    label_synthetic,
    room_for_label,
    room_for_upright,
    upright,
    words_height,
)
from trialkit.report.figures.legends import legend_height, put_legend
from trialkit.report.lettering.text_width import wrap

WIDTH = 7.4
ACROSS = 3
RIGHT, BETWEEN = 12.0, 16.0
HEAD_LINE = 11.6
AROUND = 10.0
"""Points above a head, and above and below what stands under the panels."""
AXIS_SIZE = 9.0


@contextmanager
def panels(
    heads: Sequence[str],
    *,
    height: float,
    axis: str,
    words: str,
    synthetic: str,
    below: float = 0.0,
    keys: Sequence[Artist] = (),
    labels: Sequence[str] = (),
) -> Iterator[tuple[Canvas, list[Axes]]]:
    """A canvas with one panel a head, at most three in a row.

    Each panel is ``height`` inches high with ``below`` points for its numbers; ``axis`` is what
    stands upright beside the first, ``keys`` with their ``labels`` and ``words`` below them all.
    """
    rows = [heads[start : start + ACROSS] for start in range(0, len(heads), ACROSS)]
    wide = panel_width(len(heads), axis=axis, height=height)
    lines = [
        [wrap(fit_for_xml(each), size=9.5, width=wide, bold=True) for each in row] for row in rows
    ]
    above = [max(map(len, row)) * HEAD_LINE + AROUND for row in lines]
    foot = words_height(words, width=WIDTH) + legend_height(labels, width=WIDTH) + AROUND
    points = height * POINTS_PER_INCH
    top = room_for_label(synthetic, width=WIDTH) * POINTS_PER_INCH
    whole = top + sum(above) + (points + below) * len(rows) + foot
    with drawing(width=WIDTH, height=whole / POINTS_PER_INCH) as canvas:
        axes: list[Axes] = []
        bottom = whole - top
        for head, row in zip(above, lines, strict=True):
            bottom -= head + points
            for column, text in enumerate(row):
                left = WIDTH * POINTS_PER_INCH - RIGHT - wide * (min(len(heads), ACROSS) - column)
                left -= BETWEEN * (min(len(heads), ACROSS) - column - 1)
                ax = canvas.add_axes(
                    (
                        left / (WIDTH * POINTS_PER_INCH),
                        bottom / whole,
                        wide / (WIDTH * POINTS_PER_INCH),
                        points / whole,
                    ),
                    sharey=axes[0] if axes else None,
                )
                ax.tick_params(labelleft=not column)
                ax.set_title("\n".join(text), loc="left")
                axes.append(ax)
            bottom -= below
        axes[0].set_ylabel(upright(axis, size=AXIS_SIZE, length=points))
        put_legend(canvas, keys, labels, bottom=words_height(words, width=WIDTH) + AROUND / 2)
        explained(canvas, words)
        label_synthetic(canvas, synthetic)
        yield canvas, axes


def panel_width(heads: int, *, axis: str, height: float) -> float:
    """How many points each panel is wide."""
    across = min(heads, ACROSS)
    left = room_for_upright(axis, size=AXIS_SIZE, length=height * POINTS_PER_INCH)
    return (WIDTH * POINTS_PER_INCH - left - RIGHT - BETWEEN * (across - 1)) / across
