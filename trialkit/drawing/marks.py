"""Estimates with their limits as marks: means over visits, effects below each other, single residuals."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from trialkit.drawing.looks import TextLook


def draw_course(
    ax: Axes,
    places: Sequence[float],
    estimates: Sequence[float],
    limits: tuple[Sequence[float], Sequence[float]],
    *,
    label: str,
    look: TextLook,
) -> None:
    """The means of an arm over places, joined, each with its limits (low, high)."""
    low, high = limits
    ax.errorbar(
        places,
        estimates,
        yerr=[
            [at - end for at, end in zip(estimates, low, strict=True)],
            [end - at for at, end in zip(estimates, high, strict=True)],
        ],
        label=label,
        color=look.colour,
        marker=look.marker,
        linestyle=look.dash,
        markersize=6.5,
        markeredgecolor="white",
        linewidth=1.6,
        elinewidth=1.4,
        capsize=3.5,
    )


def draw_effect(
    ax: Axes,
    effect: float,
    limits: tuple[float, float],
    *,
    height: float,
    look: TextLook,
    size: float = 6.0,
) -> None:
    """An effect as a mark on the line of its limits, at this height."""
    low, high = limits
    ax.plot([low, high], [height, height], color=look.colour, linewidth=1.5)
    ax.plot(
        [effect],
        [height],
        color=look.colour,
        marker=look.marker,
        markersize=size,
        markeredgecolor="white",
        linestyle="none",
        zorder=5,
    )


def draw_residuals_of(
    ax: Axes, across: Sequence[float], residuals: Sequence[float], look: TextLook
) -> None:
    """The residuals of an arm, a mark each."""
    ax.plot(
        across,
        residuals,
        color=look.colour,
        marker=look.marker,
        markersize=4.2,
        markeredgecolor="white",
        markeredgewidth=0.4,
        linestyle="none",
    )
