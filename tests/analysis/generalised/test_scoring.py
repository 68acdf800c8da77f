"""Generalised linear models against statsmodels, and their limits at infinity."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.generalised.covariances import dispersion, leverage, sandwich
from trialkit.analysis.generalised.families import Binomial, Poisson
from trialkit.analysis.generalised.scoring import fit_generalised, largest_log_likelihood
from trialkit.protocol.methods.linear_models import RobustCovariance


@settings(max_examples=examples(40))
@given(st.integers(0, 2**32 - 1))
def test_it_is_statsmodels_glm(seed: int) -> None:
    rng = np.random.default_rng(seed)
    design = np.column_stack([np.ones(40), rng.normal(size=(40, 2))])
    offset = rng.normal(size=40) / 4
    counts = rng.poisson(np.exp(0.3 + 0.4 * design[:, 1])).astype(float)
    events = (rng.random(40) < 0.5).astype(float)
    for family, theirs, y in (
        (Poisson(), sm.families.Poisson(), counts),
        (Binomial(), sm.families.Binomial(), events),
    ):
        ours = fit_generalised(design, y, family, offset=offset)
        other = sm.GLM(y, design, family=theirs, offset=offset).fit(tol=1e-12)
        np.testing.assert_allclose(ours.coefficients, other.params, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(ours.covariance, other.cov_params(), rtol=1e-5, atol=1e-7)
        assert ours.log_likelihood == pytest.approx(other.llf)
        assert dispersion(ours) == pytest.approx(other.pearson_chi2 / other.df_resid)
        np.testing.assert_allclose(leverage(ours), other.get_hat_matrix_diag(), rtol=1e-5)


def test_the_limit_at_infinity_is_what_large_numbers_go_to() -> None:
    level = np.repeat([0.0, 1.0], [8, 4])
    x = np.tile([0.0, 1.0, 2.0, 1.0], 3)
    design = np.column_stack([np.ones(12), level, x])
    y = np.array([0.0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0])
    found = fit_generalised(design, y, Binomial())
    assert found.estimates[1] == -np.inf
    assert found.estimable.tolist() == [True, False, True]
    rest = fit_generalised(design[:8][:, [0, 2]], y[:8], Binomial())
    np.testing.assert_allclose(found.estimates[[0, 2]], rest.coefficients, rtol=1e-10)
    assert found.log_likelihood == pytest.approx(rest.log_likelihood)
    near, _ = largest_log_likelihood(design, y, Binomial(), offset=np.zeros(12))
    assert near == pytest.approx(found.log_likelihood, abs=1e-9)
    # a subject of the level as if it were not of it has a risk; of the level it has none
    moved = design.copy()
    moved[8:, 1] = 0
    assert (found.mean_of(design)[8:] == 0).all()
    np.testing.assert_allclose(found.mean_of(moved)[8:], rest.mean_of(design[8:][:, [0, 2]]))


def test_all_events_are_a_risk_of_one() -> None:
    found = fit_generalised(np.ones((5, 1)), np.ones(5), Binomial())
    assert found.estimates[0] == np.inf
    assert found.log_likelihood == 0
    assert (found.mean == 1).all()


def test_the_sandwich_is_that_of_statsmodels() -> None:
    rng = np.random.default_rng(5)
    design = np.column_stack([np.ones(30), rng.normal(size=30)])
    y = rng.poisson(2, 30).astype(float)
    ours = fit_generalised(design, y, Poisson())
    theirs = sm.GLM(y, design, family=sm.families.Poisson()).fit(cov_type="HC0", tol=1e-12)
    np.testing.assert_allclose(sandwich(ours, RobustCovariance.HC0), theirs.cov_params(), rtol=1e-7)
