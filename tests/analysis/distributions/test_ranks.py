"""Ranks in which equal values share theirs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from trialkit.analysis.distributions.ranks import midranks


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=60))
def test_they_are_scipys_and_add_up(values: list[int]) -> None:
    ranks = midranks(np.array(values, dtype=float))
    np.testing.assert_array_equal(ranks, rankdata(values))
    assert ranks.sum() == len(values) * (len(values) + 1) / 2
