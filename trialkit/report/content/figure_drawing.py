"""A drawing of the report: drawn when a format asks for it, and once for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, eq=False)
class FigureDrawing:
    """What a figure shows. Who reads its words, or counts its claims, does not wait for it."""

    draw: Callable[[], str]
    """Makes the SVG; of the same data it is the same, whenever it is called."""

    @cached_property
    def svg(self) -> str:
        """The drawing as SVG."""
        return self.draw()
