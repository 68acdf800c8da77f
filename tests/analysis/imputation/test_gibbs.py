"""The sampler's distribution, where it is known in closed form, and near it where it is not."""

import numpy as np
import pytest

from trialkit.analysis.imputation.convergence import effective_draws, split_r_hat
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.gibbs import Sampler, gibbs_draws, inverse_wishart
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.resamples import stream
from trialkit.errors import AnalysisError


def test_inverse_wishart_has_its_mean_and_variance():
    scale = np.array([[4.0, 1.0], [1.0, 2.0]])
    df = 12.0
    found = inverse_wishart(np.broadcast_to(scale, (40_000, 1, 2, 2)), np.array([df]), stream(1, 0))
    mean = scale / (df - 3)
    assert found.mean(axis=(0, 1)) == pytest.approx(mean, rel=0.02)
    # of a diagonal element: 2 s² / ((df − m − 1)² (df − m − 3))
    expected = 2 * np.diagonal(scale) ** 2 / ((df - 3) ** 2 * (df - 5))
    assert np.diagonal(found.var(axis=(0, 1))) == pytest.approx(expected, rel=0.06)
    assert np.array_equal(found, np.swapaxes(found, -1, -2))


@pytest.mark.slow
def test_complete_data_give_the_posterior_of_one_sample_in_closed_form(trial, short):
    """With the same columns at each visit Σ given Y is inverse Wishart with n − p + m + 2 degrees."""
    frame, _ = trial(2, n=30, drop=0.0, gaps=False)
    model = imputation_model(frame, covariates_by_visit=["base"], **short)
    draws = gibbs_draws(model, draws=4000, seed=5, burn_in=50, thin=2)
    y = frame["y"].to_numpy().reshape(30, 3)
    base = frame["base"].to_numpy()[::3]
    x = np.column_stack([np.ones(30), np.arange(30) % 2, base])
    residuals = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    scatter = residuals.T @ residuals
    df = 30 - 3 + 3 + 2
    mean = (scatter + scatter / 27) / (df - 4)
    assert draws.sigma[:, 0].mean(axis=0) == pytest.approx(mean, rel=0.04)
    spread = 2 * np.diagonal(mean) ** 2 / (df - 6)
    assert np.diagonal(draws.sigma[:, 0].var(axis=0)) == pytest.approx(spread, rel=0.12)
    # the means are Σ's times the inverse of XᵀX; of the effect of the arm
    effect = draws.coefficients[:, :, 1].var(axis=0)
    inverse = np.linalg.inv(x.T @ x)[1, 1]
    assert effect == pytest.approx(np.diagonal(mean) * inverse, rel=0.1)
    assert draws.convergence is not None
    assert draws.convergence.settled


def test_each_arm_has_its_own_covariance(trial, short):
    frame, events = trial(2, n=60)
    wide = np.where(frame["arm"] == "E", 3.0, 1.0)
    frame["y"] = frame["y"] * wide
    model = imputation_model(
        frame, covariates=["base"], events=events, covariance_by_arm=True, **short
    )
    draws = imputation_draws(model, method="bayes", draws=80, seed=1)
    deviations = np.sqrt(np.diagonal(draws.sigma.mean(axis=0), axis1=1, axis2=2))
    fitted = [np.sqrt(np.diagonal(model.fit.covariance(each))) for each in ("C", "E")]
    assert deviations == pytest.approx(np.array(fitted), rel=0.25)
    assert (deviations[1] > 1.5 * deviations[0]).all()


def test_other_structures_have_no_conjugate_prior(trial, short):
    frame, _ = trial(2)
    model = imputation_model(frame, covariates=["base"], covariance="ar1", **short)
    with pytest.raises(AnalysisError, match="unstructured covariance, not ar1"):
        imputation_draws(model, method="bayes", draws=10, seed=1)


def test_a_cycle_moves_all_chains(trial, short):
    frame, events = trial(2)
    model = imputation_model(frame, covariates=["base"], events=events, **short)
    sampler = Sampler(model, chains=3, random=stream(1, 0))
    gamma, sigma = sampler.cycle()
    assert gamma.shape[0] == 3
    assert sigma.shape == (3, 1, 3, 3)
    assert len(np.unique(gamma[:, 0])) == 3
    assert not np.isclose(sampler.cycle()[0], gamma).any()


def test_chains_apart_are_told_and_chains_alike_are_not():
    random = np.random.default_rng(1)
    alike = random.normal(size=(4, 200, 1))
    apart = alike + np.array([0.0, 0.0, 0.0, 3.0])[:, None, None]
    assert split_r_hat(alike)[0] == pytest.approx(1.0, abs=0.02)
    assert split_r_hat(apart)[0] > 1.5


def test_an_autoregressive_chain_is_worth_what_its_correlation_says():
    random = np.random.default_rng(1)
    noise = random.normal(size=(8, 4000))
    chain = noise.copy()
    for step in range(1, 4000):
        chain[:, step] = 0.6 * chain[:, step - 1] + noise[:, step]
    both = np.stack([chain, noise], axis=2)
    worth = effective_draws(both) / 32_000
    assert worth[0] == pytest.approx((1 - 0.6) / (1 + 0.6), rel=0.15)
    assert worth[1] > 0.9
