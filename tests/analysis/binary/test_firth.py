"""Firth's penalised likelihood: its score is zero, and its limits are where it has fallen."""

import numpy as np
import pytest
from scipy.optimize import minimize

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
