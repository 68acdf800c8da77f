"""The allocations that blocks and strata allow, all of them or some drawn."""

from itertools import combinations
from math import comb

import numpy as np
import pytest

from trialkit.analysis.resampling.allocations import other_allocations
from trialkit.errors import AnalysisError

TREATED = np.array([True, False, True, False, True, False, False])
PLACES = np.array([1, 1, 1, 2, 2, 2, 2])


def test_all_patterns_of_all_blocks_are_there_once() -> None:
    found = other_allocations(TREATED, PLACES, most=12, replicates=5, rng=None)
    assert found.exact
    assert found.treated.shape == (7, comb(3, 2) * comb(4, 1))
    seen = {tuple(np.flatnonzero(each)) for each in found.treated.T}
    expected = {
        (*one, *other)
        for one in combinations((0, 1, 2), 2)
        for other in combinations((3, 4, 5, 6), 1)
    }
    assert seen == expected


def test_drawn_ones_keep_the_numbers_of_each_block_and_are_even() -> None:
    rng = np.random.default_rng(4)
    found = other_allocations(TREATED, PLACES, most=11, replicates=6_000, rng=rng)
    assert not found.exact
    assert (found.treated[:3].sum(axis=0) == 2).all()
    assert (found.treated[3:].sum(axis=0) == 1).all()
    assert found.treated.mean(axis=1) == pytest.approx([2 / 3] * 3 + [1 / 4] * 4, abs=0.025)
    together = (found.treated[0] & found.treated[3]).mean()  # blocks do not know of each other
    assert together == pytest.approx(2 / 12, abs=0.02)


def test_a_place_of_one_arm_stays_as_it_is() -> None:
    places = np.array([1, 2, 1, 2, 1, 2, 2])  # the treated are all in the first
    with pytest.raises(AnalysisError, match="no block holds both arms"):
        other_allocations(TREATED, places, most=9, replicates=9, rng=None)
    places[-1] = 1
    found = other_allocations(TREATED, places, most=9, replicates=9, rng=None)
    assert not found.treated[[1, 3, 5]].any()
    assert found.treated.shape[1] == 4


def test_without_a_generator_too_many_are_refused() -> None:
    with pytest.raises(AnalysisError, match="must be sampled"):
        other_allocations(TREATED, PLACES, most=11, replicates=9, rng=None)
    with pytest.raises(AnalysisError, match="at most 71,428,571 replicates"):
        other_allocations(TREATED, PLACES, most=1, replicates=10**8, rng=np.random.default_rng(1))
