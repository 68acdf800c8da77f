"""A tipping point in both arms as a map: what the difference is where so much is added to imputed values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Literal

from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from trialkit.drawing.looks import GREY, INK
from trialkit.drawing.tipping_map import (
    TippingCell,
    contour_lines,
    draw_contour,
    draw_grid,
    edges,
    frame_nothing_added,
    shades,
)
from trialkit.printable import fit_for_xml
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.figures import (
    POINTS_PER_INCH,
    drawing,
    label_synthetic,
    room_for_label,
    room_for_upright,
    ticked,
    to_svg,
    upright,
)
from trialkit.report.figures.legends import legend_height, put_legend
from trialkit.report.lettering.text_width import text_width, wrap
from trialkit.report.numbers.numbers import number, p_equals, p_symbol, plain, with_interval
from trialkit.report.tables.cells import INTERVAL
from trialkit.report.tables.tipping_grid import StatedGrid, stated_grids
from trialkit.report.words.en.important_difference import IMPORTANT, important_effect
from trialkit.report.words.en.tipping import worse_words
from trialkit.report.words.en.wording import capitalised, lowered
from trialkit.results.effect import Scale
from trialkit.results.lookup import ResultIndex, value
from trialkit.results.series import Series, SeriesKind
from trialkit.results.vocabulary import Stat

WIDTH = 7.4
SIZE = 7.5
LOWEST, TALLEST = 24.0, 330.0
"""The height of a cell at least, and of the map at most, in points."""
P_CLASSES = (0.001, 0.01, 0.1, 0.5)
"""Where classes of p end beside alpha."""
SIGNIFICANCE, IMPORTANCE = "significance", "important difference"
"""The labels of the contours in the series."""
DASHES: Mapping[str, Literal["solid", "dashed"]] = {SIGNIFICANCE: "solid", IMPORTANCE: "dashed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TippingMap:
    """What is drawn of a grid, as plain numbers and words."""

    across: tuple[float, ...]
    upwards: tuple[float, ...]
    cells: tuple[tuple[TippingCell, ...], ...]
    """A row for each number upwards."""
    classes: tuple[str, ...]
    contours: Mapping[str, tuple[tuple[float, float], ...]]
    names: Mapping[str, str]
    """What the contours are called that there are."""
    words_across: str
    words_upwards: str


def draw_tipping(
    tipping: TippingMap, *, synthetic: str, name: str, title: str, description: str
) -> str:
    """The figure as SVG."""
    labels = [*tipping.classes, *tipping.names.values(), "nothing added"]
    colours = shades(len(tipping.classes))
    keys: list[Artist] = [Patch(facecolor=each, edgecolor=GREY, linewidth=0.6) for each in colours]
    keys += [
        Line2D([], [], color=INK, linewidth=1.9, linestyle=DASHES[each]) for each in tipping.names
    ]
    keys += [Patch(facecolor="none", edgecolor=INK, linewidth=2.0)]
    tall = min(max(LOWEST * len(tipping.upwards), 120.0), TALLEST)
    top = room_for_label(synthetic, width=WIDTH) * POINTS_PER_INCH + 10
    legend = legend_height(labels, width=WIDTH) + 8
    below = wrap(fit_for_xml(tipping.words_across), size=9, width=WIDTH * POINTS_PER_INCH - 40)
    foot = legend + 26 + 11.5 * len(below)
    left = room_for_upright(tipping.words_upwards, size=9, length=tall)
    wide, whole = WIDTH * POINTS_PER_INCH, top + tall + foot
    span = wide - left - 14
    with drawing(width=WIDTH, height=whole / POINTS_PER_INCH) as canvas:
        ax = canvas.add_axes((left / wide, foot / whole, span / wide, tall / whole))
        draw_grid(
            ax, tipping.across, tipping.upwards, tipping.cells, colours, size=SIZE,
            has_room=partial(
                _has_room,
                wide=span / len(tipping.across),
                tall=tall / len(tipping.upwards),
            ),
        )  # fmt: skip
        for label, points in tipping.contours.items():
            lines = contour_lines(points, tipping.across, tipping.upwards)
            draw_contour(ax, lines, dash=DASHES[label])
        frame_nothing_added(ax, tipping.across, tipping.upwards)
        ax.set_xticks(_ticks(tipping.across, room=span))
        ax.set_yticks(_ticks(tipping.upwards, room=tall))
        ax.set_xlim(*_ends(tipping.across))
        ax.set_ylim(*_ends(tipping.upwards))
        ticked(ax, which="x")
        ticked(ax, which="y")
        ax.set_xlabel("\n".join(below))
        ax.set_ylabel(upright(tipping.words_upwards, size=9, length=tall))
        put_legend(canvas, keys, labels, bottom=4)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def _has_room(words: str, *, wide: float, tall: float) -> bool:
    return text_width(fit_for_xml(words), size=SIZE) + 3 < wide and tall > SIZE + 2


def _ends(points: Sequence[float]) -> tuple[float, float]:
    found = edges(points)
    return found[0], found[-1]


def _ticks(points: Sequence[float], *, room: float) -> list[float]:
    """Every point, or every second or third from 0 on, so that their numbers have room."""
    widest = max(text_width(plain(each), size=9) for each in points) + 6
    step = 1
    while len(points[::step]) * max(widest, 14.0) > room:
        step += 1
    zero = list(points).index(0.0)
    return list(points[zero % step :: step])


def tipping_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """A map for each grid in both arms that the results have."""
    found = [
        (grid, series)
        for grid in stated_grids(protocol, index)
        if grid.is_two_way and grid.is_stated
        if (series := _contours(grid, index)) is not None
    ]
    of_analysis = [grid.headline.analysis.id for grid, _ in found]
    return tuple(
        _figure(grid, series, alone=of_analysis.count(grid.headline.analysis.id) == 1)
        for grid, series in found
    )


def _contours(grid: StatedGrid, index: ResultIndex) -> Series | None:
    own = grid.headline
    return index.series(SeriesKind.TIPPING_CONTOURS, own.analysis.id, outcome=own.outcome.code)


def _figure(grid: StatedGrid, series: Series, *, alone: bool) -> Figure:
    outcome, protocol = grid.headline.outcome, grid.protocol
    when = lowered(protocol.visit(outcome.time_point).label)
    name = f"tipping_{grid.headline.analysis.id}_{outcome.code}"
    name += "" if alone else f"_{grid.arm.code}"
    title = f"{outcome.label}, {when}: {grid.contrast} with so much added to imputed values"
    drawn = _map(grid, series)
    description = _description(grid, drawn)
    lines = "; ".join(f"{DASHES[each]} line: {words}" for each, words in drawn.names.items())
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_tipping,
                drawn,
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label}, {when}, {grid.contrast}: the adjusted difference"
            f"{f' in {outcome.unit}' if outcome.unit else ''} (numbers) and its p (shades) with a delta "
            f"added to imputed values of either arm. {capitalised(lines)}. Frame: nothing added. "
            f"{worse_words(outcome)}."
        ),
        drawn_from=(series.result_id,),
    )


def _map(grid: StatedGrid, series: Series) -> TippingMap:
    outcome, alpha = grid.headline.outcome, grid.protocol.plan.alpha
    ends = sorted({*(each for each in P_CLASSES if each != alpha), alpha})
    unit = f", {outcome.unit}" if outcome.unit else ""
    names = {SIGNIFICANCE: f"{p_symbol()} = {plain(alpha)}", IMPORTANCE: _important_words(grid)}
    own = [point for point in series.points if point.arm == grid.arm.code]
    contours = {
        label: tuple(
            (float(each.x or 0), float(each.y or 0)) for each in own if each.label == label
        )
        for label in names
    }
    there = {label: points for label, points in contours.items() if points}
    return TippingMap(
        across=grid.moves.deltas,
        upwards=grid.moves.other_deltas,
        cells=tuple(
            tuple(_cell(grid, delta, other, ends) for delta in grid.moves.deltas)
            for other in grid.moves.other_deltas
        ),
        classes=_classes(ends),
        contours=there,
        names={label: names[label] for label in there},
        words_across=f"Added to imputed values of {grid.moved.label}{unit}",
        words_upwards=f"Added to imputed values of {grid.other.label}{unit}",
    )


def _cell(grid: StatedGrid, delta: float, other: float, ends: Sequence[float]) -> TippingCell:
    found = grid.at(delta, other)
    p = value(found, Stat.P_VALUE)
    level = sum(p >= end for end in ends) if p is not None else len(ends)
    estimate = number(value(found, Stat.ESTIMATE), digits=grid.headline.outcome.digits)
    return TippingCell(level=level, words=estimate)


def _classes(ends: Sequence[float]) -> tuple[str, ...]:
    symbol = p_symbol()
    between = [
        f"{plain(low)} \N{LESS-THAN OR EQUAL TO} {symbol} < {plain(high)}"
        for low, high in pairwise(ends)
    ]
    last = f"{symbol} \N{GREATER-THAN OR EQUAL TO} {plain(ends[-1])}"
    return (f"{symbol} < {plain(ends[0])}", *between, last)


def _important_words(grid: StatedGrid) -> str:
    outcome = grid.headline.outcome
    important = important_effect(
        outcome, Scale.DIFFERENCE, lower_is_better=outcome.direction.value == "lower"
    )
    return f"{IMPORTANT} {plain(important)}"


def _description(grid: StatedGrid, drawn: TippingMap) -> str:
    """The map in words: nothing added, the corners, and where contours cross the lines of the grid."""
    corners = [
        (x, y)
        for y in (drawn.upwards[0], drawn.upwards[-1])
        for x in (drawn.across[0], drawn.across[-1])
    ]
    said = [f"Nothing added: {_at(grid, 0.0, 0.0)}"]
    said += [
        f"{plain(x)} added in {grid.moved.label} and {plain(y)} in {grid.other.label}: {_at(grid, x, y)}"
        for x, y in corners
    ]
    for label, points in drawn.contours.items():
        on_rows = [(x, y) for x, y in points if y in drawn.upwards]
        where = ", ".join(
            f"{number(x, digits=1)} in {grid.moved.label} with {plain(y)} in {grid.other.label}"
            for x, y in sorted(on_rows, key=lambda point: (point[1], point[0]))
        )
        said.append(f"{drawn.names[label]} at {where or 'points between the lines of the grid'}")
    if SIGNIFICANCE not in drawn.contours:
        said.append(f"No point of the grid changes on which side of alpha {p_symbol()} lies")
    return ". ".join([*said, worse_words(grid.headline.outcome)]) + "."


def _at(grid: StatedGrid, delta: float, other: float) -> str:
    found = grid.at(delta, other)
    digits = grid.headline.outcome.digits
    numbers = with_interval(*(value(found, stat) for stat in INTERVAL), digits=digits)
    p = value(found, Stat.P_VALUE)
    return f"{numbers}, {p_equals(p, alpha=grid.protocol.plan.alpha)}"
