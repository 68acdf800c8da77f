"""Exact permutation distributions against enumeration."""

import math
from fractions import Fraction
from itertools import combinations, product
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from tests.conftest import examples
from trialkit.analysis.means import permutation_distribution
from trialkit.analysis.means.permutation_distribution import (
    InvertedSums,
    SumDistribution,
    signed_sums,
    subset_sums,
)
from trialkit.errors import AnalysisError

scores = st.lists(st.integers(-9, 20), min_size=2, max_size=9)


@given(scores=scores, data=st.data(), at_once=st.sampled_from([0, 1e8]))
@settings(max_examples=examples(120), deadline=None)
def test_subset_sums_are_those_of_enumeration_counted_or_inverted(scores, data, at_once):
    size = data.draw(st.integers(1, len(scores) - 1))
    with patch.object(permutation_distribution, "_AT_ONCE", at_once):
        found = subset_sums(np.array(scores), size)
    assert isinstance(found, InvertedSums) == (at_once == 0 and len(set(scores)) > 1)
    sums = np.array([sum(each) for each in combinations(scores, size)])
    assert found.mean == pytest.approx(sums.mean(), abs=1e-9)
    for total in range(sums.min() - 1, sums.max() + 2):
        assert found.at_most(total) == pytest.approx((sums <= total).mean(), abs=1e-12)
        assert found.at_least(total) == pytest.approx((sums >= total).mean(), abs=1e-12)
        far = np.abs(sums - sums.mean()) >= abs(total - sums.mean()) - 1e-9
        assert found.as_far_from(found.mean, total) == pytest.approx(far.mean(), abs=1e-12)
    for tail in (0.013, 0.11, 0.31):
        low, high = found.central(tail)
        assert (sums < low).mean() < tail <= (sums <= low).mean()
        assert (sums > high).mean() < tail <= (sums >= high).mean()


def u_counts(m: int, n: int) -> np.ndarray:
    """How many divisions of m + n without ties have U = 0, 1, …: the Gaussian binomial coefficient."""
    counts = np.zeros(m * n + 1, dtype=object)
    counts[0] = 1
    for i in range(1, m + 1):
        if n + i <= m * n:
            counts[n + i :] = counts[n + i :] - counts[: -n - i]
        rows = np.concatenate([counts, [0] * (-len(counts) % i)]).reshape(-1, i)
        counts = np.add.accumulate(rows, axis=0).ravel()[: m * n + 1]
    return counts


@pytest.mark.further
def test_a_hundred_and_a_hundred_without_ties_are_the_classical_counts():
    counts = u_counts(100, 100)
    assert sum(counts) == math.comb(200, 100)
    upto = np.add.accumulate(counts)
    found = subset_sums(np.arange(1, 201), 100)
    for u in (0, 1, 40, 700, 2000, 3100, 3800, 4155, 4200, 4900, 5000):
        right = Fraction(upto[u], math.comb(200, 100))
        assert abs(Fraction(found.at_most(5050 + u)) / right - 1) < 1e-12
        assert abs(Fraction(found.at_least(15_050 - u)) / right - 1) < 1e-12
        both = min(2 * right, 1)
        assert abs(Fraction(found.as_far_from(found.mean, 5050 + u)) / both - 1) < 1e-12
    low, high = (each - 5050 for each in found.central(0.025))
    assert upto[low - 1] < 0.025 * math.comb(200, 100) <= upto[low]
    assert high == 10_000 - low


def test_a_hundred_and_a_hundred_on_a_scale_of_four_are_counted_in_whole_numbers():
    sizes, drawn = (45, 61, 38, 56), 100
    doubled = np.rint(2 * rankdata(np.repeat(np.arange(4), sizes))).astype(int)
    starts = np.cumsum(sizes) - sizes
    ways: dict[int, int] = {}
    for first in product(*(range(size + 1) for size in sizes[:3])):
        last = drawn - sum(first)
        if 0 <= last <= sizes[3]:
            taken = (*first, last)
            total = sum(n * int(doubled[start]) for n, start in zip(taken, starts, strict=True))
            ways[total] = ways.get(total, 0) + math.prod(map(math.comb, sizes, taken))
    assert sum(ways.values()) == math.comb(200, drawn)
    found = subset_sums(doubled, drawn)
    assert isinstance(found, InvertedSums)
    totals = sorted(ways)
    upto = np.add.accumulate([ways[total] for total in totals], dtype=object)
    for share in (0.0, 0.1, 0.3, 0.4, 0.45, 0.5, 0.6):
        place = int(share * (len(totals) - 1))
        right = Fraction(int(upto[place]), math.comb(200, drawn))
        assert abs(Fraction(found.at_most(totals[place])) / right - 1) < 1e-12


@pytest.fixture(scope="module")
def five_hundred_each() -> SumDistribution:
    """Mid-ranks, doubled, of a thousand measurements to a tenth, 480 of them drawn."""
    values = np.round(np.random.default_rng(7).normal(size=1000), 1)
    return subset_sums(np.rint(2 * rankdata(values)).astype(int), 480)


def test_a_thousand_with_ties_have_tails_that_complement_and_never_rise(five_hundred_each):
    found = five_hundred_each
    sd = math.sqrt(480 * 520 * 1001 / 3)
    totals = [round(found.mean + z * sd) for z in (-12, -4, -2, -1, 0, 1, 2, 4, 12)]
    below = [found.at_most(total) for total in totals]
    above = [found.at_least(total) for total in totals]
    assert below == sorted(below)
    assert above == sorted(above, reverse=True)
    for total, one in zip(totals, below, strict=True):
        assert one + found.at_least(total + 1) == pytest.approx(1, abs=1e-12)
    # the normal approximation is good at 2 sd; at 12 sums are rarer than it has them, 1.8e-33
    assert below[2] == pytest.approx(0.02275, rel=0.01)
    assert 1e-36 < below[0] < 1.8e-33


def test_drawing_the_others_mirrors(five_hundred_each):
    values = np.round(np.random.default_rng(7).normal(size=1000), 1)
    doubled = np.rint(2 * rankdata(values)).astype(int)
    others = subset_sums(doubled, 520)
    for total in (430_000, 470_000, 480_480):
        assert others.at_least(int(doubled.sum()) - total) == pytest.approx(
            five_hundred_each.at_most(total), rel=1e-12
        )


@given(scores=st.lists(st.integers(1, 12), min_size=1, max_size=8))
@settings(max_examples=examples(40), deadline=None)
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
        subset_sums(np.random.default_rng(1).integers(0, 10**6, 3000), 1500)
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
