"""A group-sequential design is refused as soon as it contradicts itself."""

from math import inf

import pytest

from trialkit.design.sequential.designs import (
    MOST_LOOKS,
    GroupSequentialDesign,
    check_times,
    equal_looks,
)
from trialkit.design.sequential.spending import (
    BetaSpending,
    FutilityBounds,
    OBrienFlemingSpending,
    Pocock,
    UserSpending,
)
from trialkit.errors import DesignError


def test_looks_after_equal_shares_of_the_information() -> None:
    assert equal_looks(1) == (1.0,)
    assert equal_looks(4) == (0.25, 0.5, 0.75, 1.0)
    assert len(equal_looks(50)) == MOST_LOOKS == 50
    for count in (0, 51):
        with pytest.raises(DesignError, match=f"looks must be from 1 to 50, got {count}"):
            equal_looks(count)


def test_a_design_that_says_nothing_more_is_one_sided_by_o_brien_and_fleming() -> None:
    design = GroupSequentialDesign(times=(0.3, 0.6, 1))
    assert design.looks == 3
    assert design.efficacy == OBrienFlemingSpending()
    assert (design.alpha, design.power, design.sides) == (0.025, 0.9, 1)
    assert (design.futility, design.binding) == (None, False)


@pytest.mark.parametrize(
    "times", [(), (0.0, 1.0), (-0.1, 1.0), (0.5, 0.5, 1), (0.6, 0.5, 1), (0.5, 100), (0.5, float("nan"))]
)  # fmt: skip
def test_times_rise_from_above_nothing(times: tuple[float, ...]) -> None:
    with pytest.raises(DesignError, match="times must rise from above 0, at most 50 of them, got"):
        check_times(times)


def test_times_reached_may_pass_what_was_planned() -> None:
    check_times((0.4, 1.3))
    check_times((0.001, 99.9))
    check_times(equal_looks(50))
    with pytest.raises(DesignError, match="at most 50 of them"):
        check_times(tuple(place / 51 for place in range(1, 52)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            {"times": (0.5, 0.9)},
            "the last look is at all of the planned information, 1; got 0.9",
        ),
        ({"times": (0.5, 0.5)}, "times must rise"),
        ({"sides": 3}, "sides must be 1 or 2, got 3"),
        ({"sides": 0}, "sides must be 1 or 2, got 0"),
        ({"alpha": 0}, "got alpha=0, power=0.9"),
        ({"alpha": 0.5}, "alpha must lie between 0 and 0.5"),
        ({"power": 0.025}, "power between alpha and 1, got alpha=0.025, power=0.025"),
        ({"power": 1}, "got alpha=0.025, power=1"),
        (
            {"sides": 2, "futility": FutilityBounds(z=(0,))},
            "futility boundaries are for one-sided designs; use sides=1",
        ),
        (
            {"futility": FutilityBounds(z=(0, 0))},
            "2 looks have 1 futility bounds, the last look needs none; got 2",
        ),
        (
            {"efficacy": UserSpending(times=(0.5, 1), cumulative=(0.01, 0.02))},
            "user spending ends at 0.02, the design's alpha is 0.025",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(wrong: dict, said: str) -> None:
    with pytest.raises(DesignError) as error:
        GroupSequentialDesign(**{"times": (0.5, 1)} | wrong)
    assert said in str(error.value)


@pytest.mark.parametrize(
    "right",
    [
        {"alpha": 0.499, "power": 0.5},
        {"alpha": 0.001, "power": 0.999},
        {"sides": 2, "efficacy": Pocock()},
        {"futility": FutilityBounds(z=(-inf,)), "binding": True},
        {"futility": BetaSpending(spending=OBrienFlemingSpending())},
        {"efficacy": UserSpending(times=(0.5, 1), cumulative=(0.01, 0.025))},
    ],
)
def test_what_can_be_is_taken(right: dict) -> None:
    assert GroupSequentialDesign(**{"times": (0.5, 1)} | right).looks == 2
