"""Who leaves a simulated trial: the stated share of each arm, by the stated value, and for good."""

import numpy as np
import pytest

from trialkit.design.simulation.leaving import Leaving, leaving_of
from trialkit.design.simulation.mechanisms import (
    DropoutMechanism,
    LeavingDependsOn,
    LeavingOfArm,
    SeenAs,
)

STAYING = ((1.0, 0.9, 0.81), (1.0, 0.8, 0.5))
MEANS = ((50.0, 50.0, 50.0), (50.0, 53.0, 56.0))
COVARIANCE = ((4.0, 2.0, 1.0), (2.0, 4.0, 2.0), (1.0, 2.0, 4.0))
ARMS = ("CG", "EG")


def leaving(**options: object) -> Leaving:
    mechanism = DropoutMechanism(name="m", **options)  # type: ignore[arg-type]
    return leaving_of(mechanism, arms=ARMS, staying=STAYING, means=MEANS, covariance=COVARIANCE)


def drawn(n: int = 40_000, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    arms = np.repeat([0, 1], n // 2)
    values = rng.standard_normal((1, n, 3)) @ np.linalg.cholesky(np.array(COVARIANCE)).T
    return values + np.array(MEANS)[arms], arms, rng


@pytest.mark.parametrize(
    "options",
    [
        {"mechanism": LeavingDependsOn.NOTHING},
        {"mechanism": LeavingDependsOn.SEEN, "log_odds_per_sd": 2.0},
        {"mechanism": LeavingDependsOn.SEEN, "log_odds_per_sd": -1.0, "depends_on": SeenAs.CHANGE},
        {"mechanism": LeavingDependsOn.UNSEEN, "log_odds_per_sd": 1.5},
        {"mechanism": LeavingDependsOn.UNSEEN, "delta": -3.0},
    ],
    ids=[
        "nothing",
        "the last value",
        "the last change",
        "the unseen value",
        "nothing, with a delta",
    ],
)
def test_of_each_arm_the_stated_share_is_there_at_each_visit(options: dict[str, object]) -> None:
    values, arms, rng = drawn()
    left = leaving(**options)
    there = ~np.isnan(left.happen(values, arms, rng).values[0])
    for arm, own in enumerate(STAYING):
        assert there[arms == arm].mean(axis=0) == pytest.approx(own, abs=0.012)
    assert not (there[:, 1:] & ~there[:, :-1]).any(), "nobody comes back"
    assert left.left_by(2) == pytest.approx((0.19, 0.5))


def test_the_log_odds_of_leaving_rise_by_so_much_for_each_standard_deviation() -> None:
    """By maximum likelihood of who was there before, of the value that it depends on."""
    for mechanism, at in ((LeavingDependsOn.SEEN, 1), (LeavingDependsOn.UNSEEN, 2)):
        values, arms, rng = drawn(200_000)
        left = np.isnan(
            leaving(mechanism=mechanism, log_odds_per_sd=0.8).happen(values, arms, rng).values[0]
        )
        asked = (arms == 1) & ~left[:, 1]
        z, gone = (values[0, asked, at] - 50) / 2, left[asked, 2]
        design = np.column_stack([np.ones(len(z)), z])
        beta = np.zeros(2)
        for _ in range(20):
            p = 1 / (1 + np.exp(-design @ beta))
            beta += np.linalg.solve((design.T * (p * (1 - p))) @ design, design.T @ (gone - p))
        assert beta[1] == pytest.approx(0.8, abs=0.05)


def test_values_after_leaving_change_by_the_delta_of_the_arm_and_some_are_observed() -> None:
    values, arms, rng = drawn()
    mechanism = DropoutMechanism(
        name="m", mechanism=LeavingDependsOn.UNSEEN, delta=2.0, retrieved=0.25,
        arms=(LeavingOfArm(arm="EG", delta=-3.0),),
    )  # fmt: skip
    left = leaving_of(mechanism, arms=ARMS, staying=STAYING, means=MEANS, covariance=COVARIANCE)
    happened = left.happen(values, arms, rng)
    found, gone = happened.values[0], happened.gone[0]
    shift = found - values[0]
    assert (np.isnan(found) <= gone).all(), "who is missing has left"
    assert (gone == (np.isnan(found) | (np.abs(shift) > 1e-9))).all(), "so has who changed"
    for arm, delta in ((0, 2.0), (1, -3.0)):
        own = shift[arms == arm]
        assert set(np.round(own[~np.isnan(own)], 9)) == {0.0, delta}
        share = 1 - STAYING[arm][2]
        assert np.isclose(own[:, 2], delta).mean() == pytest.approx(0.25 * share, abs=0.01)
        assert np.isnan(own[:, 2]).mean() == pytest.approx(0.75 * share, abs=0.012)


def test_nobody_leaves_where_the_share_is_none_and_all_visits_have_one_scale() -> None:
    mechanism = DropoutMechanism(name="m", mechanism=LeavingDependsOn.SEEN, log_odds_per_sd=1.0)
    stays = leaving_of(
        mechanism, arms=ARMS, staying=((1.0, 1.0, 1.0),) * 2, means=MEANS, covariance=COVARIANCE
    )
    values, arms, rng = drawn(2_000)
    assert np.array_equal(stays.happen(values, arms, rng).values, values)
    assert stays.scales == pytest.approx((2.0, 2.0, 2.0))
    changes = leaving(
        mechanism=LeavingDependsOn.SEEN, log_odds_per_sd=1.0, depends_on=SeenAs.CHANGE
    )
    assert changes.scales == pytest.approx((0.0, 2.0, np.sqrt(6.0)))
    assert not changes.seen(values, 1).any()
