"""The share of each arm that improved by at least so much, for every amount: no threshold chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trialkit.protocol.trial.interventions import Arm
from trialkit.report.figures.figures import (
    drawing,
    label_synthetic,
    room_for_label,
    ticked,
    to_svg,
)
from trialkit.report.lettering.looks import (
    GREY,
    INK,
    LIGHT,
    Look,
)
from trialkit.report.lettering.svg import printable
from trialkit.report.lettering.text_width import shortened
from trialkit.report.numbers.numbers import n_equals, plain

WIDTH, HEIGHT = 7.4, 4.3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Improvements:
    """How much each participant of an arm improved; what got worse is negative."""

    arm: Arm
    look: Look
    values: np.ndarray

    def share(self, amount: float) -> float:
        """Percent of those with a value who improved by ``amount`` or more."""
        return 100 * float(np.mean(self.values >= amount)) if len(self.values) else float("nan")


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
    whole = HEIGHT + top
    everything = np.concatenate([each.values for each in arms])
    low, high = float(everything.min()), float(everything.max())
    air = 0.06 * (high - low) or 1.0
    with drawing(width=WIDTH, height=whole) as canvas:
        ax = canvas.add_axes((0.11, 1.3 / whole, 0.86, (HEIGHT - 1.65) / whole))
        ax.set_axisbelow(True)
        ax.grid(color=LIGHT, linewidth=0.6)
        for each in arms:
            ordered = np.sort(each.values)
            left = 100 * (1 - np.arange(len(ordered)) / max(len(ordered), 1))
            ax.step(
                [low - air, *ordered, high + air],
                [*left[:1], *left, 0.0],
                where="pre",
                color=each.look.colour,
                linestyle=each.look.dash,
                linewidth=1.9,
                marker=each.look.marker,
                markersize=3.6,
                markevery=slice(1, len(ordered) + 1),
                label=f"{_named(each.arm)} ({n_equals(len(ordered))})",
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
        ax.set_xlabel(shortened(printable(axis), size=9, width=430, lines=2))
        ax.set_ylabel("Participants, %")
        ticked(ax, which="x")
        handles, labels = ax.get_legend_handles_labels()
        canvas.legend(handles, labels, loc="lower center", ncols=2, fontsize=8.5, handlelength=3.4)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)


def _named(arm: Arm) -> str:
    """The arm as the legend, two columns wide, has room for it."""
    return shortened(printable(arm.label), size=8.5, width=160)
