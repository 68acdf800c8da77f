"""Roots, powers, remainders and parts of dates, against plain Python."""

import math
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.schemas.rules.parts import column, come_to, draft
from trialkit.errors import ProtocolError
from trialkit.schemas.forms.expressions import Kind
from trialkit.schemas.rules.number_functions import NUMBER_FUNCTIONS

A, B, D = column("a", Kind.NUMBER), column("b", Kind.NUMBER), column("d", Kind.DATE)
W = column("a", Kind.NUMBER, whole=True)


def of(name, *parts, a=None, b=None, d=None):
    written = draft()
    schema = {"a": pl.Float64, "b": pl.Float64, "d": pl.Date}
    table = pl.DataFrame({"a": [a], "b": [b], "d": [d]}, schema=schema)
    return come_to(NUMBER_FUNCTIONS[name](parts, written), written, table)[0]


ONE = {
    "SQRT": (math.sqrt, (0.0, 2.25, 1e6), (-1.0,)),
    "EXP": (math.exp, (0.0, -1.0, 2.0), (1e4,)),
    "LN": (math.log, (1.0, 10.0), (0.0, -2.0)),
}


@pytest.mark.parametrize("name", ONE)
def test_a_function_of_one_number_is_unknown_where_there_is_no_such_number(name):
    function, right, none = ONE[name]
    assert [of(name, A, a=each) for each in right] == pytest.approx([function(x) for x in right])
    assert [of(name, A, a=each) for each in (*none, None)] == [None] * (len(none) + 1)


@given(a=st.integers(-99, 99), b=st.integers(-9, 9))
def test_what_is_left_of_a_division_has_the_sign_of_what_is_divided(a, b):
    assert of("MOD", A, B, a=a, b=b) == (None if b == 0 else math.fmod(a, b))


@pytest.mark.parametrize(
    ("a", "b", "power"),
    [(2, 10, 1024), (4, 0.5, 2), (0, -1, None), (-8, 0.5, None), (None, 2, None)],
)
def test_powers(a, b, power):
    assert of("POWER", A, B, a=a, b=b) == power


def test_the_parts_of_a_date():
    day = date(2026, 3, 31)
    assert [of(name, D, d=day) for name in ("YEAR", "MONTH", "DAY")] == [2026, 3, 31]
    assert of("YEAR", D) is None


def test_a_number_is_a_text_and_one_that_is_computed_with_decimals_is_refused():
    assert (of("TO_TEXT", W, a=-12.0), of("TO_TEXT", W)) == ("-12", None)
    computed = column("a", Kind.NUMBER, computed=True)
    with pytest.raises(ProtocolError, match="of which nobody knows how many decimals"):
        of("TO_TEXT", computed, a=1.5)


@given(st.integers(-9_999_999, 9_999_999), st.integers(0, 3))
def test_a_number_is_written_in_as_few_characters_as_say_it(digits, decimals):
    text = of("TO_TEXT", A, a=digits / 10**decimals)
    assert float(text) == digits / 10**decimals
    assert "e" not in text
    assert not ("." in text and text[-1] in "0.")


def test_no_number_is_written_with_an_exponent():
    assert [of("TO_TEXT", A, a=each) for each in (1e-5, 12345678.5, 2e9, 0.001)] == [
        None, None, "2000000000", "0.001",
    ]  # fmt: skip


@pytest.mark.parametrize("name", NUMBER_FUNCTIONS)
def test_what_it_is_not_for_is_refused(name):
    for parts in ((), (column("s", Kind.TEXT),), (column("s", Kind.TEXT),) * 2):
        with pytest.raises(ProtocolError, match=name):
            NUMBER_FUNCTIONS[name](parts, draft())
