"""Exact permutation distributions against enumeration."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialkit.analysis.means.permutation_distribution import signed_sums, subset_sums
from trialkit.errors import AnalysisError

scores = st.lists(st.integers(-9, 20), min_size=2, max_size=9)


@given(scores=scores, data=st.data())
@settings(max_examples=60, deadline=None)
def test_subset_sums_are_those_of_enumeration(scores, data):
    size = data.draw(st.integers(1, len(scores) - 1))
    found = subset_sums(np.array(scores), size)
    sums = np.array([sum(each) for each in combinations(scores, size)])
    assert found.mean == pytest.approx(sums.mean(), abs=1e-9)
    for total in range(sums.min() - 1, sums.max() + 2):
        assert found.at_most(total) == pytest.approx((sums <= total).mean(), abs=1e-12)
        assert found.at_least(total) == pytest.approx((sums >= total).mean(), abs=1e-12)
        far = np.abs(sums - sums.mean()) >= abs(total - sums.mean()) - 1e-9
        assert found.as_far_from(found.mean, total) == pytest.approx(far.mean(), abs=1e-12)


@given(scores=st.lists(st.integers(1, 12), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_signed_sums_are_those_of_enumeration(scores):
    found = signed_sums(np.array(scores))
    sums = np.array([np.dot(signs, scores) for signs in product((0, 1), repeat=len(scores))])
    for total in range(-1, sums.max() + 2):
        assert found.at_most(total) == pytest.approx((sums <= total).mean(), abs=1e-12)


def test_the_central_part_leaves_less_than_the_tail_on_either_side():
    found = subset_sums(np.arange(1, 6), 2)  # ten pairs, sums 3 to 9
    central = [found.central(tail) for tail in (0.05, 0.1, 0.11, 0.2, 0.21)]
    assert central == [(3, 9), (3, 9), (4, 8), (4, 8), (5, 7)]


def test_impossible_draws_and_endless_work_are_refused():
    with pytest.raises(AnalysisError, match="cannot draw 3 of 3"):
        subset_sums(np.arange(3), 3)
    with pytest.raises(AnalysisError, match="additions"):
        subset_sums(np.arange(3000), 1500)
    with pytest.raises(AnalysisError, match="additions"):
        signed_sums(np.arange(1, 4000))


def test_large_steps_cost_nothing_and_large_sums_are_refused():
    found = subset_sums(np.array([0, 3, 4, 9]) * 10**12, 2)
    plain = subset_sums(np.array([0, 3, 4, 9]), 2)
    assert (found.start, found.end, found.step) == (3 * 10**12, 13 * 10**12, 10**12)
    assert found.probability[[0, -1]].min() > 0
    assert found.at_least(7 * 10**12 + 1) == plain.at_least(8)
    assert found.as_far_from(found.mean, 4 * 10**12) == plain.as_far_from(plain.mean, 4)
    with pytest.raises(AnalysisError, match="sums"):
        subset_sums(np.array([0, 1, 10**9]), 1)
