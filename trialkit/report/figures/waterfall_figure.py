"""Each participant's change as a bar, from the worst to the best, one panel an arm."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from trialkit.protocol.trial.interventions import Arm
from trialkit.report.figures.figures import (
    ticked,
    to_svg,
)
from trialkit.report.figures.panels import panels
from trialkit.report.lettering.looks import (
    GREY,
    INK,
    LIGHT,
    Look,
)
from trialkit.report.lettering.svg import printable
from trialkit.report.lettering.text_width import shortened
from trialkit.report.numbers.numbers import n_equals, plain

PANEL_HEIGHT = 3.3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Changes:
    """The changes of an arm's participants, the worst first."""

    arm: Arm
    look: Look
    values: np.ndarray
    reached: np.ndarray
    """Whether each participant improved by the minimal important change or more."""


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
    with panels(heads, height=PANEL_HEIGHT, words=words, synthetic=synthetic) as (canvas, axes):
        for each, ax in zip(arms, axes, strict=True):
            _draw_panel(ax, each, threshold=threshold)
        axes[0].set_ylim(*_limits(arms, threshold))
        axes[0].set_ylabel(shortened(printable(axis), size=9, width=150, lines=2))
        ticked(axes[0], which="y")
        return to_svg(canvas, name=name, title=title, description=description)


def _draw_panel(ax: Axes, changes: Changes, *, threshold: float | None) -> None:
    ax.set_axisbelow(True)
    ax.grid(axis="y", color=LIGHT, linewidth=0.6)
    bars = [
        [(place - 0.4, 0.0), (place - 0.4, value), (place + 0.4, value), (place + 0.4, 0.0)]
        for place, value in enumerate(changes.values.tolist())
    ]
    colours = [changes.look.colour if full else "white" for full in changes.reached.tolist()]
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
    ends = [0.0, *(end for each in arms for end in each.values.tolist())]
    ends += [] if threshold is None else [threshold]
    air = 0.06 * (max(ends) - min(ends)) or 1.0
    return min(ends) - air, max(ends) + air
