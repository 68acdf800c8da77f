"""Whole days are counted, other times sorted: the same times in the same places."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.analysis.survival.tied_times import distinct_codes, distinct_times, stable_order


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
