"""Rank tests of two samples: what their limits allow."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.analysis.means.rank_tests import kruskal_wallis, mann_whitney
from trialkit.decimals.columns import difference
from trialkit.protocol.methods.comparisons import MeansMethod


def test_a_hundred_million_differences_are_no_hindrance() -> None:
    """Of i - j for i, j below 10 000 as many lie above zero as below."""
    found = mann_whitney(
        np.arange(10_000.0), np.arange(10_000.0), method=MeansMethod.MANN_WHITNEY_ASYMPTOTIC
    )
    assert (found.estimate, found.p_value) == (0, 1)
    assert found.conf_low == -found.conf_high
    # where z is 1.96: U / mn - 1/2 is (d/n) - (d/n)²/2 for a shift of d
    reach = 1.959964 * np.sqrt((20_001 / 12) / 1e8)
    assert found.conf_high == pytest.approx(10_000 * (1 - np.sqrt(1 - 2 * reach)), abs=1)


def test_the_shift_is_the_median_of_all_differences_and_its_sign_that_of_the_experimental() -> None:
    """3 and 10 against 1, 2 and 4: differences -1, 1, 2, 6, 8, 9, so the middle is 4."""
    found = mann_whitney(np.array([3.0, 10.0]), np.array([1.0, 2.0, 4.0]))
    assert found.estimate == pytest.approx(4)
    turned = mann_whitney(np.array([1.0, 2.0, 4.0]), np.array([3.0, 10.0]))
    assert turned.estimate == pytest.approx(-4)
    assert found.p_value == turned.p_value
    # of the ten pairs of ranks two lie as high as 3 and 5 or higher, doubled
    assert found.p_value == pytest.approx(0.4)


def test_changes_that_are_alike_in_decimal_are_tied() -> None:
    """Changes in tenths -2 1 3 5 against -2 -3 -1 0: 5.1 - 5.3 and 9.7 - 9.9 are one tie."""
    first = difference(np.array([5.1, 8.3, 7.2, 6.6]), np.array([5.3, 8.2, 6.9, 6.1]))
    other = difference(np.array([9.7, 4.1, 3.3, 2.0]), np.array([9.9, 4.4, 3.4, 2.0]))
    in_tenths = mann_whitney(np.array([-2.0, 1, 3, 5]), np.array([-2.0, -3, -1, 0]))
    assert mann_whitney(first, other).statistic == in_tenths.statistic == 13.5
    assert mann_whitney(first, other).p_value == in_tenths.p_value


pairs = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=3, max_size=12
).filter(lambda each: len({one - other for one, other in each}) > 1)


@given(pairs, st.integers(1, 2), st.integers(0, 3))
def test_ranks_of_decimal_changes_are_those_of_whole_numbers(
    values: list[tuple[int, int]], split: int, places: int
) -> None:
    last, first = np.array(values, dtype=float).T
    decimal = difference(last / 10**places, first / 10**places)
    whole = last - first
    found, right = (
        mann_whitney(decimal[:split], decimal[split:]),
        mann_whitney(whole[:split], whole[split:]),
    )
    assert (found.statistic, found.p_value) == (right.statistic, right.p_value)
    several, wanted = (
        kruskal_wallis((decimal[:split], decimal[split:])),
        kruskal_wallis((whole[:split], whole[split:])),
    )
    assert several.statistic == wanted.statistic
