"""Allocations that a randomisation could have made instead: arms permuted within strata and blocks."""

from dataclasses import dataclass
from itertools import combinations
from math import comb, prod

import numpy as np

from trialkit.errors import AnalysisError

MOST_CELLS = 500_000_000
"""Participants times allocations that are kept at once, a byte each."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OtherAllocations:
    """Who is treated (n, allocation) in each allocation; ``exact`` says that these are all."""

    treated: np.ndarray
    exact: bool


def other_allocations(
    treated: np.ndarray,
    places: np.ndarray,
    *,
    most: int,
    replicates: int,
    rng: np.random.Generator | None,
) -> OtherAllocations:
    """All allocations that permute ``treated`` (n,) within ``places`` (n,), or so many drawn ones.

    Up to ``most`` are all made; beyond that ``replicates`` are drawn with ``rng``. Raises
    :class:`AnalysisError` where no place holds both arms, a generator is needed and lacking, or there
    would be too much to keep.
    """
    assigned = np.asarray(treated, dtype=bool)
    mixed = mixed_blocks(assigned, places)
    patterns = prod(comb(len(each), int(assigned[each].sum())) for each in mixed)
    exact = patterns <= most
    count = patterns if exact else replicates
    drawn_by = None if exact else needed_generator(rng, most=most)
    if count < 1 or count * len(assigned) > MOST_CELLS:
        raise AnalysisError(
            f"{count:,} allocations of {len(assigned):,} participants are none, or too many to keep",
            advice=f"ask for at most {max(1, MOST_CELLS // len(assigned)):,} replicates",
        )
    found = np.repeat(assigned[:, None], count, axis=1)
    each_time, left = 1, patterns
    for place in mixed:
        size = int(assigned[place].sum())
        if drawn_by is None:
            own = _every_pattern(len(place), size)
            left //= own.shape[1]
            found[place] = np.tile(np.repeat(own, left, axis=1), each_time)
            each_time *= own.shape[1]
        else:
            found[place] = drawn_by.permuted(found[place], axis=0)
    return OtherAllocations(treated=found, exact=exact)


def mixed_blocks(assigned: np.ndarray, places: np.ndarray) -> list[np.ndarray]:
    """The members of each place (n,) that holds both those who are ``assigned`` (n,) and others.

    Raises :class:`AnalysisError` where there is none.
    """
    members = [np.flatnonzero(places == place) for place in np.unique(places)]
    mixed = [each for each in members if 0 < assigned[each].sum() < len(each)]
    if not mixed:
        raise AnalysisError(
            "no block holds both arms: the randomisation allows this one allocation only, and "
            "there is nothing to re-randomise"
        )
    return mixed


def needed_generator(rng: np.random.Generator | None, *, most: int) -> np.random.Generator:
    """What draws allocations where there are more than ``most``; raises without one."""
    if rng is None:
        raise AnalysisError(
            f"more than {most:,} allocations are possible, so they must be sampled: "
            "pass rng=numpy.random.default_rng(seed)"
        )
    return rng


def _every_pattern(members: int, size: int) -> np.ndarray:
    """Which members are treated (member, pattern) in each choice of ``size`` of them."""
    chosen = np.array(list(combinations(range(members), size)))
    found = np.zeros((len(chosen), members), dtype=bool)
    np.put_along_axis(found, chosen, values=True, axis=1)
    return found.T
