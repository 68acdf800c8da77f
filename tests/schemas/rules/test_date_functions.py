"""Dates of texts, and dates some months apart, against plain Python."""

import calendar
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.schemas.rules.parts import column, come_to, draft, quoted
from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.date_functions import DATE_FUNCTIONS

to_date, add_months = DATE_FUNCTIONS["TO_DATE"], DATE_FUNCTIONS["ADD_MONTHS"]
D, T = column("d", Kind.DATE), column("t", Kind.TEXT)
W, N = column("n", Kind.NUMBER, whole=True), column("n", Kind.NUMBER)


def of(function, parts, *, d=None, t=None, n=None):
    written = draft()
    schema = {"d": pl.Date, "t": pl.String, "n": pl.Float64}
    table = pl.DataFrame({"d": [d, None], "t": [t, None], "n": [n, None]}, schema=schema)
    found = come_to(function(parts, written), written, table)
    assert found[1] is None
    return found[0]


def months_later(day, months):
    """Counted a month at a time."""
    at = day.year * 12 + day.month - 1 + months
    year, month = at // 12, at % 12 + 1
    if not 1 <= year <= 9999:
        return None
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@given(
    day=st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)),
    months=st.integers(-1500, 1500),
)
def test_months_later_and_earlier(day, months):
    assert of(add_months, [D, W], d=day, n=months) == months_later(day, months)


def test_the_calendar_has_ends():
    assert of(add_months, [D, W], d=date(9999, 12, 1), n=1) is None
    assert of(add_months, [D, W], d=date(1, 1, 1), n=-1) is None
    assert of(add_months, [D, W], d=date(2024, 2, 29), n=12) == date(2025, 2, 28)


@given(st.dates())
def test_a_text_states_its_date(day):
    assert of(to_date, [T], t=day.isoformat()) == day


@pytest.mark.parametrize(
    "text", ["", "2025-02-30", "2025-2-3", "2025-02-03 08:00", "31.01.2025", "x"]
)
def test_any_other_text_states_none(text):
    assert of(to_date, [T], t=text) is None


@given(day=st.dates(min_value=date(1970, 1, 1)), apart=st.integers(0, 27))
def test_days_of_one_month_stay_as_far_apart(day, apart):
    first = day.replace(day=1)
    later = [of(add_months, [D, W], d=each, n=5) for each in (first, first + timedelta(apart))]
    if None not in later:
        assert (later[1] - later[0]).days == apart


@pytest.mark.parametrize(
    ("function", "parts", "says"),
    [
        (to_date, [D], "TO_DATE is for texts"), (to_date, [T, T], "takes one text"),
        (add_months, [T, W], "other than a date"), (add_months, [D], "other than a date"),
        (add_months, [D, N], "only whole months"), (add_months, [D, T], "a whole number of months"),
        (add_months, [quoted("2025-01-01"), W], "other than a date"),
    ],
)  # fmt: skip
def test_what_they_are_not_for_is_refused(function, parts, says):
    with pytest.raises(ProtocolError, match=says):
        function(parts, draft())
