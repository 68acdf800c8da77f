"""Curves that rise or fall in steps, with their limits, marks of censoring and the numbers at risk."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from trialkit.drawing.looks import INK, TextLook

PALE = 0.16
"""How much of its colour the band of the limits has."""


def draw_steps(ax: Axes, times: Sequence[float], values: Sequence[float], look: TextLook) -> None:
    """The curve itself: each value holds from its time on."""
    ax.step(
        times, values, where="post", color=look.colour, linestyle=look.dash, linewidth=1.8
    )  # fmt: skip


def draw_band(
    ax: Axes, times: Sequence[float], low: Sequence[float], high: Sequence[float], look: TextLook
) -> None:
    """The limits around a curve."""
    ax.fill_between(
        times, low, high, step="post", color=look.colour, alpha=PALE, linewidth=0
    )  # fmt: skip


def draw_censored(
    ax: Axes, times: Sequence[float], values: Sequence[float], look: TextLook
) -> None:
    """A mark where somebody was last seen without the event."""
    ax.plot(times, values, linestyle="none", marker="|", markersize=6, color=look.colour)


def write_at_risk(
    ax: Axes,
    times: Sequence[float],
    rows: Sequence[tuple[Sequence[str], Sequence[str], TextLook]],
    *,
    size: float,
    line: float,
    depth: float = 42.0,
    before: float = 34.0,
) -> None:
    """The numbers below the ticks of their times, an arm a row: the lines of its name, its numbers, its look.

    ``depth`` is where the head stands below the axis, ``before`` where names end before it, in points.
    """
    ax.annotate(
        "At risk", (0, 0), xycoords="axes fraction", xytext=(-before, -depth),
        textcoords="offset points", ha="right", va="top", fontsize=size, fontweight="bold", color=INK,
    )  # fmt: skip
    lines = 1
    for name, numbers, look in rows:
        here = -depth - lines * line
        ax.annotate(
            "\n".join(name), (0, 0), xycoords="axes fraction", xytext=(-before, here),
            textcoords="offset points", ha="right", va="top", fontsize=size, color=look.colour,
        )  # fmt: skip
        for time, number in zip(times, numbers, strict=True):
            ax.annotate(
                number, (time, 0), xycoords=("data", "axes fraction"), xytext=(0, here),
                textcoords="offset points", ha="center", va="top", fontsize=size, color=INK,
            )  # fmt: skip
        lines += len(name)
