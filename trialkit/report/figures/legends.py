"""A legend below a drawing: every label whole, in as many lines as it needs, with its room known before."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from matplotlib.artist import Artist
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from trialkit.drawing.looks import TextLook
from trialkit.printable import fit_for_xml
from trialkit.report.figures.figures import POINTS_PER_INCH
from trialkit.report.lettering.text_width import text_width, wrap

SIZE = 8.5
LINE = 10.4
BETWEEN = 4.0
HANDLE = 30.0
"""How long the line of a key is; its mark stands in the middle."""
KEY = HANDLE + 8.0
GUTTER = 16.0
MARGIN = 8.0
MOST_COLUMNS = 3


def legend_height(labels: Sequence[str], *, width: float) -> float:
    """How many points the legend is high on a canvas that is ``width`` inches wide; none, no room."""
    if not labels:
        return 0.0
    lines = [len(each) for each in _wrapped(labels, width=width)]
    columns = _columns(labels, width=width)
    each, more = divmod(len(lines), columns)
    # matplotlib fills column after column, of which the first have one more
    ends = [column * each + min(column, more) for column in range(columns + 1)]
    return max(sum(lines[a:b]) * LINE + (b - a) * BETWEEN for a, b in pairwise(ends))


def put_legend(
    canvas: Canvas, keys: Sequence[Artist], labels: Sequence[str], *, bottom: float
) -> None:
    """Write the legend ``bottom`` points above the lower edge of the canvas; none where none is."""
    if not labels:
        return
    width, height = canvas.get_size_inches()
    canvas.legend(
        keys,
        ["\n".join(lines) for lines in _wrapped(labels, width=width)],
        loc="lower center",
        bbox_to_anchor=(0.5, bottom / (height * POINTS_PER_INCH)),
        ncols=_columns(labels, width=width),
        fontsize=SIZE,
        handlelength=HANDLE / SIZE,
        handletextpad=(KEY - HANDLE) / SIZE,
        columnspacing=GUTTER / SIZE,
        labelspacing=BETWEEN / SIZE,
        borderpad=0,
        borderaxespad=0,
    )


def key(look: TextLook, *, line: bool = True, **more: Any) -> Line2D:
    """How an arm is told apart: its colour, its shape and, for a line, its dashes."""
    style: dict[str, Any] = {
        "color": look.colour,
        "marker": look.marker,
        "markersize": 6,
        "markeredgecolor": "white",
        "linestyle": look.dash if line else "none",
    }
    return Line2D([], [], **(style | more))


def _columns(labels: Sequence[str], *, width: float) -> int:
    """As many columns as all labels have room in, in a line; two where they have to be wrapped."""
    widest = max(text_width(fit_for_xml(each), size=SIZE) for each in labels)
    for columns in range(min(MOST_COLUMNS, len(labels)), 1, -1):
        if widest <= _room(columns, width=width):
            return columns
    return min(2, len(labels))


def _wrapped(labels: Sequence[str], *, width: float) -> list[tuple[str, ...]]:
    room = _room(_columns(labels, width=width), width=width)
    return [wrap(fit_for_xml(each), size=SIZE, width=room) for each in labels]


def _room(columns: int, *, width: float) -> float:
    """The width of a label in so many columns, in points."""
    whole = width * POINTS_PER_INCH - 2 * MARGIN - GUTTER * (columns - 1)
    return whole / columns - KEY
