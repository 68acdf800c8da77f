"""What every figure has in common: its colours and shapes, its fonts, and how it becomes SVG.

Figures are drawn on objects of their own, never through pyplot's state, so that two reports can be
made at once; the same inputs give the same bytes.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from math import ceil
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter

from trialkit.decimals import significant
from trialkit.drawing.looks import GREY, INK, LABEL_FILL, LABEL_INK
from trialkit.printable import fit_for_xml
from trialkit.report.lettering.svg import accessible
from trialkit.report.lettering.text_width import text_width, wrap
from trialkit.report.numbers.numbers import plain

POINTS_PER_INCH = 72
FEWEST_LABELS = 4
"""Of an axis with more, only some are written where they have no room."""

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "trialkit",
    "text.parse_math": False,
    "axes.unicode_minus": True,
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.labelsize": 9.0,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": "#333a41",
    "ytick.color": "#333a41",
    "xtick.direction": "out",
    "ytick.direction": "out",
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


@contextmanager
def drawing(*, width: float, height: float) -> Iterator[Canvas]:
    """An empty figure of this size in inches, in the report's style."""
    with rc_context(_STYLE), warnings.catch_warnings():
        # a name in a script that DejaVu lacks is drawn by the reader's own font
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
        yield Canvas(figsize=(width, height), dpi=POINTS_PER_INCH)


def to_svg(canvas: Canvas, *, name: str, title: str, description: str) -> str:
    """The figure as one accessible SVG, the same bytes for the same drawing."""
    target = StringIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    canvas.savefig(target, format="svg", metadata=nothing)
    return accessible(target.getvalue(), name=name, title=title, description=description)


def ticked(ax: Axes, *, which: str) -> None:
    """Numbers along an axis without digits that nobody needs, and with a true minus."""
    axis = ax.xaxis if which == "x" else ax.yaxis
    axis.set_major_formatter(FuncFormatter(lambda tick, _: plain(float(significant(tick, 10)))))


def words_height(text: str, *, width: float) -> float:
    """How many points the words take below a drawing that is ``width`` inches wide; none, no room."""
    return len(_explaining(text, width=width)) * 10.4 + 10 if text else 0.0


def _explaining(text: str, *, width: float) -> tuple[str, ...]:
    return wrap(fit_for_xml(text), size=8.5, width=width * POINTS_PER_INCH * 0.94)


def upright(text: str, *, size: float, length: float) -> str:
    """What stands along an upright axis of this length, in as many lines as it needs."""
    return "\n".join(wrap(fit_for_xml(text), size=size, width=length))


def room_for_upright(text: str, *, size: float, length: float) -> float:
    """How many points an upright axis takes on its left with its numbers and these words."""
    lines = upright(text, size=size, length=length).count("\n") + 1 if text else 0
    return 36 + lines * size * 1.25


def explained(canvas: Canvas, text: str) -> None:
    """Words below the drawing that say what its lines, bars and shapes are."""
    lines = _explaining(text, width=canvas.get_figwidth())
    canvas.text(
        0.5,
        5 / (canvas.get_figheight() * POINTS_PER_INCH),
        "\n".join(lines),
        ha="center",
        va="bottom",
        fontsize=8.5,
        color=INK,
    )


def label_synthetic(canvas: Canvas, synthetic: str) -> None:
    """Write over the top of the figure that its data are synthetic."""
    if not synthetic:
        return
    width = canvas.get_figwidth() * POINTS_PER_INCH * 0.94
    canvas.text(
        0.5,
        1 - 4 / (canvas.get_figheight() * POINTS_PER_INCH),
        "\n".join(wrap(fit_for_xml(synthetic), size=8.5, width=width, bold=True)),
        ha="center",
        va="top",
        fontsize=8.5,
        fontweight="bold",
        color=LABEL_INK,
        bbox={"facecolor": LABEL_FILL, "edgecolor": "none", "boxstyle": "square,pad=0.35"},
    )


def room_for_label(synthetic: str, *, width: float) -> float:
    """How many inches the label takes at the top of a figure that is ``width`` inches wide."""
    if not synthetic:
        return 0.0
    lines = wrap(fit_for_xml(synthetic), size=8.5, width=width * POINTS_PER_INCH * 0.94, bold=True)
    return (len(lines) * 12 + 12) / POINTS_PER_INCH


def side_by_side(
    labels: Sequence[str], below: Sequence[str] = (), *, size: float, room: float
) -> list[str]:
    """Labels along an axis, each wrapped and with what stands below it in a line of its own.

    Where a word has no room, only every second or third is written, among them the last; but a
    third of few labels would say too little, so that a word is cut then.
    """
    words = [word for label in labels for word in label.split()]
    widest = max((text_width(each, size=size) for each in (*words, *below)), default=0.0)
    step = min(ceil(widest / room), ceil(len(labels) / FEWEST_LABELS)) or 1
    lines = [
        (*wrap(label, size=size, width=room * step), *below[place : place + 1])
        for place, label in enumerate(labels)
    ]
    last = len(lines) - 1
    return ["" if (last - place) % step else "\n".join(each) for place, each in enumerate(lines)]
