"""Looks of a running trial against rpact, and what must hold between the answers."""

from math import inf, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from tests.design.size_reference import LOOKS
from trialkit.design.sequential import (
    BetaSpending,
    Decision,
    FutilityBounds,
    GroupSequentialDesign,
    Look,
    OBrienFlemingSpending,
    Pocock,
    UserSpending,
    boundaries,
    conditional_power,
    equal_looks,
    monitor,
    repeated_p_value,
)
from trialkit.errors import DesignError

EXPECTED = LOOKS["analysis"]
PLANNED = boundaries(GroupSequentialDesign(times=equal_looks(3)))
FIRST = Look(estimate=4, se=EXPECTED["sd"][0] * sqrt(2 / 20), df=38)
SECOND = Look(estimate=3.75, se=EXPECTED["sd"][1] * sqrt(2 / 40), df=78)


def test_every_answer_is_that_of_rpact() -> None:
    found = monitor(PLANNED, [FIRST, SECOND])
    assert [each.estimate / each.se for each in (FIRST, SECOND)] == pytest.approx(EXPECTED["t"])
    assert [each.conf_low for each in found.looks] == pytest.approx(EXPECTED["rci_lower"], abs=2e-5)
    assert [each.conf_high for each in found.looks] == pytest.approx(
        EXPECTED["rci_upper"], abs=2e-5
    )
    # rpact stops its search at 2e-7; at trialkit's values its own boundary is the z that was seen
    assert [each.repeated_p for each in found.looks] == pytest.approx(
        EXPECTED["repeated_p"], abs=2e-7
    )
    crp = [each.conditional_power_null for each in found.looks]
    assert crp == pytest.approx(EXPECTED["crp"], abs=5e-9)
    assert found.decision is Decision.EFFICACY
    assert found.final is not None
    assert found.final.p_value == pytest.approx(EXPECTED["final_p"], abs=1e-10)
    assert found.final.estimate == pytest.approx(EXPECTED["median_unbiased"], abs=1e-6)
    assert found.final.conf_low == pytest.approx(EXPECTED["final_lower"], abs=1e-6)
    assert found.final.conf_high == pytest.approx(EXPECTED["final_upper"], abs=1e-6)
    assert found.final.conf_level == pytest.approx(0.95)


def test_the_lower_limits_are_those_of_the_inverted_t_test() -> None:
    """rpact stops its search at 1e-5; the limit at which the look's p value is the level is exact."""
    for look, bound, found in zip(
        (FIRST, SECOND), PLANNED.upper, monitor(PLANNED, [FIRST, SECOND]).looks, strict=False
    ):
        moved = Look(estimate=look.estimate - found.conf_low, se=look.se, df=look.df)
        assert moved.z == pytest.approx(bound, abs=1e-9)


def test_the_first_look_alone_goes_on() -> None:
    found = monitor(PLANNED, [FIRST])
    assert found.decision is Decision.CONTINUE
    assert found.final is None
    assert "look 1 of 3" in found.title
    assert list(found.to_frame()["decision"]) == ["continue"]


def test_a_trial_that_shows_nothing_ends_with_an_analysis() -> None:
    found = monitor(
        PLANNED, [Look(estimate=0.1, se=1), Look(estimate=0.1, se=0.7), Look(estimate=0.1, se=0.5)]
    )
    assert found.decision is Decision.NOT_SHOWN
    assert found.final is not None
    assert found.final.p_value > 0.4
    assert found.final.conf_low < 0 < found.final.conf_high


def test_a_look_after_the_end_is_refused() -> None:
    with pytest.raises(DesignError, match="ended the trial"):
        monitor(PLANNED, [Look(estimate=10, se=1), FIRST])
    with pytest.raises(DesignError, match="has 3"):
        monitor(PLANNED, [FIRST] * 4)
    with pytest.raises(DesignError):
        monitor(PLANNED, [])


def test_a_look_past_futility_may_go_on_when_it_does_not_bind() -> None:
    planned = boundaries(
        GroupSequentialDesign(times=equal_looks(3), futility=FutilityBounds(z=(0, 0)), power=0.8)
    )
    found = monitor(planned, [Look(estimate=-1, se=1), Look(estimate=3, se=0.7)])
    assert [each.decision for each in found.looks] == [Decision.FUTILITY, Decision.EFFICACY]


def test_the_other_side_of_a_two_sided_design() -> None:
    planned = boundaries(GroupSequentialDesign(times=equal_looks(2), alpha=0.05, sides=2))
    found = monitor(planned, [Look(estimate=-5, se=1)])
    mirrored = monitor(planned, [Look(estimate=5, se=1)])
    assert found.decision is Decision.OTHER_SIDE
    assert found.final is not None
    assert mirrored.final is not None
    assert found.final.p_value == pytest.approx(mirrored.final.p_value)
    assert found.final.conf_high == pytest.approx(-mirrored.final.conf_low, abs=1e-8)


def test_the_p_value_of_the_first_look_is_the_plain_one() -> None:
    found = monitor(PLANNED, [Look(estimate=4.2, se=1)])
    assert found.final is not None
    assert found.final.p_value == pytest.approx(float(ndtr(-4.2)), rel=1e-9)
    assert found.final.estimate == pytest.approx(4.2, abs=1e-8)
    level = float(-ndtri(0.025))
    assert found.final.conf_low == pytest.approx(4.2 - level, abs=1e-8)


@settings(deadline=None, max_examples=20)
@given(z=st.floats(-2, 6), place=st.integers(1, 3))
def test_a_repeated_p_at_alpha_is_a_crossing(z: float, place: int) -> None:
    p = repeated_p_value(PLANNED, look=place, z=z)
    assert 0 < p <= 0.5
    assert (p <= 0.025) == (z >= PLANNED.upper[place - 1])


def test_a_repeated_p_on_the_boundary_is_alpha() -> None:
    binding = boundaries(
        GroupSequentialDesign(
            times=equal_looks(3),
            futility=BetaSpending(spending=OBrienFlemingSpending()),
            binding=True,
        )
    )
    user = boundaries(
        GroupSequentialDesign(
            times=(0.5, 1),
            efficacy=UserSpending(times=(0.5, 1), cumulative=(0.01, 0.025)),
        )
    )
    pocock = boundaries(GroupSequentialDesign(times=equal_looks(3), efficacy=Pocock()))
    for planned in (binding, user, pocock):
        for place, bound in enumerate(planned.upper, start=1):
            p = repeated_p_value(planned, look=place, z=bound)
            assert p == pytest.approx(0.025, rel=1e-6)


@pytest.mark.parametrize("drift", [0.0, 2.0, 3.3])
def test_conditional_power_averages_to_what_is_left(drift: float) -> None:
    """Over the z of the first look the conditional powers are the power of the later looks."""
    steps = 4000
    chances = [(k + 0.5) / steps for k in range(steps)]
    time = PLANNED.times[0]
    later = 0.0
    for chance in chances:
        z = float(ndtri(chance)) + drift * sqrt(time)
        if z < PLANNED.upper[0]:
            later += conditional_power(PLANNED, look=1, z=z, drift=drift) / steps
    assert later == pytest.approx(sum(PLANNED.stopping(drift).upper[1:]), abs=2e-4)


def test_there_is_no_conditional_power_at_the_end() -> None:
    with pytest.raises(DesignError, match="after"):
        conditional_power(PLANNED, look=3, z=1.0, drift=0.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"estimate": float("nan"), "se": 1},
        {"estimate": 1, "se": 0},
        {"estimate": 1, "se": inf},
        {"estimate": 1, "se": 1, "df": 0},
    ],
)
def test_a_look_without_an_estimate_is_refused(wrong: dict) -> None:
    with pytest.raises(DesignError):
        Look(**wrong)


def test_t_becomes_the_z_with_its_p_in_both_tails() -> None:
    up, down = Look(estimate=3, se=1, df=10), Look(estimate=-3, se=1, df=10)
    assert up.z == pytest.approx(-down.z)
    assert up.z < 3
    assert Look(estimate=60, se=1, df=500).z > 20
