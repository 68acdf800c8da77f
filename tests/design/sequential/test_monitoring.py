"""Looks of a running trial against rpact, and what must hold between the answers."""

from math import inf, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri
from scipy.stats import multivariate_normal, norm
from scipy.stats import t as student

from tests.conftest import examples
from tests.design.size_reference import LOOKS
from trialkit.design.sequential.boundaries import Boundaries, boundaries
from trialkit.design.sequential.designs import GroupSequentialDesign, equal_looks
from trialkit.design.sequential.monitoring import (
    Decision,
    FinalInference,
    Look,
    conditional_power,
    monitor,
    repeated_p_value,
)
from trialkit.design.sequential.spending import (
    BetaSpending,
    FutilityBounds,
    OBrienFlemingSpending,
    Pocock,
    UserSpending,
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


@settings(deadline=None, max_examples=examples(20))
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


def both(first: float, second: float, *, times: tuple[float, float], drift: float) -> float:
    """The probability that z is below ``first`` at one look and below ``second`` at the next."""
    r = sqrt(times[0] / times[1])
    means = [drift * sqrt(time) for time in times]
    return float(multivariate_normal(means, [[1, r], [r, 1]]).cdf([first, second]))


def test_conditional_power_before_the_last_look_is_a_normal_tail() -> None:
    """z 1.2 at 0.4 of the information: the score 1.2 √0.4 moves by drift 0.6 ± √0.6."""
    planned = boundaries(GroupSequentialDesign(times=(0.4, 1)))
    for drift in (0.0, 1.5, -1.0):
        at = (1.2 * sqrt(0.4) + 0.6 * drift - planned.upper[1]) / sqrt(0.6)
        found = conditional_power(planned, look=1, z=1.2, drift=drift)
        assert found == pytest.approx(norm.cdf(at), abs=1e-12)
    (look,) = monitor(planned, [Look(estimate=2.4, se=2)]).looks
    expected = [
        norm.cdf((1.2 * sqrt(0.4) + 0.6 * drift - planned.upper[1]) / sqrt(0.6))
        for drift in (0.0, planned.drift, 1.2 / sqrt(0.4))
    ]
    assert [
        look.conditional_power_null,
        look.conditional_power_planned,
        look.conditional_power_trend,
    ] == pytest.approx(expected, abs=1e-12)
    assert (look.look, look.time, look.z) == (1, 0.4, pytest.approx(1.2))
    assert (look.upper, look.lower) == (planned.upper[0], -inf)
    assert look.conf_low == pytest.approx(2.4 - 2 * planned.upper[0])
    assert look.conf_high == pytest.approx(2.4 + 2 * planned.upper[0])


@pytest.mark.parametrize("binding", [True, False])
def test_futility_takes_conditional_power_away_only_where_it_binds(binding: bool) -> None:
    """After z 1 at 0.3: z of 0.6 and of the end are two normal numbers, given the first."""
    times, z, drift = (0.3, 0.6, 1.0), 1.0, 2.0
    planned = boundaries(
        GroupSequentialDesign(times=times, futility=FutilityBounds(z=(0, 0.8)), binding=binding)
    )
    score = z * sqrt(0.3)
    # of the scores at 0.6 and 1
    law = multivariate_normal([score + 0.3 * drift, score + 0.7 * drift], [[0.3, 0.3], [0.3, 0.7]])
    high, last = planned.upper[1] * sqrt(0.6), planned.upper[2]
    low = 0.8 * sqrt(0.6) if binding else -50.0
    at_second = norm.sf(high, score + 0.3 * drift, sqrt(0.3))
    between = norm.cdf(high, score + 0.3 * drift, sqrt(0.3)) - norm.cdf(
        low, score + 0.3 * drift, sqrt(0.3)
    )
    at_last = between - (law.cdf([high, last]) - law.cdf([low, last]))
    found = conditional_power(planned, look=1, z=z, drift=drift)
    assert found == pytest.approx(at_second + at_last, abs=1e-6)


def final_of(planned: Boundaries, *looks: Look) -> FinalInference:
    found = monitor(planned, looks).final
    assert found is not None
    return found


@pytest.mark.parametrize("sides", [1, 2])
def test_the_final_analysis_orders_by_the_look_and_then_by_z(sides: int) -> None:
    """At the last of two looks: a crossing before is more extreme, and so is a larger z."""
    planned = boundaries(
        GroupSequentialDesign(times=(0.4, 1), alpha=0.025 * sides, sides=sides, power=0.8)
    )
    looks = [Look(estimate=2, se=4), Look(estimate=3.6, se=2)]
    found = final_of(planned, *looks)
    first, low = planned.upper[0], planned.lower[0]

    def as_extreme(drift: float) -> float:
        """P(z₁ ≥ u₁) + P(l₁ < z₁ < u₁, z₂ ≥ 1.8)."""
        shift = drift * sqrt(0.4)
        goes_on = norm.cdf(first - shift) - (norm.cdf(low - shift) if sides == 2 else 0)
        short = both(first, 1.8, times=(0.4, 1), drift=drift)
        short -= both(low, 1.8, times=(0.4, 1), drift=drift) if sides == 2 else 0
        return float(norm.sf(first - shift) + goes_on - short)

    p = as_extreme(0)
    assert found.p_value == pytest.approx(p * sides, abs=1e-7)
    assert found.conf_level == pytest.approx(0.95)
    # the unit of the effect is √1 times its standard error at the end, 2
    assert as_extreme(found.conf_low / 2) == pytest.approx(0.025, abs=1e-6)
    assert as_extreme(found.estimate / 2) == pytest.approx(0.5, abs=1e-6)
    assert as_extreme(found.conf_high / 2) == pytest.approx(0.975, abs=1e-6)
    assert found.conf_low < found.estimate < found.conf_high


def test_the_unit_of_the_final_analysis_is_that_of_the_look() -> None:
    """Twice the estimate at twice the standard error is twice the answer, with the same p."""
    one = final_of(PLANNED, Look(estimate=4.2, se=1))
    two = final_of(PLANNED, Look(estimate=8.4, se=2))
    assert two.p_value == pytest.approx(one.p_value)
    assert [two.estimate, two.conf_low, two.conf_high] == pytest.approx(
        [2 * one.estimate, 2 * one.conf_low, 2 * one.conf_high]
    )


def test_decisions_at_and_beside_every_boundary() -> None:
    planned = boundaries(
        GroupSequentialDesign(times=equal_looks(2), futility=FutilityBounds(z=(0.5,)), power=0.8)
    )
    first, last = planned.upper

    def decided(*z: float) -> Decision:
        return monitor(planned, [Look(estimate=each, se=1) for each in z]).decision

    assert decided(first) is Decision.EFFICACY
    assert decided(first - 1e-9) is Decision.CONTINUE
    assert decided(0.5) is Decision.FUTILITY
    assert decided(0.5 + 1e-9) is Decision.CONTINUE
    assert decided(1, last) is Decision.EFFICACY
    assert decided(1, last - 1e-9) is Decision.NOT_SHOWN
    # the end is no futility, however little is seen
    assert decided(1, -3) is Decision.NOT_SHOWN
    two_sided = boundaries(GroupSequentialDesign(times=equal_looks(2), alpha=0.05, sides=2))
    below = monitor(two_sided, [Look(estimate=two_sided.lower[0], se=1)])
    assert below.decision is Decision.OTHER_SIDE


def test_a_look_for_futility_has_a_final_analysis_and_may_go_on() -> None:
    planned = boundaries(
        GroupSequentialDesign(times=equal_looks(2), futility=FutilityBounds(z=(0.5,)), power=0.8)
    )
    stopped = final_of(planned, Look(estimate=-1, se=1))
    assert stopped.p_value == pytest.approx(norm.sf(-1))
    assert stopped.estimate == pytest.approx(-1, abs=1e-8)


@pytest.mark.parametrize("sides", [1, 2])
def test_repeated_p_values_of_each_side_at_the_boundary_and_at_both_ends(sides: int) -> None:
    planned = boundaries(
        GroupSequentialDesign(
            times=equal_looks(3), efficacy=Pocock(), alpha=0.025 * sides, sides=sides
        )
    )
    for place, bound in enumerate(planned.upper, start=1):
        p = repeated_p_value(planned, look=place, z=bound)
        assert p == pytest.approx(0.025 * sides, rel=1e-6)
        other = repeated_p_value(planned, look=place, z=-bound)
        assert other == pytest.approx(p if sides == 2 else 0.5)
    assert repeated_p_value(planned, look=2, z=0) == 0.5 * sides
    assert repeated_p_value(planned, look=2, z=30) == 1e-13 * sides


def test_t_and_z_have_the_same_tail_both_ways() -> None:
    look = Look(estimate=-5, se=2, df=7)
    assert ndtr(look.z) == pytest.approx(student.cdf(-2.5, 7))
    assert look.quantile(1.7) == pytest.approx(student.isf(norm.sf(1.7), 7))
    plain = Look(estimate=-5, se=2)
    assert (plain.z, plain.quantile(1.7), look.quantile(inf)) == (-2.5, 1.7, inf)


def test_a_frame_has_a_row_a_look_and_the_title_the_last_decision() -> None:
    found = monitor(PLANNED, [FIRST, SECOND])
    frame = found.to_frame()
    assert frame.columns.tolist() == [
        "look", "time", "z", "upper", "lower", "decision", "repeated_p", "conf_low", "conf_high",
        "conditional_power_null", "conditional_power_planned", "conditional_power_trend",
    ]  # fmt: skip
    assert frame["decision"].tolist() == ["continue", "stop for efficacy"]
    assert frame["look"].tolist() == [1, 2]
    assert frame["time"].tolist() == [1 / 3, 2 / 3]
    assert frame["conf_low"].tolist() == pytest.approx(EXPECTED["rci_lower"], abs=2e-5)
    assert found.title == "look 2 of 3: stop for efficacy"


def test_the_last_look_has_no_conditional_power_and_refusals_say_why() -> None:
    looks = [Look(estimate=0.1, se=each) for each in (1, 0.7, 0.5)]
    last = monitor(PLANNED, looks).looks[-1]
    assert last.conditional_power_null != last.conditional_power_null
    with pytest.raises(DesignError, match="0 looks were given, the design has 3; at other times"):
        monitor(PLANNED, [])
    with pytest.raises(DesignError, match=r"look 1 ended the trial \(stop for efficacy\)"):
        monitor(PLANNED, [Look(estimate=10, se=1), FIRST])
    for look in (0, 3):
        with pytest.raises(DesignError, match=f"look must be from 1 to 2, got {look}; nothing"):
            conditional_power(PLANNED, look=look, z=1.0, drift=0.0)
    for wrong in (
        {"estimate": inf, "se": 1},
        {"estimate": 1, "se": -1},
        {"estimate": 1, "se": 1, "df": -1},
    ):
        with pytest.raises(DesignError, match="finite estimate, se above 0 and df above 0, got"):
            Look(**wrong)
