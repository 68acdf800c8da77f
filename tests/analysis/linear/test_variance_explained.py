"""Limits of partial eta squared (their values are tested with the ANCOVA)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from tests.conftest import examples
from trialkit.analysis.linear.variance_explained import LARGE, partial_eta_squared_limits
from trialkit.errors import AnalysisError


def test_limits_of_partial_eta_squared_reach_from_zero_to_nearly_one() -> None:
    low, high = partial_eta_squared_limits(0.2, df_num=2, df_den=30, conf_level=0.95)
    assert low == 0
    assert 0 < high < 0.2
    assert partial_eta_squared_limits(0.0, df_num=1, df_den=9, conf_level=0.9) == (0.0, 0.0)
    low, high = partial_eta_squared_limits(1e6, df_num=1, df_den=20, conf_level=0.95)
    assert 0.9999 < low < high < 1


@settings(max_examples=examples(40), deadline=None)
@given(st.floats(5, 1e5), st.integers(1, 4), st.integers(3, 200))
def test_the_limits_are_the_noncentralities_that_make_f_just_surprising(
    statistic: float, df_num: int, df_den: int
) -> None:
    limits = partial_eta_squared_limits(statistic, df_num=df_num, df_den=df_den, conf_level=0.95)
    for limit, probability in zip(limits, (0.975, 0.025), strict=True):
        if limit > 0:
            noncentrality = limit / (1 - limit) * df_den
            below = special.ncfdtr(df_num, df_den, noncentrality, statistic)
            assert below == pytest.approx(probability, abs=1e-6)


def test_the_limits_are_continuous_where_the_approximation_takes_over() -> None:
    below, above = (
        partial_eta_squared_limits(LARGE * share, df_num=1, df_den=30, conf_level=0.95)
        for share in (0.999999, 1.000001)
    )
    assert below == pytest.approx(above, rel=1e-9)


def test_a_level_in_percent_is_refused() -> None:
    with pytest.raises(AnalysisError, match="between 0 and 1"):
        partial_eta_squared_limits(3.0, df_num=1, df_den=9, conf_level=95)
