"""The share of an arm that has the event: a closed form, an integral by numbers, and what must hold."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from trialkit.design.sample_size.expected_events import Following, event_share


def lachin_foulkes(hazard: float, loss: float, accrual: float, end: float) -> float:
    """Formula (4.1): uniform entry over ``accrual``, the study ends at ``end``."""
    total = hazard + loss
    gone = (exp(-total * (end - accrual)) - exp(-total * end)) / (total * accrual)
    return hazard / total * (1 - gone)


@pytest.mark.parametrize(("hazard", "loss"), [(0.2, 0.1), (0.2, 0.0), (3.0, 6.9), (1e-4, 1e-5)])
def test_one_hazard_is_the_formula_of_lachin_and_foulkes(hazard: float, loss: float) -> None:
    following = Following(accrual=3, follow_up=2, loss=loss)
    expected = lachin_foulkes(hazard, loss, 3, 5)
    assert event_share([hazard], [], following) == pytest.approx(expected, rel=1e-9)


def test_everybody_followed_alike_have_the_exponential_share() -> None:
    assert event_share([0.03], [], Following(accrual=0, follow_up=12)) == pytest.approx(
        1 - exp(-0.36), rel=1e-12
    )


def by_numbers(hazards: list[float], changes: list[float], following: Following) -> float:
    """The mean over entries of the share with the event by then, each by an integral."""

    def cumulated(time: float) -> float:
        bounds = [0.0, *changes, float("inf")]
        return sum(
            hazard * max(0.0, min(time, stop) - start)
            for hazard, start, stop in zip(hazards, bounds, bounds[1:], strict=False)
        )

    def dying(time: float) -> float:
        hazard = hazards[sum(change <= time for change in changes)]
        return hazard * exp(-cumulated(time) - following.loss * time)

    def share(end: float) -> float:
        inside = [each for each in changes if each < end]
        return float(quad(dying, 0, end, points=inside or None)[0])

    last = following.follow_up + following.accrual
    inside = [each for each in changes if following.follow_up < each < last]
    found = quad(share, following.follow_up, last, points=inside or None)[0]
    return float(found) / following.accrual


@pytest.mark.parametrize("loss", [0.0, 0.05])
def test_piecewise_hazards_are_integrated(loss: float) -> None:
    following = Following(accrual=9, follow_up=4, loss=loss)
    hazards, changes = [0.02, 0.0, 0.3], [3.0, 7.5]
    expected = by_numbers(hazards, changes, following)
    assert event_share(hazards, changes, following) == pytest.approx(expected, rel=1e-8)


@given(
    hazard=st.floats(1e-6, 1e3),
    loss=st.floats(0, 1e3),
    accrual=st.floats(0, 100),
    follow_up=st.floats(0.01, 100),
)
def test_a_share_is_one_and_grows_with_follow_up_and_falls_with_losses(
    hazard: float, loss: float, accrual: float, follow_up: float
) -> None:
    def share(**changed: float) -> float:
        parts = {"accrual": accrual, "follow_up": follow_up, "loss": loss} | changed
        return event_share([hazard], [], Following(**parts))

    found = share()
    assert 0 < found <= 1
    assert share(follow_up=2 * follow_up) >= found * (1 - 1e-9)
    assert share(loss=2 * loss + 0.1) <= found * (1 + 1e-9)
    # a change to the same hazard changes nothing
    split = event_share(
        [hazard] * 2, [follow_up / 2], Following(accrual=accrual, follow_up=follow_up, loss=loss)
    )
    assert split == pytest.approx(found, rel=1e-6)
