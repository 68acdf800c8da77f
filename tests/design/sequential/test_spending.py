"""Spending functions begin with nothing, never fall, and end with everything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkit.design.sequential import (
    FutilityBounds,
    HwangShihDeCani,
    KimDeMets,
    OBrienFlemingSpending,
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
