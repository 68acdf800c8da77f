"""Whether residuals look normal and spread evenly: quantiles on the left, fitted values on the right."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from trialkit.report.figures.figures import (
    drawing,
    label_synthetic,
    room_for_label,
    ticked,
    to_svg,
)
from trialkit.report.lettering.looks import (
    GREY,
    LIGHT,
    LOOKS,
)
from trialkit.report.lettering.svg import printable
from trialkit.report.lettering.text_width import shortened

WIDTH, HEIGHT = 7.4, 3.4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualPoints:
    """The residuals of a model, the values that it fitted, and whose they are."""

    fitted: np.ndarray
    residuals: np.ndarray
    arms: np.ndarray
    """The place of each residual's arm, the reference 0."""


def normal_scores(size: int) -> np.ndarray:
    """The normal quantiles that ``size`` ordered residuals are compared with (Blom's)."""
    return np.asarray(ndtri((np.arange(1, size + 1) - 0.375) / (size + 0.25)))


def draw_residuals(
    points: ResidualPoints,
    *,
    axis: str,
    arms: tuple[str, ...],
    synthetic: str,
    name: str,
    title: str,
    description: str,
) -> str:
    """The figure as SVG; arms differ in colour and in shape."""
    top = room_for_label(synthetic, width=WIDTH)
    whole = HEIGHT + top
    order = np.argsort(points.residuals, kind="stable")
    scores = normal_scores(len(order))
    with drawing(width=WIDTH, height=whole) as canvas:
        box = 0.95 / whole, (HEIGHT - 1.25) / whole
        quantiles = canvas.add_axes((0.1, box[0], 0.37, box[1]))
        spread = canvas.add_axes((0.6, box[0], 0.37, box[1]))
        spread.axhline(0, color=GREY, linewidth=1)
        scale = float(points.residuals.std(ddof=1)) if len(order) > 1 else 0.0
        ends = np.array([scores[0], scores[-1]]) if len(order) else np.zeros(2)
        quantiles.plot(ends, ends * scale, color=GREY, linewidth=1)
        for at, label in enumerate(arms):
            own = points.arms[order] == at
            style: dict[str, Any] = {
                "color": LOOKS[at % len(LOOKS)].colour,
                "marker": LOOKS[at % len(LOOKS)].marker,
                "markersize": 4.2,
                "markeredgecolor": "white",
                "markeredgewidth": 0.4,
                "linestyle": "none",
                "label": shortened(printable(label), size=8.5, width=130),
            }
            quantiles.plot(scores[own], points.residuals[order][own], **style)
            spread.plot(points.fitted[order][own], points.residuals[order][own], **style)
        for ax, head, below in (
            (quantiles, "Normal quantiles", "Quantile of the standard normal distribution"),
            (spread, "Spread", f"Fitted: {axis}"),
        ):
            ax.set_axisbelow(True)
            ax.grid(color=LIGHT, linewidth=0.6)
            ax.set_title(head, loc="left")
            ax.set_xlabel(shortened(printable(below), size=8.5, width=190, lines=2), fontsize=8.5)
            ax.set_ylabel("Residual", fontsize=8.5)
            ticked(ax, which="x")
            ticked(ax, which="y")
        handles, labels = spread.get_legend_handles_labels()
        canvas.legend(handles, labels, loc="lower center", ncols=3, fontsize=8.5)
        label_synthetic(canvas, synthetic)
        return to_svg(canvas, name=name, title=title, description=description)
