"""The share of each arm that improved by at least so much, for every amount: no threshold chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil

from trialkit.drawing.looks import (
    GREY,
    INK,
    LIGHT,
    TextLook,
    look,
)
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.content.figure_drawing import FigureDrawing
from trialkit.report.figures.figures import (
    POINTS_PER_INCH,
    drawing,
    label_synthetic,
    room_for_label,
    ticked,
    to_svg,
    upright,
)
from trialkit.report.figures.legends import key, legend_height, put_legend
from trialkit.report.numbers.numbers import count_percent, n_equals, plain
from trialkit.report.tables.headlines import main_headlines
from trialkit.report.words.en.sentences.pooled import unless_pooled
from trialkit.report.words.en.wording import lowered
from trialkit.results.lookup import ResultIndex
from trialkit.results.series import Mark, Point, Series, SeriesKind, xs

WIDTH, PLOT_HEIGHT = 7.4, 2.65
ABOVE = 22.0
CROWDED = 50
"""Participants of an arm of whom each has a mark of its own; those of a larger one hide each other."""
MARKS = 25
"""About how many steps of a larger arm are marked, to tell the arms apart without colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvements:
    """Of an arm, how many improved by each amount or more; what got worse is negative."""

    arm: Arm
    look: TextLook
    shares: tuple[Point, ...]

    @property
    def size(self) -> int:
        """How many participants have a value: so many improved by the least amount or more."""
        return self.shares[0].n or 0

    def stairs(self) -> tuple[list[float], list[float]]:
        """Amount and percent of a step for each participant, the least improved first.

        In a crowded arm those who improved by the same amount are one step: the stairs are the same.
        """
        left = [point.n or 0 for point in self.shares] + [0]
        if self.size > CROWDED:
            return xs(self.shares), [100 * place / self.size for place in left[:-1]]
        amounts = [
            amount
            for amount, here, after in zip(xs(self.shares), left, left[1:], strict=False)
            for _ in range(here - after)
        ]
        return amounts, [100 * (1 - place / self.size) for place in range(self.size)]

    def marked(self, steps: int) -> slice:
        """Which of the points of the line have a mark: its steps, without the two ends."""
        return slice(1, steps + 1, ceil(steps / MARKS) if self.size > CROWDED else None)


def draw_responders(
    arms: Sequence[Improvements],
    *,
    axis: str,
    minimal_important_change: float | None,
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG: one falling staircase an arm, and the minimal important change."""
    top = room_for_label(synthetic, width=WIDTH)
    across = upright(axis, size=9, length=430)
    labels = [f"{each.arm.label} ({n_equals(each.size)})" for each in arms]
    foot = legend_height(labels, width=WIDTH) + 10
    bottom = foot + 26 + 11.2 * (across.count("\n") + 1)
    whole = PLOT_HEIGHT + top + (bottom + ABOVE) / POINTS_PER_INCH
    everything = [amount for each in arms for amount in xs(each.shares)]
    low, high = min(everything), max(everything)
    air = 0.06 * (high - low) or 1.0
    with drawing(width=WIDTH, height=whole) as canvas:
        ax = canvas.add_axes((0.11, bottom / POINTS_PER_INCH / whole, 0.86, PLOT_HEIGHT / whole))
        ax.set_axisbelow(True)
        ax.grid(color=LIGHT, linewidth=0.6)
        for each in arms:
            ordered, left = each.stairs()
            ax.step(
                [low - air, *ordered, high + air],
                [*left[:1], *left, 0.0],
                where="pre",
                color=each.look.colour,
                linestyle=each.look.dash,
                linewidth=1.9,
                marker=each.look.marker,
                markersize=3.6,
                markevery=each.marked(len(ordered)),
            )
        ax.axvline(0, color=GREY, linewidth=0.9)
        if minimal_important_change is not None:
            ax.axvline(minimal_important_change, color=INK, linewidth=1.1, linestyle=(0, (4, 3)))
            ax.annotate(
                f"minimal important change {plain(minimal_important_change)}",
                (minimal_important_change, 104),
                ha="center",
                va="bottom",
                fontsize=8,
                color=INK,
                annotation_clip=False,
            )
        ax.set_xlim(low - air, max(high, minimal_important_change or high) + air)
        ax.set_ylim(0, 103)
        ax.set_xlabel(across)
        ax.set_ylabel("Participants, %")
        ticked(ax, which="x")
        keys = [key(each.look, markeredgecolor=each.look.colour) for each in arms]
        put_legend(canvas, keys, labels, bottom=5)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def responder_figures(protocol: Protocol, index: ResultIndex) -> tuple[Figure, ...]:
    """For each continuous primary outcome, the share that improved by any amount."""
    found = (
        (
            each.outcome,
            index.series(SeriesKind.RESPONDER_SHARES, each.analysis.id, outcome=each.outcome.code),
        )
        for each in main_headlines(protocol, index)
    )
    return tuple(
        _responders(outcome, series, protocol) for outcome, series in found if series is not None
    )


def _responders(outcome: Outcome, series: Series, protocol: Protocol) -> Figure:
    arms = [
        Improvements(
            arm=arm, look=look(protocol.arm_codes.index(arm.code)), shares=series.of(arm.code)
        )
        for arm in protocol.arms
    ]
    change = outcome.minimal_important_change
    shares = (
        f"{each.arm.label} "
        f"{count_percent(series.marked(Mark.THRESHOLD, arm=each.arm.code).n or 0, each.size)}"
        for each in arms
    )
    amount = "the minimal important change" if change is not None else "anything or nothing"
    title = f"{outcome.label}: share improved by at least so much"
    description = f"Improved by {amount} or more: {'; '.join(shares)}."
    name = f"responders_{outcome.code}"
    unit = f", {outcome.unit}" if outcome.unit else ""
    return Figure(
        anchor=f"figure-{name}",
        name=name,
        drawing=FigureDrawing(
            partial(
                draw_responders,
                arms,
                axis=f"Improvement of {lowered(outcome.label)}{unit}, at least",
                minimal_important_change=change,
                synthetic=protocol.trial.synthetic,
                name=name,
                title=title,
                description=description,
            )
        ),
        title=title,
        description=description,
        caption=(
            f"{outcome.label}: participants{unless_pooled(protocol, ' of each arm')} who improved "
            "from baseline by at least the amount on the axis, of those with a value, at "
            f"{protocol.visit(outcome.time_point).label}. To the left of zero stands who got worse."
        ),
        drawn_from=(series.result_id,),
    )
