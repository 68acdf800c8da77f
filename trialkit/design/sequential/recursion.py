"""The distribution of a test that may stop at each look, by Armitage, McPherson and Rowe.

The score process at time t is normal with mean drift × t and variance t, where t is the share of
the planned information. Its density among the trials that go on is carried from look to look by
Gauss–Legendre quadrature in panels; what leaves through a boundary is counted.
"""

from dataclasses import dataclass
from math import ceil, inf, pi, sqrt
from typing import Final

import numpy as np
from scipy.special import ndtr

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_PANEL_SD: Final = 2.0
"""Width of a panel in SDs of the narrowest step: sixteen nodes then give twelve digits."""
_MOST_PANELS: Final = 160
_REACH: Final = 9.0
"""Beyond so many SDs nothing is left to be seen."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ongoing:
    """The trials that have not stopped: where their score stands after a look, and how many.

    ``mass`` is the density times the quadrature weight at each ``score``.
    """

    time: float
    score: np.ndarray
    mass: np.ndarray

    def exceed(self, time: float, bound: float, drift: float) -> float:
        """The probability of going on until now and then having z above ``bound`` at ``time``."""
        if bound == inf:
            return 0.0
        step = time - self.time
        distance = self.score + drift * step - bound * sqrt(time)
        return float(np.dot(self.mass, ndtr(distance / sqrt(step))))

    def fall_short(self, time: float, bound: float, drift: float) -> float:
        """The probability of going on until now and then having z at or below ``bound``."""
        if bound == -inf:
            return 0.0
        step = time - self.time
        distance = bound * sqrt(time) - self.score - drift * step
        return float(np.dot(self.mass, ndtr(distance / sqrt(step))))

    def continue_between(
        self, time: float, low: float, high: float, drift: float, *, next_step: float
    ) -> "Ongoing":
        """Those that go on after a look at ``time``, with z between ``low`` and ``high``.

        ``next_step`` is the information until the look after this one: the shorter it is, the finer
        the nodes must be.
        """
        step = time - self.time
        root = sqrt(time)
        middle = float(np.dot(self.mass, self.score)) / max(float(self.mass.sum()), 1e-300)
        middle = (middle + drift * step) / root
        start = max(low, min(middle, drift * root) - _REACH) * root
        end = min(high, max(middle, drift * root) + _REACH) * root
        if end <= start:
            return Ongoing(time=time, score=np.zeros(1), mass=np.zeros(1))
        finest = sqrt(min(step, next_step))
        panels = min(_MOST_PANELS, max(1, ceil((end - start) / (_PANEL_SD * finest))))
        edges = np.linspace(start, end, panels + 1)
        half = (end - start) / (2 * panels)
        score = ((edges[:-1] + half)[:, None] + half * _NODES).ravel()
        spread = (score[:, None] - self.score[None, :] - drift * step) ** 2 / (2 * step)
        density = np.exp(-spread) @ self.mass / sqrt(2 * pi * step)
        weights = np.tile(_WEIGHTS * half, panels)
        return Ongoing(time=time, score=score, mass=density * weights)


def beginning() -> Ongoing:
    """All trials, before the first look."""
    return Ongoing(time=0.0, score=np.zeros(1), mass=np.ones(1))


def standing_at(time: float, z: float) -> Ongoing:
    """One trial whose z is known at ``time``."""
    return Ongoing(time=time, score=np.array([z * sqrt(time)]), mass=np.ones(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """How often each look ends the trial, by the upper and by the lower boundary."""

    upper: tuple[float, ...]
    lower: tuple[float, ...]


def crossings(
    times: tuple[float, ...],
    upper: tuple[float, ...],
    lower: tuple[float, ...],
    drift: float,
    *,
    start: Ongoing | None = None,
) -> Crossing:
    """The probability of leaving by each boundary at each look, never having left before."""
    ongoing = start or beginning()
    above, below = [], []
    for place, (time, high, low) in enumerate(zip(times, upper, lower, strict=True)):
        above.append(ongoing.exceed(time, high, drift))
        below.append(ongoing.fall_short(time, low, drift))
        if place + 1 < len(times):
            ongoing = ongoing.continue_between(
                time, low, high, drift, next_step=times[place + 1] - time
            )
    return Crossing(upper=tuple(above), lower=tuple(below))
