"""The sums of pairs by rank, against all of them put in order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.means.pair_sums import PairSums, differences, sums_of_two
from trialkit.errors import AnalysisError

whole = st.integers(-12, 12).map(float)
tenths = st.integers(-400, 400).map(lambda each: each / 10)
any_size = st.floats(-1e12, 1e12, allow_subnormal=False)
values = st.one_of(*(st.lists(of, min_size=1, max_size=30) for of in (whole, tenths, any_size)))


def all_differences(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    return np.sort(np.subtract.outer(some, others), axis=None)


def all_sums_of_two(some: np.ndarray) -> np.ndarray:
    return np.sort(np.add.outer(some, some)[np.triu_indices(len(some))])


def the_same(found: PairSums, right: np.ndarray) -> None:
    assert len(found) == len(right)
    assert [found.smallest(k) for k in range(len(right) + 2)] == [-np.inf, *right, np.inf]
    middle = (right[(len(right) - 1) // 2], right[len(right) // 2])
    assert found.median == middle


@given(values, values)
@settings(max_examples=examples(60), deadline=None)
def test_differences_by_rank_are_the_very_floats_that_sorting_gives(some, others):
    left, right = np.array(some), np.array(others)
    the_same(differences(left, right), all_differences(left, right))


@given(values)
@settings(max_examples=examples(60), deadline=None)
def test_sums_of_two_by_rank_are_the_very_floats_that_sorting_gives(some):
    the_same(sums_of_two(np.array(some)), all_sums_of_two(np.array(some)))


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng, n: rng.normal(size=n),
        lambda rng, n: rng.integers(0, 11, n).astype(float),
        lambda rng, n: np.round(rng.normal(370, 100, n), 1),
        lambda rng, n: np.round(rng.lognormal(0, 2, n), 2),
        lambda rng, n: rng.standard_cauchy(n),
        lambda rng, n: rng.normal(size=n) * 10.0 ** rng.integers(-15, 15, n),
    ],
    ids=["normal", "scale", "tenths", "skew", "heavy tails", "all sizes"],
)
def test_many_pairs_of_any_shape_are_narrowed_down(draw):
    rng = np.random.default_rng(20261129)
    some, others = draw(rng, 400), draw(rng, 333)
    for found, right in (
        (differences(some, others), all_differences(some, others)),
        (sums_of_two(some), all_sums_of_two(some)),
    ):
        for k in (1, 2, len(right) // 40, len(right) // 2, len(right) - 7, len(right)):
            assert found.smallest(k) == right[k - 1]
        assert sum(found.median) / 2 == np.median(right)


def test_a_hundred_million_pairs_are_not_computed():
    found = differences(np.arange(10_000.0), np.arange(10_000.0) / 2)
    # a difference d ≥ 0 of i − j/2 has i = d + j/2; the smallest is −4999.5, the largest 9999
    assert (found.smallest(1), found.smallest(2)) == (-4999.5, -4999.0)
    assert found.smallest(10**8) == 9999
    assert found.median == (2499.5, 2500.0)  # they lie alike about 4999.5 - 2499.75


def test_more_pairs_than_can_be_held_that_only_rounding_tells_apart_are_refused():
    tiny = np.arange(8_000.0) * 1e-30
    with pytest.raises(AnalysisError, match="told apart by rounding alone"):
        differences(np.append(tiny, 1e10), tiny).smallest(20_000_000)
