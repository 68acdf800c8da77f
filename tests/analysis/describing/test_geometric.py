"""Geometric means and their spread, against scipy and what must hold of them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.conftest import examples
from trialkit.analysis.describing.descriptive import summarise, summarise_geometric

# scipy warns of values that are nearly alike
WHOLE = st.lists(st.integers(1, 10**9), min_size=2, max_size=30, unique=True)
POSITIVE = WHOLE.map(lambda values: np.array(values) / 1000)


@settings(max_examples=examples(60), deadline=None)
@given(values=POSITIVE)
def test_mean_and_spread_are_those_of_scipy(values: np.ndarray) -> None:
    found = summarise_geometric(values)
    assert found.mean == pytest.approx(stats.gmean(values), rel=1e-10)
    assert found.sd == pytest.approx(stats.gstd(values), rel=1e-8)
    assert found.n_without_logarithm == 0


@settings(max_examples=examples(60), deadline=None)
@given(values=POSITIVE, factor=st.floats(1e-3, 1e3))
def test_another_unit_changes_the_mean_alone_and_reciprocals_turn_it_over(
    values: np.ndarray, factor: float
) -> None:
    found, scaled = summarise_geometric(values), summarise_geometric(values * factor)
    assert scaled.mean == pytest.approx(found.mean * factor, rel=1e-10)
    assert scaled.sd == pytest.approx(found.sd, rel=1e-8)
    turned = summarise_geometric(1 / values)
    assert turned.mean == pytest.approx(1 / found.mean, rel=1e-10)
    assert turned.sd == pytest.approx(found.sd, rel=1e-8)
    assert found.mean <= summarise(values).mean * (1 + 1e-12)
    assert found.sd >= 1


def test_by_hand() -> None:
    """Logarithms to base 2 are 0, 2 and 4, of mean 2 and standard deviation 2."""
    found = summarise_geometric(np.array([1.0, np.nan, 4.0, 16.0]))
    assert found.mean == pytest.approx(4)
    assert found.sd == pytest.approx(4)


@pytest.mark.parametrize("lacking", [[0.0], [-1.0], [0.0, -2.0]])
def test_a_value_that_has_no_logarithm_leaves_no_geometric_mean(lacking: list[float]) -> None:
    found = summarise_geometric(np.array([3.0, 4.0, np.nan, *lacking]))
    assert math.isnan(found.mean)
    assert math.isnan(found.sd)
    assert found.n_without_logarithm == len(lacking)


def test_one_value_has_no_spread_and_equal_ones_have_the_factor_one() -> None:
    one = summarise_geometric(np.array([7.3]))
    assert one.mean == 7.3
    assert math.isnan(one.sd)
    equal = summarise_geometric(np.array([0.1] * 7))
    assert (equal.mean, equal.sd) == (0.1, 1)
    nobody = summarise_geometric(np.array([np.nan]))
    assert math.isnan(nobody.mean)
    assert nobody.n_without_logarithm == 0


def test_a_spread_beyond_a_float_is_none() -> None:
    found = summarise_geometric(np.array([1e-300, 1e300]))
    assert found.mean == pytest.approx(1)
    assert math.isnan(found.sd)
