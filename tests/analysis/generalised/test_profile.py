"""Profile limits of likelihoods whose profile is known in closed form."""

import numpy as np
import pytest

from trialkit.analysis.generalised.families import Binomial, Poisson
from trialkit.analysis.generalised.profile import coefficient_limits, profile_limits
from trialkit.analysis.generalised.scoring import fit_generalised

QUANTILE = 3.841458820694124


def test_a_parabola_has_the_limits_of_wald() -> None:
    found = profile_limits(
        lambda value: -2 * (value - 1) ** 2, estimate=1.0, step=0.1, highest=0.0, conf_level=0.95
    )
    np.testing.assert_allclose(found, [1 - 1.959963984540054 / 2, 1 + 1.959963984540054 / 2])


def test_a_likelihood_that_never_falls_has_no_limit() -> None:
    assert profile_limits(
        lambda value: min(value, 0.0), estimate=0.0, step=1.0, highest=0.0, conf_level=0.95
    ) == (pytest.approx(-QUANTILE / 2), np.inf)


@pytest.mark.parametrize("events", [0, 1, 5, 9, 10])
def test_one_risk_has_the_limits_of_its_own_likelihood(events: int) -> None:
    y = np.repeat([1.0, 0.0], [events, 10 - events])
    fit = fit_generalised(np.ones((10, 1)), y, Binomial())
    low, high = coefficient_limits(fit, 0, conf_level=0.95)
    assert (low == -np.inf) == (events == 0)
    assert (high == np.inf) == (events == 10)
    for limit in (low, high):
        if np.isfinite(limit):
            risk = 1 / (1 + np.exp(-limit))
            at = Binomial().log_likelihood(y, np.full(10, risk))
            assert 2 * (fit.log_likelihood - at) == pytest.approx(QUANTILE, rel=1e-9)


def test_a_finite_coefficient_beside_an_infinite_one_has_its_limits() -> None:
    level = np.repeat([0.0, 0.0, 1.0], 4)
    arm = np.tile([0.0, 1.0], 6)
    y = np.array([1.0, 3, 2, 2, 4, 1, 1, 5, 0, 0, 0, 0])
    whole = fit_generalised(np.column_stack([np.ones(12), arm, level]), y, Poisson())
    rest = fit_generalised(np.column_stack([np.ones(8), arm[:8]]), y[:8], Poisson())
    np.testing.assert_allclose(
        coefficient_limits(whole, 1, conf_level=0.95),
        coefficient_limits(rest, 1, conf_level=0.95),
        rtol=1e-8,
    )
    low, high = coefficient_limits(whole, 2, conf_level=0.95)
    assert low == -np.inf
    assert np.isfinite(high)
