"""Spending functions begin with nothing, never fall, and end with everything."""

from math import e, exp, inf, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from trialkit.design.sequential.spending import (
    FutilityBounds,
    HwangShihDeCani,
    KimDeMets,
    OBrienFleming,
    OBrienFlemingSpending,
    Pocock,
    PocockSpending,
    UserSpending,
    WangTsiatis,
)
from trialkit.errors import DesignError

SPENDING = st.one_of(
    st.sampled_from(
        [
            OBrienFlemingSpending(),
            PocockSpending(),
            UserSpending(times=(0.3, 0.7, 1), cumulative=(0.0, 0.004, 0.02)),
        ]
    ),
    st.floats(-20, 20).map(lambda gamma: HwangShihDeCani(gamma=gamma)),
    st.floats(0.2, 6).map(lambda rho: KimDeMets(rho=rho)),
)


@given(
    spending=SPENDING, times=st.tuples(st.floats(0, 1), st.floats(0, 1)), error=st.floats(1e-4, 0.4)
)
def test_spending_rises_from_nothing_to_all(
    spending: object, times: tuple[float, float], error: float
) -> None:
    early, late = sorted(times)
    assert spending.spent(0.0, error) == 0
    assert spending.spent(1.0, error) == pytest.approx(error)
    assert spending.spent(1.5, error) == pytest.approx(error)
    assert -1e-15 <= spending.spent(early, error) <= spending.spent(late, error) + 1e-15


def test_hwang_shih_decani_at_zero_is_even() -> None:
    even = HwangShihDeCani(gamma=0)
    near = HwangShihDeCani(gamma=1e-9)
    assert even.spent(0.3, 0.025) == pytest.approx(0.0075)
    assert near.spent(0.3, 0.025) == pytest.approx(0.0075)


@pytest.mark.parametrize(
    "call",
    [
        lambda: HwangShihDeCani(gamma=float("nan")),
        lambda: KimDeMets(rho=0),
        lambda: WangTsiatis(delta=3),
        lambda: UserSpending(times=(0.5,), cumulative=(0.02,)),
        lambda: UserSpending(times=(0.5, 1), cumulative=(0.02,)),
        lambda: UserSpending(times=(0.5, 1), cumulative=(0.03, 0.02)),
        lambda: UserSpending(times=(), cumulative=()),
        lambda: FutilityBounds(z=(float("nan"),)),
    ],
    ids=lambda each: f"line {each.__code__.co_firstlineno}",
)
def test_families_without_sense_are_refused(call: object) -> None:
    with pytest.raises(DesignError):
        call()


@pytest.mark.parametrize("time", [0.1, 0.5, 0.8])
def test_each_function_is_the_published_formula(time: float) -> None:
    alpha = 0.025
    found = {
        OBrienFlemingSpending(): 2 * norm.sf(norm.isf(alpha / 2) / sqrt(time)),
        PocockSpending(): alpha * log(1 + (e - 1) * time),
        HwangShihDeCani(gamma=-4): alpha * (1 - exp(4 * time)) / (1 - exp(4)),
        HwangShihDeCani(gamma=2): alpha * (1 - exp(-2 * time)) / (1 - exp(-2)),
        KimDeMets(rho=3): alpha * time**3,
    }
    for spending, expected in found.items():
        assert spending.spent(time, alpha) == pytest.approx(expected, rel=1e-12)
        assert spending.spent(-0.5, alpha) == 0


def test_the_users_spending_is_a_line_between_the_times_stated() -> None:
    """0.004 at 0.2, 0.01 at 0.6, 0.02 at the end: halfway between two times, halfway between both."""
    user = UserSpending(times=(0.2, 0.6, 1), cumulative=(0.004, 0.01, 0.02))
    spent = [user.spent(time, 0.02) for time in (0.1, 0.2, 0.4, 0.6, 0.8, 1)]
    assert spent == pytest.approx([0.002, 0.004, 0.007, 0.01, 0.015, 0.02])
    # of another error it is the same share
    assert user.spent(0.4, 0.04) == pytest.approx(0.014)


def test_classical_shapes_in_units_of_the_last_boundary() -> None:
    assert [OBrienFleming().shape(time) for time in (0.25, 1)] == [2, 1]
    assert [Pocock().shape(time) for time in (0.25, 1)] == [1, 1]
    for delta, shape in ((0, 2), (0.5, 1), (0.25, sqrt(2)), (-1, 8), (1, 0.5)):
        assert WangTsiatis(delta=delta).shape(0.25) == pytest.approx(shape)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: HwangShihDeCani(gamma=50.1), "gamma must lie between -50 and 50, got 50.1"),
        (lambda: KimDeMets(rho=inf), "rho must be above 0, got inf"),
        (lambda: WangTsiatis(delta=-1.1), "delta must lie from -1 to 1, got -1.1"),
        (
            lambda: UserSpending(times=(0.5, 0.4, 1), cumulative=(0.01, 0.02, 0.03)),
            "times must rise from above 0 to 1, with a cumulative error for each",
        ),
        (
            lambda: UserSpending(times=(0.0, 1), cumulative=(0.01, 0.02)),
            "times must rise from above 0 to 1",
        ),
        (
            lambda: UserSpending(times=(0.5, 1), cumulative=(-0.01, 0.02)),
            r"cumulative errors cannot fall, got \[-0.01, 0.02\]",
        ),
        (
            lambda: UserSpending(times=(0.5, 1), cumulative=(0.0, 0.0)),
            "cumulative errors cannot fall",
        ),
        (
            lambda: UserSpending(times=(0.5, 1), cumulative=(0.5, 1.0)),
            "cumulative errors cannot fall",
        ),
        (lambda: FutilityBounds(z=(0, inf)), "futility bounds must be numbers or minus infinity"),
    ],
    ids=lambda each: "" if isinstance(each, str) else f"line {each.__code__.co_firstlineno}",
)
def test_what_has_no_sense_is_refused_by_name(call: object, said: str) -> None:
    with pytest.raises(DesignError, match=said):
        call()


def test_the_limits_of_each_family_belong_to_it() -> None:
    assert [HwangShihDeCani(gamma=each).gamma for each in (-50, 50)] == [-50, 50]
    assert FutilityBounds(z=(-inf, 0.5)).z == (-inf, 0.5)
    flat = UserSpending(times=(0.5, 1), cumulative=(0.02, 0.02))
    assert flat.spent(0.5, 0.02) == flat.spent(1, 0.02) == 0.02
