"""The least squares fit against the normal equations."""

import numpy as np
import pytest
from statsmodels.regression.linear_model import OLS

from trialkit.analysis.linear.least_squares import least_squares


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


def test_statsmodels_is_the_second_route() -> None:
    rng = np.random.default_rng(9)
    design = np.column_stack([np.ones(40), rng.normal(900, 2, 40), rng.integers(0, 2, 40)])
    outcome = rng.normal(size=40)
    fit, other = least_squares(design, outcome), OLS(outcome, design).fit()
    np.testing.assert_allclose(fit.coefficients, other.params, rtol=1e-7)
    np.testing.assert_allclose(fit.residuals, other.resid, atol=1e-9)
    np.testing.assert_allclose(fit.sigma * np.sqrt(np.diag(fit.unscaled)), other.bse, rtol=1e-7)
    assert fit.df == other.df_resid
