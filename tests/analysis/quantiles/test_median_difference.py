"""The difference of medians (its printed numbers, statpsych.json, are held by the published tests)."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm

from tests.conftest import examples
from trialkit.analysis.quantiles.median_difference import compare_medians, median_error
from trialkit.errors import AnalysisError


def compared(one: np.ndarray, other: np.ndarray, **changed: object) -> pd.Series:
    frame = pd.DataFrame({"y": [*one, *other], "arm": ["E"] * len(one) + ["C"] * len(other)})
    asked = {"outcome": "y", "arm": "arm", "reference": "C"}
    return compare_medians(frame, **asked | changed).to_frame().iloc[0]


@settings(max_examples=examples(40))
@given(st.integers(0, 2**32 - 1), st.integers(2, 30), st.integers(2, 30))
def test_a_swap_mirrors_and_units_do_not_matter(seed: int, m: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.normal(size=m), rng.exponential(size=n)
    row, turned = compared(one, other), compared(other, one)
    assert turned["estimate"] == pytest.approx(-row["estimate"])
    assert turned["conf_low"] == pytest.approx(-row["conf_high"])
    scaled = compared(one * 7 - 3, other * 7 - 3)
    assert scaled["se"] == pytest.approx(7 * row["se"], rel=1e-9)
    assert scaled["p_value"] == pytest.approx(row["p_value"], rel=1e-6)


def test_the_error_is_that_of_order_statistics_whose_level_is_exact() -> None:
    values = np.arange(15.0) ** 2
    at = round(15 / 2 - 15**0.5)  # 3.6: the fourth from either end
    level = 1 - 2 * binom.cdf(at - 1, 15, 0.5)
    width = values[15 - at] - values[at - 1]
    assert median_error(values[::-1]) == pytest.approx(width / (2 * norm.isf((1 - level) / 2)))


def test_normal_values_have_the_large_sample_error() -> None:
    found = [median_error(np.random.default_rng(i).normal(size=2001)) for i in range(40)]
    assert np.mean(found) == pytest.approx(np.sqrt(np.pi / 2 / 2001), rel=0.05)


def test_one_value_and_no_spread_are_refused_in_words() -> None:
    with pytest.raises(AnalysisError, match="from two values on"):
        compared(np.array([1.0]), np.array([1.0, 2.0]))
    with pytest.raises(AnalysisError, match="half and more of each arm"):
        compared(np.array([1.0, 1, 1, 1]), np.array([2.0, 2, 2]))
    row = compared(np.array([1.0, 1, 1, 1]), np.array([2.0, 3, 4]))
    assert np.isfinite(row["p_value"])
