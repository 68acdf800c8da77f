"""What a figure draws, as matplotlib knows it before it becomes SVG: where marks stand, in data."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from trialkit.drawing.looks import look


@contextmanager
def canvases(module: ModuleType) -> Iterator[list[Canvas]]:
    """The canvases of the figures that a module draws meanwhile; the SVG is made all the same."""
    made: list[Canvas] = []
    turn_into_svg: Callable[..., str] = module.to_svg  # type: ignore[attr-defined]

    def keep(canvas: Canvas, **words: Any) -> str:
        made.append(canvas)
        return turn_into_svg(canvas, **words)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "to_svg", keep)
        yield made


def points(line: Line2D) -> list[tuple[float, float]]:
    """Where a line goes through, to six decimals."""
    pairs = zip(line.get_xdata(), line.get_ydata(), strict=True)
    return [(round(float(x), 6), round(float(y), 6)) for x, y in pairs]


def marks(ax: Axes, arm: int) -> list[list[tuple[float, float]]]:
    """The lines and marks of an axis in the colour of an arm, by its place in the protocol."""
    return [points(line) for line in ax.lines if line.get_color() == look(arm).colour]


def shape_of(ax: Axes, arm: int) -> set[str]:
    """The shapes of the marks in the colour of an arm."""
    own = (line for line in ax.lines if line.get_color() == look(arm).colour)
    return {str(line.get_marker()) for line in own} - {"None"}


def words(canvas: Canvas) -> list[str]:
    """All texts of a canvas that are not those of ticks, in the order in which they were put."""
    found = [text.get_text() for text in canvas.texts]
    for ax in canvas.axes:
        found += [ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel()]
        found += [text.get_text() for text in ax.texts]
        legend = ax.get_legend()
        found += [] if legend is None else [text.get_text() for text in legend.get_texts()]
    for legend in canvas.legends:
        found += [text.get_text() for text in legend.get_texts()]
    return [text for text in found if text]
