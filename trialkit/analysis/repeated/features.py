"""What the columns of a repeated-measures design multiply, and what makes a mean of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Feature:
    """A thing that a column multiplies: where it stands in the profile at each visit."""

    factor: str
    level: str
    slots: np.ndarray
    centre: float = 0.0
    scale: float = 1.0
    average: float = 0.0  # what a marginal mean holds it at, in its own units


Part: TypeAlias = tuple[Feature, int | None]
"""A column: what it multiplies, and the visit that it is confined to, if any."""


def profiles_constant(m: int) -> Feature:
    """The feature that is one for everybody at each of ``m`` visits."""
    return Feature(factor="", level="", slots=np.zeros(m, dtype=np.intp), average=1.0)


def marginal_rows(
    parts: Sequence[Part],
    *,
    arm: str,
    arms: Sequence[object],
    visits: int,
    held: Mapping[str, object],
) -> np.ndarray:
    """The row of each arm's mean at each visit (arm, visit, p), of the reported columns.

    Covariates stand at the value or the level at which they are ``held``, the others at their average.
    """
    found = np.zeros((len(arms), visits, len(parts)))
    names = [str(each) for each in arms]
    for at, (part, visit) in enumerate(parts):
        where = slice(None) if visit is None else slice(visit, visit + 1)
        if part.factor == arm:
            found[names.index(part.level), where, at] = 1.0
        else:
            found[:, where, at] = _stands_at(part, held)
    return found


def _stands_at(part: Feature, held: Mapping[str, object]) -> float:
    """What a mean multiplies a column of a covariate by."""
    if part.factor not in held:
        return part.average
    value = held[part.factor]
    return float(part.level == str(value)) if part.level else float(str(value))
