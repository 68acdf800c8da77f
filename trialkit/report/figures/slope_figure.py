"""One line a participant, one panel an arm, and each arm's mean with its confidence interval."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter

from trialkit.decimals import significant
from trialkit.drawing.looks import (
    LIGHT,
    TextLook,
    look,
)
from trialkit.printable import fit_for_xml
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.summing_up import SummedUp
from trialkit.protocol.trial.visits import Visit
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.figures import (
    POINTS_PER_INCH,
    drawing,
    label_synthetic,
    room_for_label,
    side_by_side,
    to_svg,
)
from trialkit.report.lettering.text_width import wrap
from trialkit.report.numbers.numbers import confidence, n_equals, number, plain
from trialkit.report.tables.headlines import main_headlines
from trialkit.report.words.en.sentences.pooled import unless_pooled
from trialkit.results.lookup import ResultIndex
from trialkit.results.series import Point, Series, SeriesKind, ys

PANELS_ACROSS = 3
MANY_VISITS = 4
WIDTH = 7.4
PANEL_HEIGHT = 2.9
YLABEL_ROOM = 120.0
NARROWEST_STEP = 0.14
"""Visits nearer to each other than this share of the whole time are drawn evenly spaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What one arm's panel shows."""

    arm: Arm
    look: TextLook
    lines: tuple[tuple[float, ...], ...]
    """For each participant the value at each visit, NaN where there is none."""
    means: tuple[Point, ...]
    """The mean at each visit with its limits; without a number where nobody was measured."""


def draw_slopes(
    panels: Sequence[Panel],
    *,
    outcome: Outcome,
    visits: Sequence[Visit],
    confidence_level: float,
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG; panels share their axes, so that arms can be compared by eye."""
    widest = PANELS_ACROSS if len(visits) <= MANY_VISITS else PANELS_ACROSS - 1
    across = min(len(panels), widest)
    down = ceil(len(panels) / across)
    top = room_for_label(synthetic, width=WIDTH)
    with drawing(width=WIDTH, height=PANEL_HEIGHT * down + top + 0.35) as canvas:
        axes = canvas.subplots(down, across, sharey=True, squeeze=False)
        places = _places(visits)
        for panel, ax in zip(panels, axes.flat, strict=False):
            _draw_panel(ax, panel, visits=visits, places=places)
        for ax in list(axes.flat)[len(panels) :]:
            ax.set_visible(False)
        unit = f" ({outcome.unit})" if outcome.unit else ""
        for row in axes:
            row[0].set_ylabel(
                "\n".join(wrap(fit_for_xml(f"{outcome.label}{unit}"), size=9, width=YLABEL_ROOM))
            )
        singly = any(len(panel.lines) for panel in panels)
        _explain(canvas, _middle(outcome), confidence_level=confidence_level, singly=singly)
        label_synthetic(canvas, synthetic)
        height = canvas.get_figheight()
        canvas.tight_layout(rect=(0, 0.3 / height, 1, 1 - top / height), w_pad=1.4, h_pad=1.6)
        return to_svg(canvas, name=name, title=title, description=description)


def _places(visits: Sequence[Visit]) -> list[float]:
    """Where the visits stand: in true time, or evenly when two would run into each other."""
    days = [visit.moment for visit in visits]
    whole = days[-1] - days[0]
    steps = [later - earlier for earlier, later in itertools.pairwise(days)]
    if whole <= 0 or min(steps) < NARROWEST_STEP * whole:
        return [float(position) for position in range(len(visits))]
    return [(day - days[0]) / whole * (len(visits) - 1) for day in days]


def is_true_to_time(visits: Sequence[Visit]) -> bool:
    """Whether distances between visits in the drawing are distances in time."""
    days = [visit.moment for visit in visits]
    steps = [later - earlier for earlier, later in itertools.pairwise(days)]
    return len(visits) < 2 or min(steps) >= NARROWEST_STEP * (days[-1] - days[0])


def _draw_panel(
    ax: Axes, panel: Panel, *, visits: Sequence[Visit], places: Sequence[float]
) -> None:
    ax.set_axisbelow(True)
    ax.grid(axis="y", color=LIGHT, linewidth=0.6)
    for person in panel.lines:
        ax.plot(
            places,
            person,
            color=panel.look.colour,
            alpha=0.38,
            linewidth=0.9,
            marker="o",
            markersize=2.2,
        )
    drawn = [
        (place, point.y, point.low, point.high)
        for place, point in zip(places, panel.means, strict=True)
        if point.y is not None and point.low is not None and point.high is not None
    ]
    if drawn:
        ax.errorbar(
            [place for place, _, _, _ in drawn],
            [middle for _, middle, _, _ in drawn],
            yerr=[
                [middle - low for _, middle, low, _ in drawn],
                [high - middle for _, middle, _, high in drawn],
            ],
            color=panel.look.colour,
            marker=panel.look.marker,
            markersize=7,
            markeredgecolor="white",
            linewidth=2.2,
            elinewidth=1.6,
            capsize=4,
            zorder=5,
        )
    ax.set_title(
        "\n".join(wrap(fit_for_xml(panel.arm.label), size=9.5, width=_panel_width(ax), bold=True)),
        loc="left",
    )
    ax.set_xlim(min(places) - 0.25, max(places) + 0.25)
    labels = side_by_side(
        [fit_for_xml(visit.label) for visit in visits],
        [n_equals(point.n or 0) for point in panel.means],
        size=_label_size(visits),
        room=_label_room(ax, visits),
    )
    ax.set_xticks(list(places), labels, fontsize=_label_size(visits))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda tick, _: plain(float(significant(tick, 10)))))


def _label_size(visits: Sequence[Visit]) -> float:
    return 8.5 if len(visits) < MANY_VISITS else 7.5


def _label_room(ax: Axes, visits: Sequence[Visit]) -> float:
    """The width that a visit's label may take below its panel, in points."""
    return _panel_width(ax) / (len(visits) - 0.35)


def _panel_width(ax: Axes) -> float:
    """How wide a panel is, in points, less the room between two of them."""
    columns = ax.get_gridspec().ncols  # type: ignore[union-attr]
    return (WIDTH * POINTS_PER_INCH - 60) / columns - 18


def _middle(outcome: Outcome) -> str:
    """What the thick lines go through: means, geometric ones where the plan sums up by these."""
    by = outcome.summed_up
    return (SummedUp.MEAN if by is SummedUp.MEDIAN else by).value


def _explain(canvas: Canvas, middle: str, *, confidence_level: float, singly: bool) -> None:
    """Say below the panels what lines and bars are."""
    canvas.text(
        0.5,
        0.06 / canvas.get_figheight(),
        f"{'Thin lines: participants.  ' if singly else ''}Thick lines: {middle} with "
        f"{confidence(confidence_level)} confidence interval.",
        ha="center",
        va="bottom",
        fontsize=8.5,
        color="#333a41",
    )


def slope_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """Every participant's course, one figure a continuous primary outcome."""
    found = (
        (
            each.outcome,
            index.series(SeriesKind.MEANS, each.analysis.id, outcome=each.outcome.code),
            index.series(SeriesKind.COURSES, each.analysis.id, outcome=each.outcome.code),
        )
        for each in main_headlines(protocol, index)
    )
    return tuple(
        _slope(outcome, means, courses, protocol)
        for outcome, means, courses in found
        if means is not None
    )


def _slope(outcome: Outcome, means: Series, courses: Series | None, protocol: Protocol) -> Figure:
    measured = {point.visit for point in means.points}
    visits = [visit for visit in protocol.visits if visit.code in measured]
    ratio = protocol.plan.confidence_level
    panels = [
        Panel(
            arm=arm,
            look=look(protocol.arm_codes.index(arm.code)),
            lines=() if courses is None else _lines(courses.of(arm.code), len(visits)),
            means=means.of(arm.code),
        )
        for arm in protocol.arms
    ]
    singly = courses is not None
    middle = _middle(outcome)
    mean = unless_pooled(protocol, f"{middle} of each arm", f"{middle} of all")
    who = f"each participant and the {mean}" if singly else f"the {mean}"
    title = f"{outcome.label}: {who}"
    description = _describe_means(panels, outcome, [visit.label for visit in visits])
    spaced = "" if is_true_to_time(visits) else " Visits are drawn evenly spaced."
    people = " of each participant (thin lines) and" if singly else ":"
    name = f"course_{outcome.code}"
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_slopes,
                panels,
                outcome=outcome,
                visits=visits,
                confidence_level=ratio,
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label}{people} {mean} with its {confidence(ratio)} confidence "
            f"interval (thick lines); n is the number with a value.{spaced}"
        ),
        drawn_from=tuple(each.result_id for each in (means, courses) if each is not None),
    )


def _lines(points: Sequence[Point], visits: int) -> tuple[tuple[float, ...], ...]:
    """The points of an arm as they stand, participant by participant, cut into lines."""
    values = ys(points)
    return tuple(tuple(values[start : start + visits]) for start in range(0, len(values), visits))


def _describe_means(panels: list[Panel], outcome: Outcome, visits: list[str]) -> str:
    """The means in words, for somebody who cannot see the figure."""
    parts = []
    for panel in panels:
        means = [
            f"{visit} {number(point.y, digits=outcome.digits)} (n = {point.n})"
            for visit, point in zip(visits, panel.means, strict=True)
            if point.y is not None
        ]
        parts.append(f"{panel.arm.label}: {_middle(outcome)} {', '.join(means) or 'none'}.")
    unit = f" in {outcome.unit}" if outcome.unit else ""
    return f"{outcome.label}{unit}. {' '.join(parts)}"
