"""Where a surface that is known on a grid, and can be asked anywhere, is zero on the grid's lines."""

from collections.abc import Callable

import numpy as np

from trialkit.analysis.distributions.bracketed_root import bracketed_root


def crossings(
    first: np.ndarray,
    second: np.ndarray,
    heights: np.ndarray,
    height: Callable[[float, float], float],
) -> list[tuple[float, float]]:
    """The points (x, y) on lines of the grid at which ``height`` changes its sign, in order.

    ``heights`` (x, y) are those of the grid, of which a zero is a crossing itself.
    """
    found: set[tuple[float, float]] = set()
    for i, x in enumerate(first.tolist()):
        for j, y in enumerate(second.tolist()):
            here = heights[i, j]
            if here == 0:
                found.add((x, y))
                continue
            if i + 1 < len(first) and here * heights[i + 1, j] < 0:
                found.add((_root(lambda t, y=y: height(t, y), x, float(first[i + 1])), y))  # type: ignore[misc]
            if j + 1 < len(second) and here * heights[i, j + 1] < 0:
                found.add((x, _root(lambda t, x=x: height(x, t), y, float(second[j + 1]))))  # type: ignore[misc]
    return sorted(found)


def _root(height: Callable[[float], float], low: float, high: float) -> float:
    return bracketed_root(height, low, high, xtol=1e-10, rtol=1e-12)
