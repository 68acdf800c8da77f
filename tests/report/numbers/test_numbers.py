"""How numbers are printed: half-up in decimal, a true minus, and nothing missing in silence."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.errors import ReportError
from trialkit.report.numbers import numbers as n

finite = st.floats(allow_nan=False, allow_infinity=False, width=64)
ordinary = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)
probability = st.floats(min_value=0, max_value=1)


@pytest.mark.parametrize(
    ("p", "printed"),
    [
        (0.0, "<0.001"),
        (1e-12, "<0.001"),
        (0.00099, "<0.001"),
        (0.0009996, "<0.001"),
        (0.001, "0.001"),
        (0.0095, "0.010"),
        (0.0005, "<0.001"),
        (0.0499, "0.0499"),
        (0.04996, "0.04996"),
        (0.04999999, "<0.05"),
        (0.05, "0.050"),
        (0.049999999999999996, "0.050"),
        (0.00099999999999999, "0.001"),
        (0.0501, "0.050"),
        (0.1235, "0.124"),
        (0.9994, "0.999"),
        (0.9995, ">0.999"),
        (0.99999, ">0.999"),
        (1.0, "1.000"),
        (1, "1.000"),
        (float("nan"), "—"),
        (None, "—"),
    ],
)
def test_p_values_at_their_edges(p: float | None, printed: str) -> None:
    assert n.p_value(p) == printed


@given(probability)
def test_no_p_value_reads_as_zero_nor_crosses_alpha(p: float) -> None:
    printed = n.p_value(p)
    assert float(printed.lstrip("<>")) > 0
    if not printed.startswith(("<", ">")):
        assert (float(printed) < 0.05) == (p < 0.05)


@pytest.mark.parametrize(
    ("p", "alpha", "below"),
    [
        (0.049999999999999996, 0.05, False),
        (0.0499999999, 0.05, True),
        (0.05, 0.05, False),
        (0.1 + 0.2, 0.3, False),
        (1 / 60, 0.05 / 3, False),
    ],
)
def test_a_p_value_of_exactly_alpha_is_not_below_it(p: float, alpha: float, below: bool) -> None:
    assert n.is_below(p, alpha) is below
    assert n.p_value(p, alpha=alpha).startswith("<") is (p == 0.0499999999)


@pytest.mark.parametrize("p", [-0.01, 1.01, float("inf")])
def test_what_is_no_probability_is_refused(p: float) -> None:
    with pytest.raises(ReportError, match="p value"):
        n.p_value(p)


def test_p_values_in_sentences_do_not_break() -> None:
    assert n.p_equals(0.015) == "p\u00a0=\u00a00.015"
    assert n.p_equals(0.0001) == "p\u00a0<\u00a00.001"
    assert n.p_equals(0.9999) == "p\u00a0>\u00a00.999"


@pytest.mark.parametrize(
    ("value", "digits", "printed"),
    [
        (0.125, 2, "0.13"),
        (-0.125, 2, "−0.13"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (73.64999999999999, 1, "73.7"),
        (-61.349999999999994, 1, "−61.4"),
        (-0.0, 1, "0.0"),
        (-0.04, 1, "0.0"),
        (1e-12, 2, "0.00"),
        (12, 1, "12.0"),
        (np.float64(3.25), 1, "3.3"),
        (np.int64(7), 0, "7"),
        (1e22, 0, "10000000000000000000000"),
        (float("nan"), 1, "—"),
        (None, 1, "—"),
        (float("inf"), 1, "∞"),
        (float("-inf"), 1, "−∞"),
    ],
)
def test_numbers_are_rounded_half_up_in_decimal(
    value: float | None, digits: int, printed: str
) -> None:
    assert n.number(value, digits=digits) == printed


@given(st.integers(-(10**9), 10**9), st.integers(0, 6), st.integers(min_value=0, max_value=6))
def test_rounding_agrees_with_decimal_arithmetic(step: int, places: int, digits: int) -> None:
    written = Decimal(step).scaleb(-places)
    exact = written.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    printed = n.number(step / 10**places, digits=digits).replace(n.MINUS, "-")
    assert Decimal(printed) == exact


@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=40),
    st.lists(st.integers(0, 1000), min_size=1, max_size=40),
)
def test_a_difference_of_means_is_printed_as_exact_fractions_have_it(
    one: list[int], other: list[int]
) -> None:
    found = float(np.mean(one)) - float(np.mean(other))
    exact = Fraction(sum(one), len(one)) - Fraction(sum(other), len(other))
    tenths = (abs(exact) * 20 + 1) // 2
    sign = n.MINUS if exact < 0 and tenths else ""
    assert n.number(found, digits=1) == f"{sign}{tenths // 10}.{tenths % 10}"


@given(ordinary, st.integers(min_value=0, max_value=4))
def test_a_sign_turned_round_turns_the_text_round(value: float, digits: int) -> None:
    there, back = n.number(value, digits=digits), n.number(-value, digits=digits)
    assert there.removeprefix(n.MINUS) == back.removeprefix(n.MINUS)
    assert "-" not in there


@given(finite)
@settings(max_examples=examples(60))
def test_any_number_prints_without_exponent(value: float) -> None:
    assert "e" not in n.number(value, digits=2).lower()


@pytest.mark.parametrize(
    ("value", "digits", "printed"),
    [(0.0004, 3, "<0.001"), (0.0005, 3, "0.001"), (0, 3, "0.000"), (0.004, 2, "<0.01")],
)
def test_what_is_not_zero_is_not_printed_as_zero(value: float, digits: int, printed: str) -> None:
    assert n.positive(value, digits=digits) == printed
    assert n.positive(None, digits=digits) == n.DASH


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [
        (3, 13, "23%"),
        (0, 13, "0%"),
        (13, 13, "100%"),
        (1, 200, "0.5%"),
        (1, 3000, "<0.1%"),
        (2999, 3000, ">99.9%"),
        (1, 8, "13%"),
        (0, 0, "—"),
        (None, 5, "—"),
        (np.int64(1), np.int64(3), "33%"),
    ],
)
def test_percentages_are_as_fine_as_their_denominator(
    part: float | None, whole: float, printed: str
) -> None:
    assert n.percent_of(part, whole) == printed


@given(st.integers(1, 5000).flatmap(lambda w: st.tuples(st.integers(0, w), st.just(w))))
def test_some_is_never_printed_as_none_nor_as_all(share: tuple[int, int]) -> None:
    part, whole = share
    assert (n.percent_of(part, whole) in {"0%", "0.0%"}) == (part == 0)
    assert (n.percent_of(part, whole) in {"100%", "100.0%"}) == (part == whole)


def test_more_than_all_is_refused() -> None:
    with pytest.raises(ReportError, match="no share"):
        n.percent_of(4, 3)


def test_counts_are_whole_and_grouped() -> None:
    assert n.count(9999) == "9999"
    assert n.count(1234567) == "1\u202f234\u202f567"
    assert n.n_equals(13) == "n\u00a0=\u00a013"
    with pytest.raises(ReportError, match="whole number"):
        n.count(1.5)


def test_composed_texts() -> None:
    assert n.interval(-1.25, 3.44, digits=1) == "−1.3 to 3.4"
    assert n.interval(None, None, digits=1) == "—"
    assert n.with_interval(1.2, -0.3, 2.7, digits=1) == "1.2 (−0.3 to 2.7)"
    assert n.mean_sd(12.34, 4.5, digits=1) == "12.3 (4.5)"
    assert n.mean_sd(12.34, None, digits=1) == "12.3 (—)"
    assert n.median_quartiles(12, 9.5, 14, digits=1) == "12.0 (9.5 to 14.0)"
    assert n.count_percent(0, 13) == "0 (0%)"
    assert n.count_percent(0, 0) == "0"
    assert n.count_percent(2, None) == "2 (—)"
    assert n.fraction_percent(0, 0) == n.fraction_percent(0, 0, in_sentence=True) == "0/0"
    assert n.fraction_percent(3, 13) == "3/13 (23%)"
    assert n.percent_points(0.0835) == "8.4"
    assert n.points_with_interval(0.083, -0.021, 0.187) == "8.3 (−2.1 to 18.7)"


@pytest.mark.parametrize(
    ("level", "printed"), [(0.95, "95%"), (0.9, "90%"), (0.975, "97.5%"), (None, "—")]
)
def test_confidence_levels(level: float | None, printed: str) -> None:
    assert n.confidence(level) == printed


def test_degrees_of_freedom_are_whole_where_they_are() -> None:
    assert n.degrees_of_freedom(24.0) == "24"
    assert n.degrees_of_freedom(23.96) == "24"
    assert n.degrees_of_freedom(23.46) == "23.5"


def test_the_protocols_numbers_are_printed_as_written() -> None:
    assert [n.plain(each) for each in (15, 2.5, 0.05, 100.0, -3)] == [
        "15", "2.5", "0.05", "100", "−3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "value",
    [date(2024, 5, 28), datetime(2024, 5, 28, 13, 30), pd.Timestamp("2024-05-28")],  # noqa: DTZ001
)
def test_dates_are_english_in_any_locale(value: date) -> None:
    assert n.day(value).replace("\u00a0", " ") == "28 May 2024"


@pytest.mark.parametrize("value", [None, pd.NaT])
def test_no_date_is_a_dash(value: None) -> None:
    assert n.day(value) == n.DASH
