"""Effects with their limits, one below the other on one axis, their numbers in columns beside it."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from trialkit.drawing.looks import GREY, INK, LIGHT
from trialkit.drawing.marks import draw_effect
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
from trialkit.report.figures.sheet_layout import (
    INDENT,
    LINE,
    MARGIN,
    SIZE,
    WIDE,
    WIDTH,
    SheetAxis,
    SheetLayout,
    SheetRow,
    lay_out,
    limits,
    log_ticks,
    middle,
    names_of_lines,
    share,
    sides,
)
from trialkit.report.lettering.text_width import wrap

TICKS = 18.0


def draw_sheet(
    rows: Sequence[SheetRow],
    *,
    stub: str,
    before: Sequence[str],
    after: Sequence[str],
    axis: SheetAxis,
    explanation: str,
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG; ``before`` and ``after`` are the heads of the columns beside the drawing."""
    layout = lay_out(rows, before, after)
    heads = [each.split("\n") for each in (*before, *after, stub)]
    named = names_of_lines(axis, rows, layout)
    head = max(map(len, heads)) * LINE + 12 + (LINE if named else 0)
    words = wrap(fit_for_xml(axis.words), size=SIZE, width=WIDE - 2 * MARGIN)
    favoured = sides(axis, rows, layout)
    deepest = max(len(lines) for lines in favoured)
    under = TICKS + deepest * LINE + 4 + len(words) * LINE
    foot = under + 6 + words_height(explanation, width=WIDTH)
    top = room_for_label(synthetic, width=WIDTH) * POINTS_PER_INCH
    whole = top + head + layout.tall + foot
    with drawing(width=WIDTH, height=whole / POINTS_PER_INCH) as canvas:
        span = layout.right - layout.left
        ax = canvas.add_axes((layout.left / WIDE, foot / whole, span / WIDE, layout.tall / whole))
        _prepare(ax, axis, rows, layout)
        above = 0.0
        for row, lines, height in zip(rows, layout.texts, layout.heights, strict=True):
            if row.parted and above:
                _part(ax, above, layout)
            _draw_effect(ax, row, middle=above + height / 2)
            y = 1 - (top + head + above + height / 2) / whole
            _write_row(canvas, row, lines, y=y, layout=layout)
            above += height
        _write_heads(
            canvas,
            layout,
            stub,
            before,
            after,
            y=(foot + layout.tall + 8 + (LINE if named else 0)) / whole,
        )
        for x, line in named:
            y = (foot + layout.tall + 2) / whole
            canvas.text(x / WIDE, y, line.name, ha="center", va="bottom", fontsize=SIZE, color=INK)
        zero = layout.left + span * share(axis.null, axis, rows)
        y = (foot - TICKS) / whole
        for lines, x, side in ((favoured[0], zero - 6, "right"), (favoured[1], zero + 6, "left")):
            text = "\n".join(lines)
            canvas.text(x / WIDE, y, text, ha=side, va="top", fontsize=SIZE, color=INK)
        canvas.text(
            middle(layout, words) / WIDE,
            (foot - TICKS - deepest * LINE - 4) / whole,
            "\n".join(words),
            ha="center",
            va="top",
            fontsize=SIZE,
        )
        explained(canvas, explanation)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def _prepare(ax: Axes, axis: SheetAxis, rows: Sequence[SheetRow], layout: SheetLayout) -> None:
    low, high = limits(axis, rows)
    if axis.logarithmic:
        ax.set_xscale("log")
    ax.set_xlim(low, high)
    ax.set_ylim(layout.tall, 0)
    ax.spines["left"].set_visible(False)
    ax.set_yticks([])
    ax.axvline(axis.null, color=GREY, linewidth=1)
    for line in axis.lines:
        ax.axvline(line.at, color=INK, linewidth=1.1, linestyle=(0, (4, 3)))
    if axis.logarithmic:
        ax.xaxis.set_major_locator(FixedLocator(log_ticks(low, high)))
        ax.xaxis.set_minor_locator(NullLocator())
    else:
        ax.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    ax.tick_params(axis="x", labelsize=SIZE)
    ticked(ax, which="x")


def _draw_effect(ax: Axes, row: SheetRow, *, middle: float) -> None:
    if row.effect is None or row.look is None:
        return
    size = 7.0 if row.bold else 6.0
    draw_effect(ax, row.effect, (row.low, row.high), height=middle, look=row.look, size=size)


def _part(ax: Axes, above: float, layout: SheetLayout) -> None:
    """A thin line over the whole width of the paper."""
    span = layout.right - layout.left
    ax.axhline(
        above,
        color=LIGHT,
        linewidth=0.7,
        xmin=(MARGIN - layout.left) / span,
        xmax=(WIDE - MARGIN - layout.left) / span,
        clip_on=False,
    )


def _write_row(
    canvas: Canvas, row: SheetRow, lines: tuple[str, ...], *, y: float, layout: SheetLayout
) -> None:
    weight = "bold" if row.bold else "normal"
    x = MARGIN + (INDENT if row.indented else 0)
    text = "\n".join(lines)
    canvas.text(x / WIDE, y, text, va="center", ha="left", fontsize=SIZE, weight=weight)
    for edges, cells in ((layout.before, row.before), (layout.after, row.after)):
        for edge, cell in zip(edges, cells, strict=False):
            canvas.text(edge / WIDE, y, fit_for_xml(cell), va="center", ha="right", fontsize=SIZE)


def _write_heads(
    canvas: Canvas,
    layout: SheetLayout,
    stub: str,
    before: Sequence[str],
    after: Sequence[str],
    *,
    y: float,
) -> None:
    style: dict[str, Any] = {"va": "bottom", "fontsize": SIZE, "weight": "bold"}
    canvas.text(MARGIN / WIDE, y, stub, ha="left", **style)
    for edge, head in zip((*layout.before, *layout.after), (*before, *after), strict=True):
        canvas.text(edge / WIDE, y, head, ha="right", **style)
