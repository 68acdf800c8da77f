"""Any numbers cut anywhere: each value is in one level, the one that exact fractions say."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.cut_points import CutPoints, digits, misplaced

GRID = st.decimals(
    min_value=-99999, max_value=99999, places=3, allow_nan=False, allow_infinity=False
)
"""Numbers as people enter them, of eight digits at most."""
CUT = st.lists(GRID, min_size=1, max_size=6, unique=True).map(sorted)


def holds(level: int, value: Fraction, cuts: list[Decimal]) -> bool:
    """Whether a level holds a value: its lower end is in it, and its upper one is not."""
    ends = [Fraction(-(10**9)), *map(Fraction, cuts), Fraction(10**9)]
    low, high = list(pairwise(ends))[level]
    return low <= value < high


@given(cuts=CUT, value=GRID, at=st.integers(0, 5))
def test_each_value_is_in_the_one_level_that_holds_it(
    cuts: list[Decimal], value: Decimal, at: int
) -> None:
    points = CutPoints(tuple(map(float, cuts)))
    for each in (value, cuts[at % len(cuts)]):
        held = [n for n in range(len(cuts) + 1) if holds(n, Fraction(each), cuts)]
        assert held == [points.place(float(each))]


@given(cut=GRID, subtracted=GRID)
def test_a_calculated_value_reaches_the_cut_point_that_it_is_in_decimal(
    cut: Decimal, subtracted: Decimal
) -> None:
    value = float(cut + subtracted) - float(subtracted)  # rarely the float of the difference
    assume(abs(subtracted) <= 500 * abs(cut))  # else what cancels leaves fewer than twelve digits
    assert CutPoints((float(cut),)).place(value) == 1


@pytest.mark.parametrize(("value", "place"), [(39.94, 0), (39.95, 1), (40.05 - 0.1, 1), (40, 1)])
def test_a_cut_point_is_in_the_level_above_it(value: float, place: int) -> None:
    assert CutPoints((39.95,)).place(value) == place


def test_levels_are_named_by_their_ends() -> None:
    assert CutPoints((40, 65)).levels() == ("< 40", "40 to < 65", "≥ 65")
    assert CutPoints((-2.50, 0.1 + 0.2)).levels("points") == (
        "< -2.5 points", "-2.5 to < 0.3 points", "≥ 0.3 points",
    )  # fmt: skip
    assert CutPoints((7,)).levels(say=lambda value: f"<{value}>") == ("< <7>", "≥ <7>")
    assert [digits(each) for each in (40.0, 1e-7, 1e6)] == ["40", "0.0000001", "1000000"]


@given(points=st.lists(GRID, max_size=5))
def test_points_are_misplaced_unless_each_stands_above_the_one_before(
    points: list[Decimal],
) -> None:
    rises = all(low < high for low, high in pairwise(points))
    assert (misplaced(tuple(map(float, points))) == "") == rises


def test_what_does_not_rise_makes_no_levels() -> None:
    assert misplaced((65, 40)) == "40 after 65"
    assert misplaced((40, 40.0)) == misplaced((40, 40 + 1e-13)) == "40 twice"
    with pytest.raises(ProtocolError, match=r"^cut_points must rise, got 40 after 65$"):
        CutPoints((65, 40))
    with pytest.raises(ProtocolError, match=r"^cut_points is an empty list"):
        CutPoints(())


@given(
    cuts=st.lists(st.integers(-12, 12), min_size=1, max_size=4, unique=True).map(sorted),
    limits=st.tuples(st.integers(-6, 6), st.integers(-6, 6)).map(sorted),
    whole=st.booleans(),
)
def test_a_level_is_out_of_reach_where_no_value_of_the_form_lies_in_it(
    cuts: list[int], limits: list[int], whole: bool
) -> None:
    points = CutPoints(
        tuple(each / 2 for each in cuts)
    )  # halves, so that some hold no whole number
    low, high = (each / 2 for each in limits)
    asked = [each / 4 for each in range(-12, 13) if low <= each / 4 <= high]
    reached = {points.place(each) for each in asked if not whole or each == int(each)}
    found = list(points.out_of_reach(low, high, whole=whole))
    assert found == [n for n in range(len(cuts) + 1) if n not in reached]


def test_a_form_without_limits_has_every_level_but_one_between_two_whole_numbers() -> None:
    points = CutPoints((40.2, 40.7))
    assert list(points.out_of_reach(None, None, whole=False)) == []
    assert list(points.out_of_reach(None, None, whole=True)) == [1]
    assert list(points.out_of_reach(40.2, None, whole=False)) == [0]
    assert list(points.out_of_reach(None, 40.7, whole=False)) == []
    assert list(points.out_of_reach(None, 40.6, whole=False)) == [2]
