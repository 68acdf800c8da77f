"""The least squares fit against the normal equations."""

import numpy as np
import pytest

from trialkit.analysis.engines.statsmodels import least_squares


def test_the_fit_is_that_of_the_normal_equations() -> None:
    rng = np.random.default_rng(8)
    design = np.column_stack([np.ones(30), rng.normal(5, 2, (30, 2))])
    outcome = rng.normal(size=30)
    fit = least_squares(design, outcome)
    inverse = np.linalg.inv(design.T @ design)
    np.testing.assert_allclose(fit.coefficients, inverse @ design.T @ outcome, rtol=1e-9)
    np.testing.assert_allclose(fit.unscaled, inverse, rtol=1e-9)
    np.testing.assert_allclose(fit.fitted + fit.residuals, outcome, rtol=1e-12)
    assert fit.df == 27
    assert fit.residual_sum_squares == pytest.approx(fit.residuals @ fit.residuals)
    assert fit.sigma == pytest.approx(np.sqrt(fit.residual_sum_squares / 27))
