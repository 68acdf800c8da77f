"""Firth's penalised likelihood: its score is zero, and its limits are where it has fallen."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from trialkit.analysis.binary.firth import fit_firth

RNG = np.random.default_rng(4)
DESIGN = np.column_stack([np.ones(25), RNG.normal(size=25), np.repeat([0.0, 1.0], [20, 5])])
EVENTS = np.append(RNG.integers(0, 2, 20), np.zeros(5)).astype(float)


def penalised(at: np.ndarray) -> float:
    mean = 1 / (1 + np.exp(-DESIGN @ at))
    information = DESIGN.T @ ((mean * (1 - mean))[:, None] * DESIGN)
    likelihood = np.sum(EVENTS * np.log(mean) + (1 - EVENTS) * np.log1p(-mean))
    return float(likelihood + np.linalg.slogdet(information)[1] / 2)


def test_it_is_the_maximum_that_an_optimiser_finds() -> None:
    found = fit_firth(DESIGN, EVENTS)
    best = minimize(lambda at: -penalised(at), np.zeros(3), method="BFGS", options={"gtol": 1e-9})
    assert found.highest == pytest.approx(-best.fun, abs=1e-9)
    np.testing.assert_allclose(found.coefficients, best.x, atol=1e-5)


def test_limits_and_held_coefficients_are_on_the_penalised_profile() -> None:
    found = fit_firth(DESIGN, EVENTS)
    for limit in found.limits(2, conf_level=0.95):
        best = minimize(
            lambda at, held=limit: -penalised(np.append(at, held)), np.zeros(2), method="BFGS"
        )
        assert 2 * (found.highest + best.fun) == pytest.approx(3.841458820694124, rel=1e-6)
    assert found.limits_at_dispersion(2, conf_level=0.95) == found.limits(2, conf_level=0.95)
    held = minimize(lambda at: -penalised(np.append(at, 0.0)), np.zeros(2), method="BFGS")
    without = found.highest_without(np.array([False, False, True]))
    assert without == pytest.approx(-held.fun, rel=1e-8)


@pytest.mark.parametrize("had", [1, 2, 5])
def test_limits_of_an_arm_without_events_are_those_of_a_table_with_halves(had: int) -> None:
    """In a table of two arms Firth's likelihood is that of half a participant more in each cell.

    Here rows of both arms alternate, and far from the estimate steps end in rounding.
    """
    size = 15
    arm = np.arange(2 * size) % 2
    outcome = np.zeros(2 * size)
    outcome[1 : 2 * had : 2] = 1
    fit = fit_firth(np.column_stack([np.ones(2 * size), arm]).astype(float), outcome)
    low, high = fit.limits(1, conf_level=0.95)

    def profile(log_odds_ratio: float) -> float:
        def lost(other: np.ndarray) -> float:
            one, two = expit(other[0]), expit(other[0] + log_odds_ratio)
            cells = (
                (0.5, one),
                (size + 0.5, 1 - one),
                (had + 0.5, two),
                (size - had + 0.5, 1 - two),
            )
            return -sum(count * np.log(share) for count, share in cells)

        return -float(minimize(lost, [-2.0], method="BFGS", options={"gtol": 1e-9}).fun)

    top = profile(np.log((had + 0.5) / (size - had + 0.5)) - np.log(0.5 / (size + 0.5)))
    for limit in (low, high):
        assert 2 * (top - profile(limit)) == pytest.approx(3.841458820694124, abs=1e-6)
