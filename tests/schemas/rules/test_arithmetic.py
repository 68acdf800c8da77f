"""Sums and differences of parts, of numbers and of dates."""

from datetime import date

import polars as pl
import pytest

from tests.schemas.rules.parts import column, come_to, draft
from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.arithmetic import arithmetic, negative

A, B = column("a", Kind.NUMBER), column("b", Kind.NUMBER, whole=True)
D, E = column("d", Kind.DATE), column("e", Kind.DATE)
TABLE = pl.DataFrame(
    {
        "a": [1.0, 1e308, None],
        "b": [0.0, 10.0, 1.0],
        "d": [date(2026, 1, 31), date(9999, 12, 31), None],
        "e": [date(2026, 1, 1), date(9999, 12, 1), date(2026, 1, 1)],
    }
)


def test_what_leaves_the_numbers_is_unknown() -> None:
    written = draft()
    assert come_to(arithmetic("*", A, B, written), written, TABLE) == [0.0, None, None]
    written = draft()
    assert come_to(arithmetic("/", A, B, written), written, TABLE) == [None, 1e307, None]


def test_a_minus_sign_keeps_what_is_unknown() -> None:
    assert come_to(negative(A), draft(), TABLE) == [-1.0, -1e308, None]


def test_dates_are_days_apart_and_end_with_the_calendar() -> None:
    written = draft()
    assert come_to(arithmetic("-", D, E, written), written, TABLE) == [30.0, 30.0, None]
    written = draft()
    later = arithmetic("+", D, B, written)
    assert come_to(later, written, TABLE) == [date(2026, 1, 31), None, None]


def test_times_of_a_day_are_parts_of_a_day_apart() -> None:
    woke, slept = column("woke", Kind.TIME), column("slept", Kind.TIME)
    table = pl.DataFrame({"woke": ["07:00", "23:15", None], "slept": ["23:15", "07:00", "08:00"]})
    written = draft()
    apart = come_to(arithmetic("-", slept, woke, written), written, table)
    assert apart == [975 / 1440, -975 / 1440, None]
    with pytest.raises(ProtocolError, match="arithmetic is for numbers"):
        arithmetic("+", slept, woke, draft())


def test_a_date_takes_whole_days_only() -> None:
    with pytest.raises(ProtocolError, match="only a whole number of days"):
        arithmetic("+", D, A, draft())
