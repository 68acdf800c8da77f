"""Draws from an urn by inversion, against the counts of all draws as whole numbers."""

import math
from fractions import Fraction
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from tests.conftest import examples
from trialkit.analysis.means import tilted_draws
from trialkit.analysis.means.tilted_draws import Urn, tilted_towards
from trialkit.errors import AnalysisError


def urn_of(scores: list[int], size: int) -> Urn:
    values, counts = np.unique(scores, return_counts=True)
    return Urn(scores=values, counts=counts, size=size)


def draws_by_sum(scores: list[int], size: int) -> list[int]:
    """How many draws have the sum 0, 1, …, each number in a place of its own of one large number."""
    places = 8 * (len(scores) // 8 + 1)  # bits; no number reaches 2 to the power of the scores
    drawn = [1] + [0] * size
    for score in scores:
        for k in range(size, 0, -1):
            drawn[k] += drawn[k - 1] << (places * score)
    digits = drawn[size].to_bytes((drawn[size].bit_length() + 7) // 8, "little")
    width = places // 8
    return [int.from_bytes(digits[i : i + width], "little") for i in range(0, len(digits), width)]


def tied_ranks(n: int, *, decimals: int, seed: int) -> list[int]:
    """Mid-ranks doubled, the smallest as 0."""
    values = np.round(np.random.default_rng(seed).normal(size=n), decimals)
    doubled = np.rint(2 * rankdata(values)).astype(int)
    return (doubled - doubled.min()).tolist()


@pytest.mark.parametrize(
    ("scores", "size"),
    [
        (tied_ranks(64, decimals=1, seed=1), 32),
        (tied_ranks(60, decimals=0, seed=2), 20),
        (tied_ranks(48, decimals=9, seed=3), 9),
        ([0] * 30 + [1] * 2 + [700], 4),
        (np.random.default_rng(4).integers(0, 200, 36).tolist(), 22),
    ],
    ids=["tenths", "heavy ties", "no ties, few drawn", "nearly all alike", "any scores"],
)
def test_both_tails_have_twelve_digits_however_rare_they_are(scores, size):
    counts = draws_by_sum(scores, size)
    possible = math.comb(len(scores), size)
    assert sum(counts) == possible
    at_most = [Fraction(each, possible) for each in accumulate(counts)]
    urn = urn_of(scores, size)
    assert (urn.least, urn.most) == (
        next(i for i, count in enumerate(counts) if count),
        len(counts) - 1,
    )
    for total in sorted({*np.linspace(urn.least, urn.most, 11).astype(int).tolist()}):
        draws = tilted_towards(urn, total)
        if draws.tilt <= 0:
            found, right = draws.at_most(total), at_most[total]
        else:
            found, right = draws.at_least(total), 1 - at_most[total - 1]
        assert abs(Fraction(found) / right - 1) < 1e-12


@given(
    st.lists(st.integers(0, 30), min_size=3, max_size=11).filter(lambda each: len(set(each)) > 1),
    st.data(),
)
@settings(max_examples=examples(50), deadline=None)
def test_no_joint_probability_is_further_off_than_its_error(scores, data):
    size = data.draw(st.integers(1, len(scores) - 1))
    counts = draws_by_sum(scores, size)
    draws = tilted_towards(urn_of(scores, size), data.draw(st.integers(0, len(counts) - 1)))
    missed = sum(
        math.log1p(math.exp(draws.offset + draws.tilt * (s - draws.pivot))) for s in scores
    )
    for total, found in zip(draws.window, draws.joint, strict=True):
        odds = draws.offset * size + draws.tilt * (total - draws.pivot * size)
        right = counts[total] * math.exp(odds - missed)
        assert abs(found - right) <= draws.error + 1e-13 * right
    assert draws.error < 1e-11


def test_an_urn_knows_its_expected_sum_and_whether_it_mirrors():
    urn = urn_of([0, 0, 1, 4], 3)
    assert (urn.least, urn.most, urn.mean) == (1, 5, 3.75)
    assert math.exp(sum(urn.log_draws)) == pytest.approx(4)
    assert not urn.is_symmetric
    assert urn_of([0, 0, 1, 4], 2).is_symmetric  # the other half lies as far on the other side
    assert urn_of([0, 1, 3, 4], 3).is_symmetric
    assert not urn_of([0, 1, 3, 4, 4], 3).is_symmetric


def test_what_would_take_long_says_so_and_what_is_not_right_to_eight_digits_is_refused(monkeypatch):
    scores = np.random.default_rng(5).integers(0, 10**7, 60).tolist()
    assert not tilted_towards(urn_of(scores, 30), sum(scores) / 2).is_affordable
    draws = tilted_towards(urn_of([0, 1, 2, 3], 2), 4)
    assert draws.is_affordable
    assert draws.work == 4 * len(draws._nodes[0])
    monkeypatch.setattr(tilted_draws, "_MOST_ERROR", 1e-17)
    with pytest.raises(AnalysisError, match="rounding leaves less than eight digits"):
        draws.at_least(4)
