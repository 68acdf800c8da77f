"""Directions in which a likelihood rises for ever: what separates the events from the others.

Where a covariate tells all subjects with the event from all without (or a level of it has no
event), no finite coefficient is the likeliest. Whether there is such a direction is a linear
programme (Albert and Anderson, Biometrika 1984;71:1; Konis 2007), and not a matter of how large an
iteration's numbers have become.
"""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.engines.linear_programme import least_costs
from trialkit.analysis.generalised.families import ResponseDistribution

BEYOND = 1e-7
"""A row whose predictor a direction moves by more than this share is moved."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recession:
    """Directions (k, p), each along which the likelihood rises, and the rows (n,) they leave."""

    directions: np.ndarray
    remaining: np.ndarray


def recession(
    design: np.ndarray, outcome: np.ndarray, family: ResponseDistribution
) -> Recession | None:
    """The directions in which the likelihood of ``design`` (n, p) rises for ever, or None.

    The second direction is found among the rows that the first leaves, and so on: along the first,
    then the second, every row outside ``remaining`` is explained perfectly in the end.
    """
    scale = np.abs(design).max(axis=0)
    scale[scale == 0] = 1.0
    sign = family.at_upper_end(outcome).astype(float) - family.at_lower_end(outcome)
    known, which = np.unique(np.column_stack([design / scale, sign]), axis=0, return_inverse=True)
    left = np.ones(len(known), dtype=bool)
    found = []
    while left.any() and (direction := rising_direction(known[left])) is not None:
        found.append(direction / scale)
        left &= np.abs(known[:, :-1] @ direction) <= BEYOND
    if not found:
        return None
    return Recession(directions=np.array(found), remaining=left[which.reshape(-1)])


def rising_direction(rows: np.ndarray) -> np.ndarray | None:
    """A direction (p,) that moves no row away from its outcome and some towards it.

    ``rows`` (m, p + 1) end with where the outcome is: −1 or 1 at an end of what it can be, or 0.
    """
    design, sign = rows[:, :-1], rows[:, -1]
    ends = sign != 0
    if not ends.any():
        return None
    towards = design[ends] * sign[ends, None]
    on_line = design[~ends]
    solved = least_costs(
        -towards.sum(axis=0),
        at_most=(-towards, np.zeros(len(towards))),
        equal=(on_line, np.zeros(len(on_line))) if len(on_line) else None,
        bounds=(-1, 1),
    )
    if solved is None or np.max(towards @ solved.at) <= BEYOND:
        return None
    found = solved.at
    return np.where(np.abs(found) <= BEYOND, 0.0, found)
