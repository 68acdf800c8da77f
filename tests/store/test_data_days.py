"""The cut is stated and never inferred; of what can be right, the last day is known apart from it."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from trialkit.store.data_days import NO_DAYS, DataDays

DAYS = st.integers(0, 400).map(lambda day: date(2025, 1, 1) + timedelta(days=day))
MAYBE = st.none() | DAYS


@given(protocol=MAYBE, asked=MAYBE, run=MAYBE)
def test_the_cut_is_the_first_that_somebody_stated(protocol, asked, run):
    days = DataDays.stated(protocol=protocol, asked=asked, run=run)
    protocol = None if days.ahead else protocol
    assert days.cut == next((day for day in (asked, protocol, run) if day is not None), None)
    assert days.of_the_run == (asked is None and protocol is None and run is not None)
    assert days.cut_moment == (None if days.cut is None else pd.Timestamp(days.cut))


@given(protocol=MAYBE, asked=MAYBE, run=DAYS)
def test_no_data_know_a_day_after_they_were_taken(protocol, asked, run):
    days = DataDays.stated(protocol=protocol, asked=asked, run=run)
    if protocol is None or protocol > run:
        assert days.today == run
    else:
        assert days.today == max(protocol, asked or protocol)


@given(protocol=DAYS, earlier=st.integers(0, 100), run=MAYBE)
def test_an_earlier_cut_makes_no_right_date_wrong(protocol, earlier, run):
    asked = protocol - timedelta(days=earlier)
    whole = DataDays.stated(protocol=protocol, run=run)
    assert DataDays.stated(protocol=protocol, asked=asked, run=run).today == whole.today


@given(asked=DAYS, one=DAYS, another=DAYS)
def test_with_the_protocols_cut_in_the_past_the_day_of_the_run_changes_nothing(asked, one, another):
    cut = date(2024, 12, 31)
    assert DataDays.stated(protocol=cut, run=one) == DataDays.stated(protocol=cut, run=another)
    assert DataDays.stated(protocol=cut, run=one).today == cut


@given(protocol=DAYS, asked=MAYBE, run=DAYS)
def test_a_cut_that_has_not_come_is_none_and_is_told(protocol, asked, run):
    days = DataDays.stated(protocol=protocol, asked=asked, run=run)
    if protocol <= run:
        assert (days.ahead, days.warning) == (None, "")
    else:
        without = DataDays.stated(protocol=None, asked=asked, run=run)
        assert replace(days, ahead=None) == without
        assert f"cut is {protocol}, which has not come yet" in days.warning


def test_without_a_word_and_without_a_clock_nothing_is_known():
    assert DataDays.stated(protocol=None) == NO_DAYS
    assert DataDays.stated(protocol=None, asked=date(2025, 1, 1)).today is None
    assert (NO_DAYS.cut_moment, NO_DAYS.last_moment) == (None, None)
