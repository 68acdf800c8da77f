"""Welch's t of all pairs, against scipy's and pingouin's."""

import pandas as pd
import pingouin
import pytest
from scipy import stats

from tests.analysis.engines.test_pingouin import wide_of
from trialkit.analysis.diagnosing.pairwise import pairwise_welch


def test_pairwise_welch_is_scipys_with_the_later_group_first() -> None:
    values, groups = wide_of("sim_3x4_unbal")
    samples = [values[groups == group, 0] for group in range(3)]
    pairs = tuple(pairwise_welch(samples))
    assert [(pair.one, pair.other) for pair in pairs] == [(1, 0), (2, 0), (2, 1)]
    for pair in pairs:
        expected = stats.ttest_ind(samples[pair.one], samples[pair.other], equal_var=False)
        assert pair.test.statistic == pytest.approx(expected.statistic, rel=1e-9)
        assert pair.test.df_den == pytest.approx(expected.df, rel=1e-9)
        assert pair.test.p_value == pytest.approx(expected.pvalue, rel=1e-9)


def test_two_groups_are_one_pair() -> None:
    values, groups = wide_of("sim_2x2_n13")
    pairs = tuple(pairwise_welch([values[groups == group, 0] for group in range(2)]))
    assert [(pair.one, pair.other) for pair in pairs] == [(1, 0)]


def test_pingouin_says_the_same() -> None:
    values, groups = wide_of("sim_3x4_unbal")
    frame = pd.DataFrame({"value": values[:, 0], "group": groups})
    table = pingouin.pairwise_tests(frame, dv="value", between="group", correction=True)
    pairs = pairwise_welch([values[groups == group, 0] for group in range(3)])
    for pair, (_, row) in zip(pairs, table.iterrows(), strict=True):
        assert (pair.other, pair.one) == (row["A"], row["B"])
        found = (-pair.test.statistic, pair.test.df_den, pair.test.p_value)
        assert found == (row["T"], row["dof"], row["p_unc"])
