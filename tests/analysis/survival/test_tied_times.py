"""Whole days are counted, other times sorted: the same times in the same places."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.analysis.survival.rank_sums import risk_table
from trialkit.analysis.survival.survival_curve import product_limits
from trialkit.analysis.survival.tied_times import (
    counted_by_whole_times,
    distinct_codes,
    distinct_times,
    stable_order,
)

ROWS = st.tuples(st.integers(0, 60), st.booleans(), st.integers(0, 2), st.integers(0, 2))
"""A subject: the day, whether the event ended it, arm and stratum."""


@given(days=st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_days_have_the_places_that_sorting_gives(days: list[int]) -> None:
    time = np.array(days, dtype=float)
    times, place = distinct_times(time)
    wanted, where = np.unique(time, return_inverse=True)
    assert times.tolist() == wanted.tolist()
    assert place.tolist() == where.tolist()
    assert times.dtype == float
    # a quarter of a day more is no whole number, and is sorted
    other, there = distinct_times(time + 0.25)
    assert other.tolist() == (wanted + 0.25).tolist()
    assert there.tolist() == where.tolist()


@pytest.mark.parametrize("time", [[0.0, 1e12, 3.0], [1e12, 1e12 + 1, 2.0], []])
def test_days_too_late_to_be_counted_are_sorted(time: list[float]) -> None:
    times, place = distinct_times(np.array(time))
    assert times[place].tolist() == pytest.approx(time, rel=1e-9)
    assert (np.diff(times) > 0).all()


@given(codes=st.lists(st.integers(0, 10**9), max_size=40))
def test_codes_far_apart_or_near_are_numbered_alike(codes: list[int]) -> None:
    found = np.array(codes, dtype=np.int64)
    different, place = distinct_codes(found)
    assert different.tolist() == sorted(set(codes))
    assert different[place].tolist() == codes
    order = stable_order(found)
    assert order.tolist() == sorted(range(len(codes)), key=lambda each: codes[each])
    few = found % 7
    assert stable_order(few).tolist() == np.argsort(few, kind="stable").tolist()


@given(rows=st.lists(ROWS, min_size=3, max_size=50))
def test_curves_and_risk_tables_counted_by_day_are_those_of_sorted_times(
    rows: list[tuple[int, bool, int, int]],
) -> None:
    time, event, codes, strata = (np.array(each) for each in zip(*rows, strict=True))
    time = time.astype(float)
    assert counted_by_whole_times(time, event, codes, 3) is not None
    assert counted_by_whole_times(time + 0.25, event, codes, 3) is None
    counted = product_limits(time, event, codes, 3)
    in_order = product_limits(time + 0.25, event, codes, 3)
    for one, other in zip(counted, in_order, strict=True):
        assert (one.times + 0.25).tolist() == other.times.tolist()
        for name in ("n", "at_risk", "events", "censored", "survival", "log_variance"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    table = risk_table(time, event, codes, strata=strata, arms=3)
    wanted = risk_table(time + 0.25, event, codes, strata=strata, arms=3)
    for here, there in zip(table, wanted, strict=True):
        np.testing.assert_array_equal(here, there)


def test_counts_that_would_outnumber_the_rows_are_not_made() -> None:
    days = np.arange(400.0)
    codes = np.arange(400) % 40
    assert counted_by_whole_times(days, days > 3, codes, 40) is None
