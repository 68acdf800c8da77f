"""Welch's t of two samples, against scipy's and pingouin's."""

from itertools import combinations

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats

from tests.analysis.engines.test_pingouin import wide_of
from trialkit.analysis.diagnosing.pairwise import welch
from trialkit.errors import AnalysisError


def samples_of(case: str) -> list[np.ndarray]:
    values, groups = wide_of(case)
    return [values[groups == group, 0] for group in range(3)]


def test_welch_is_scipys_of_the_first_minus_the_second() -> None:
    one, other, _ = samples_of("sim_3x4_unbal")
    found = welch(one, other)
    expected = stats.ttest_ind(one, other, equal_var=False)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-9)
    assert found.df_den == pytest.approx(expected.df, rel=1e-9)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)


def test_pingouin_says_the_same() -> None:
    values, groups = wide_of("sim_3x4_unbal")
    frame = pd.DataFrame({"value": values[:, 0], "group": groups})
    table = pingouin.pairwise_tests(frame, dv="value", between="group", correction=True)
    samples = samples_of("sim_3x4_unbal")
    pairs = combinations(range(3), 2)
    for (other, one), (_, row) in zip(pairs, table.iterrows(), strict=True):
        assert (other, one) == (row["A"], row["B"])
        found = welch(samples[one], samples[other])
        assert (-found.statistic, found.df_den) == (row["T"], row["dof"])
        assert found.p_value == row["p_unc"]


@pytest.mark.parametrize("scale", [1e-60, 1e-12, 1.0, 1e12, 1e60])
def test_the_unit_does_not_matter(scale: float) -> None:
    one, other, _ = samples_of("sim_3x4_unbal")
    found, expected = welch(scale * one, scale * other), welch(one, other)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-9)
    assert found.p_value == pytest.approx(expected.p_value, rel=1e-9)


def test_what_rounding_leaves_is_no_variance() -> None:
    noise = np.array([0.0, 1.0, 2.0, 1.0])
    with pytest.raises(AnalysisError, match="no variance beyond the rounding"):
        welch(1e15 + noise / 8, noise)
    with pytest.raises(AnalysisError, match="no variance"):
        welch(noise, np.full(4, 80.2))
    with pytest.raises(AnalysisError, match="fewer than two"):
        welch(noise, noise[:1])
