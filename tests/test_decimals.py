"""Numbers in decimal, against exact fractions: ties, differences, and what a float stands for."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.decimals import as_written, half_up, significant
from trialkit.decimals.columns import difference, reaches, settled

steps = st.integers(-(10**6), 10**6)
decimals = st.integers(0, 6)
positive_steps = st.integers(1, 10**6)


def exactly(value: Fraction, digits: int) -> Decimal:
    """A fraction rounded half away from zero, in whole numbers only."""
    scaled = abs(value) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-digits)


@pytest.mark.parametrize(
    ("value", "digits", "printed"),
    [
        (73.64999999999999, 1, "73.7"),
        (-73.64999999999999, 1, "-73.7"),
        (61.349999999999994, 1, "61.4"),
        (0.285, 2, "0.29"),
        (128.35 - 127.3, 1, "1.1"),
        (1450.35 - 1450.3, 1, "0.1"),
        (12345.65 - 12345.6, 1, "0.1"),
        (73.6499999, 1, "73.6"),
        (0.04999, 1, "0.0"),
        (-1e-17, 1, "0.0"),
        (12345678901234.0, 0, "12345678901234"),
        (123456789.125, 2, "123456789.13"),
        (5, 1, "5.0"),
        (5e-324, 2, "0.00"),
    ],
)
def test_ties_are_those_of_the_decimal_number(value: float, digits: int, printed: str) -> None:
    assert str(half_up(value, digits=digits)) == printed


def off_by_one(values: list[float], right: list[Fraction], *, freed: bool) -> float:
    """The share of values that are printed otherwise than exact arithmetic has it."""

    def shown(value: float) -> Decimal:
        if freed:
            return half_up(value, digits=1)
        return Decimal(repr(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    wrong = [shown(v) != exactly(r, 1) for v, r in zip(values, right, strict=True)]
    return float(np.mean(wrong))


def test_no_tied_mean_or_difference_of_means_is_off_by_one() -> None:
    rng = np.random.default_rng(11)
    means: list[float] = []
    differences: list[float] = []
    right_means, right_differences = [], []
    while len(differences) < 300 or len(means) < 300:
        n = 20 * int(rng.integers(1, 10))
        one, other = (rng.integers(0, 1001, n) for _ in range(2))
        exact = Fraction(int(one.sum()), 10 * n)
        if (exact * 20) % 2 == 1:
            means.append(float(np.mean(one / 10)))
            right_means.append(exact)
        apart = Fraction(int(one.sum()) - int(other.sum()), n)
        if (apart * 20) % 2 == 1:
            differences.append(float(np.mean(one) - np.mean(other)))
            right_differences.append(apart)

    assert off_by_one(means, right_means, freed=False) > 0.05
    assert off_by_one(differences, right_differences, freed=False) > 0.2
    assert off_by_one(means, right_means, freed=True) == 0
    assert off_by_one(differences, right_differences, freed=True) == 0


@given(st.lists(steps, min_size=1, max_size=300), decimals, st.integers(0, 4))
def test_means_are_rounded_as_exact_fractions_are(
    values: list[int], places: int, digits: int
) -> None:
    mean = float(np.mean(np.array(values) / 10**places))
    exact = Fraction(sum(values), len(values) * 10**places)
    largest = Fraction(max(map(abs, values), default=0), 10**places)
    if largest < 10**5:  # beyond it a mean of three hundred floats has errors in what is printed
        assert half_up(mean, digits=digits) == exactly(exact, digits)


@given(steps, steps, decimals)
def test_differences_are_those_of_decimal_arithmetic(one: int, other: int, places: int) -> None:
    found = difference(np.array([one / 10**places]), np.array([other / 10**places]))
    assert found.tolist() == [(one - other) / 10**places]


def test_differences_of_any_kind() -> None:
    found = difference(
        np.array([5.1, 9.7, 5 / 3, 8 / 3, 0.3, 1e-10, 1e300, np.nan, np.inf]),
        np.array([5.3, 9.9, 2 / 3, 5 / 3, 0.3, 3e-10, 1.0, 1.0, 1.0]),
    )
    assert found[:7].tolist() == [-0.2, -0.2, 1.0, 1.0, 0.0, -2e-10, 1e300]
    assert np.isnan(found[7])
    assert found[8] == np.inf
    assert not np.signbit(difference(np.array([0.1]), np.array([0.1])))[0]


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20), st.floats(-1e9, 1e9))
def test_no_difference_moves_by_what_can_be_measured(values: list[float], other: float) -> None:
    one = np.array(values)
    moved = np.abs(difference(one, np.full(len(one), other)) - (one - other))
    assert np.all(moved <= 5e-12 * np.fmax(np.abs(one), abs(other)))


@settings(max_examples=examples(300))
@given(positive_steps, positive_steps, st.integers(1, 99), decimals)
def test_a_threshold_is_reached_where_exact_arithmetic_reaches_it(
    baseline: int, final: int, percent: int, places: int
) -> None:
    first, last = baseline / 10**places, final / 10**places
    change = difference(np.array([first]), np.array([last]))
    found = reaches(change, percent / 100 * first, size=np.array([max(first, last)]))
    assert found[0] == (100 * (baseline - final) >= percent * baseline)


@pytest.mark.parametrize(("first", "last"), [(9.0, 6.3), (7.0, 4.9), (0.1, 0.07), (100.0, 70.0)])
def test_thirty_percent_of_it_are_thirty_percent(first: float, last: float) -> None:
    change = difference(np.array([first]), np.array([last]))
    assert reaches(change, 0.3 * first, size=np.array([first]))[0]
    less = difference(np.array([first]), np.array([last * 1.00001]))
    assert not reaches(less, 0.3 * first, size=np.array([first]))[0]


def test_a_computed_number_keeps_the_digits_of_what_it_was_computed_from() -> None:
    found = settled(np.array([1 / 3, 0.1 + 0.2, 0.3 - 0.1 - 0.2]), size=np.array([1.0, 0.3, 0.3]))
    assert found.tolist() == [0.33333333333, 0.3, 0.0]
    finer = settled(np.array([1 / 3]), size=np.array([1.0]), digits=13)
    assert finer.tolist() == [0.333333333333]


@pytest.mark.parametrize(
    ("value", "digits", "printed"),
    [
        (1234.565, 6, "1234.57"),
        (26.093749999999996, 6, "26.0938"),
        (0.1 + 0.2, 6, "0.3"),
        (12.0, 6, "12"),
        (-2.5, 1, "-3"),
        (0.0, 3, "0"),
        (-0.0, 3, "0"),
        (float("inf"), 3, "inf"),
    ],
)
def test_significant_digits_are_rounded_half_up(value: float, digits: int, printed: str) -> None:
    assert significant(value, digits) == printed


def test_a_float_stands_for_a_decimal_number() -> None:
    assert as_written(0.049999999999999996) == Decimal("0.05")
    assert as_written(0.0499999999) == Decimal("0.0499999999")
    assert as_written(1e22) == Decimal(10) ** 22
    assert as_written(7) == 7
    assert as_written(np.float64(2.5)) == Decimal("2.5")
