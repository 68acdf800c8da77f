"""Each participant's change as a bar, from the worst to the best, one panel an arm."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.ticker import MaxNLocator

from trialkit.drawing.looks import (
    GREY,
    INK,
    LIGHT,
    TextLook,
    look,
)
from trialkit.grammar import counted
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.figures import ticked, to_svg
from trialkit.report.figures.panels import panels
from trialkit.report.numbers.numbers import count_percent, n_equals, plain
from trialkit.report.tables.headlines import main_headlines
from trialkit.report.words.en.wording import lowered
from trialkit.results.lookup import ResultIndex
from trialkit.results.series import Mark, Point, Series, SeriesKind, ys

PANEL_HEIGHT = 2.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The changes of an arm's participants, the worst first."""

    arm: Arm
    look: TextLook
    points: tuple[Point, ...]

    @property
    def values(self) -> list[float]:
        """The changes alone."""
        return ys(self.points)


def draw_waterfall(
    arms: Sequence[Changes],
    *,
    axis: str,
    threshold: float | None,
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG; ``threshold`` is the minimal important change with the sign of better."""
    words = "Bars: participants, the worst change first."
    if threshold is not None:
        words += (
            f" Dashed line: minimal important change ({plain(threshold)}); filled bars reach it."
        )
    heads = [f"{each.arm.label} ({n_equals(len(each.values))})" for each in arms]
    with panels(heads, height=PANEL_HEIGHT, axis=axis, words=words, synthetic=synthetic) as made:
        canvas, axes = made
        for each, ax in zip(arms, axes, strict=True):
            _draw_panel(ax, each, threshold=threshold)
        axes[0].set_ylim(*_limits(arms, threshold))
        axes[0].yaxis.set_major_locator(MaxNLocator(nbins=5))  # room for a sign and one decimal
        ticked(axes[0], which="y")
        return to_svg(canvas, name=name, title=title, description=description)


def _draw_panel(ax: Axes, changes: Changes, *, threshold: float | None) -> None:
    ax.set_axisbelow(True)
    ax.grid(axis="y", color=LIGHT, linewidth=0.6)
    bars = [
        [(place - 0.4, 0.0), (place - 0.4, value), (place + 0.4, value), (place + 0.4, 0.0)]
        for place, value in enumerate(changes.values)
    ]
    colours = [
        changes.look.colour if point.label == Mark.REACHED else "white" for point in changes.points
    ]
    ax.add_collection(
        PolyCollection(bars, facecolors=colours, edgecolors=changes.look.colour, linewidths=0.9)
    )
    ax.axhline(0, color=GREY, linewidth=1)
    if threshold is not None:
        ax.axhline(threshold, color=INK, linewidth=1.1, linestyle=(0, (4, 3)))
    ax.set_xlim(-1, max(len(bars), 1))
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)


def _limits(arms: Sequence[Changes], threshold: float | None) -> tuple[float, float]:
    """Every bar of every arm, zero and the threshold in sight, and some air at both ends."""
    ends = [0.0, *(end for each in arms for end in each.values)]
    ends += [] if threshold is None else [threshold]
    air = 0.06 * (max(ends) - min(ends)) or 2.0
    return min(ends) - air, max(ends) + air


def waterfall_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """Each participant's change of each continuous primary outcome, where not too many took part."""
    found = (
        (
            each.outcome,
            index.series(SeriesKind.CHANGES, each.analysis.id, outcome=each.outcome.code),
        )
        for each in main_headlines(protocol, index)
    )
    return tuple(
        _waterfall(outcome, series, protocol) for outcome, series in found if series is not None
    )


def _waterfall(outcome: Outcome, series: Series, protocol: Protocol) -> Figure:
    change = outcome.minimal_important_change
    arms = [
        Changes(arm=arm, look=look(protocol.arm_codes.index(arm.code)), points=series.of(arm.code))
        for arm in protocol.arms
    ]
    thresholds = {arm.code: series.marked(Mark.THRESHOLD, arm=arm.code) for arm in protocol.arms}
    title = f"{outcome.label}: change of each participant"
    reached_words = "; ".join(
        f"{each.arm.label} {count_percent(thresholds[each.arm.code].n or 0, len(each.points))}"
        for each in arms
    )
    description = (
        f"Reached the minimal important change: {reached_words}."
        if change is not None
        else "; ".join(
            f"{each.arm.label}: {counted(len(each.points), 'participant')}" for each in arms
        )
    )
    name = f"changes_{outcome.code}"
    unit = f", {outcome.unit}" if outcome.unit else ""
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_waterfall,
                arms,
                axis=f"Change of {lowered(outcome.label)}{unit}",
                threshold=None if change is None else thresholds[protocol.reference.code].x,
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label}: change from baseline of each participant with a value, at "
            f"{protocol.visit(outcome.time_point).label}; {outcome.direction.value} is better."
        ),
        drawn_from=(series.result_id,),
    )
