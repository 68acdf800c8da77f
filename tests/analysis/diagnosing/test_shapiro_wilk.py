"""Shapiro–Wilk's W and p: published ones, and scipy's to the last digit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import shapiro

from trialkit.analysis.diagnosing.shapiro_wilk import w_and_p

WEIGHTS = np.array([148.0, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236])
"""Of men in pounds: Shapiro and Wilk, Biometrika 1965;52:606, table of the worked example."""


def test_the_example_that_its_authors_print() -> None:
    statistic, p = w_and_p(WEIGHTS)
    assert statistic == pytest.approx(0.79, abs=0.005)
    assert p < 0.01


@pytest.mark.parametrize("n", [4, 5, 6, 7, 11, 12, 13, 60, 61, 999, 5000])
@pytest.mark.parametrize("law", ["normal", "exponential", "uniform"])
def test_it_is_scipys_for_odd_and_even_numbers(n: int, law: str) -> None:
    values = getattr(np.random.default_rng(n), law)(size=n)
    expected = shapiro(values)
    assert w_and_p(values) == (expected.statistic, expected.pvalue)


@given(st.lists(st.integers(-9, 9), min_size=4, max_size=40).filter(lambda x: len(set(x)) > 1))
def test_with_ties_it_is_scipys_and_the_order_does_not_matter(values: list[int]) -> None:
    given_, expected = np.array(values, dtype=float), shapiro(values)
    assert w_and_p(given_) == (expected.statistic, expected.pvalue)
    backwards = w_and_p(given_[::-1])
    assert backwards == pytest.approx(w_and_p(given_), rel=1e-6)


def test_what_could_not_be_normal_has_the_smallest_p() -> None:
    assert w_and_p(np.array([0.0, 0, 0, 0, 0, 0, 0, 0, 0, 1]))[1] < 1e-6
