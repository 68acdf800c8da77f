"""The closed forms against a slow likelihood written out subject by subject."""

import numpy as np
import pytest
from scipy.optimize import minimize

from tests.conftest import few_at_once
from trialkit.analysis import mmrm
from trialkit.analysis.repeated.likelihood import (
    evaluate,
    expected_information,
    observed_information,
    slope,
)
from trialkit.protocol.methods.repeated import CovarianceStructure

STRUCTURES = [each.value for each in CovarianceStructure]


def options_for(structure):
    return {"time": "day"} if structure == "spatial-exponential" else {}


@pytest.fixture(scope="module")
def frame(trial):
    made = trial(n=30, visits=4, missing=0.2, seed=3)
    rng = np.random.default_rng(5)
    made["day"] = made["visit"] + rng.uniform(-0.3, 0.3, len(made))
    made["weight"] = rng.uniform(0.5, 2, len(made))
    made["changing"] = rng.normal(size=len(made))
    return made


def slow_minus_two_log_likelihood(fit, sigma_of, *, restricted):
    """Written out with a matrix for each subject."""
    records = fit.parts.records
    rows = np.flatnonzero(records.used)
    x = fit.parts.design.rows(records.subject[rows], records.visit[rows])
    y = records.outcome[rows]
    weights = np.ones(len(rows)) if records.weights is None else records.weights[rows]
    xwx, xwy, ywy, logdet = 0, 0, 0, 0.0
    for subject in np.unique(records.subject[rows]):
        own = np.flatnonzero(records.subject[rows] == subject)
        root = np.sqrt(weights[own])
        v = sigma_of(rows[own]) / np.outer(root, root)
        w = np.linalg.inv(v)
        xwx = xwx + x[own].T @ w @ x[own]
        xwy = xwy + x[own].T @ w @ y[own]
        ywy = ywy + y[own] @ w @ y[own]
        logdet += np.linalg.slogdet(v)[1]
    beta = np.linalg.solve(xwx, xwy)
    n, p = x.shape
    value = logdet + ywy - xwy @ beta
    if restricted:
        return value + np.linalg.slogdet(xwx)[1] + (n - p) * np.log(2 * np.pi)
    return value + n * np.log(2 * np.pi)


def sigma_by_rows(fit, structure):
    """The covariance of rows of the frame, from the reported parameters."""
    records = fit.parts.records
    if structure == "spatial-exponential":
        variance, rho = fit.covariance_parameters()["estimate"].iloc[:2]

        def by_time(rows):
            times = records.time[rows]
            return variance * rho ** np.abs(np.subtract.outer(times, times))

        return by_time
    groups = [fit.covariance(each).to_numpy() for each in records.groups]

    def by_visit(rows):
        visits = records.visit[rows]
        return groups[records.group[rows[0]]][np.ix_(visits, visits)]

    return by_visit


@pytest.mark.parametrize("method", ["reml", "ml"])
@pytest.mark.parametrize("structure", few_at_once(STRUCTURES, 4))
def test_the_likelihood_is_the_one_written_out(frame, trial_model, structure, method):
    fit = mmrm(
        frame,
        **trial_model,
        covariates=("base", "stratum"),
        covariates_by_visit=("changing",),
        covariance=structure,
        method=method,
        weights="weight",
        inference="satterthwaite",
        **options_for(structure),
    )

    slow = slow_minus_two_log_likelihood(
        fit, sigma_by_rows(fit, structure), restricted=method == "reml"
    )

    assert -2 * fit.log_likelihood == pytest.approx(slow, abs=1e-8)


@pytest.mark.parametrize("structure", ["unstructured", "ar1", "heterogeneous-ante-dependence"])
def test_groups_have_likelihoods_of_their_own(frame, trial_model, structure):
    fit = mmrm(
        frame,
        **trial_model,
        covariates=("base",),
        covariance=structure,
        covariance_by="arm",
        inference="satterthwaite",
    )
    slow = slow_minus_two_log_likelihood(fit, sigma_by_rows(fit, structure), restricted=True)
    assert -2 * fit.log_likelihood == pytest.approx(slow, abs=1e-8)


@pytest.mark.parametrize("structure", ["toeplitz", "heterogeneous-compound-symmetry"])
def test_a_general_optimiser_finds_nothing_better(frame, trial_model, structure):
    fit = mmrm(frame, **trial_model, covariance=structure)
    parts = fit.parts

    def value(theta):
        return float(evaluate(parts.statistics, parts.model, theta, restricted=True).value)

    start = parts.optimum.at.theta + 0.2
    found = minimize(value, start, method="Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-10})

    assert found.fun >= -2 * fit.log_likelihood - 1e-7
    assert found.fun == pytest.approx(-2 * fit.log_likelihood, abs=1e-4)


def central_difference(function, at, step=1e-5):
    columns = []
    for j in range(len(at)):
        move = np.zeros(len(at))
        move[j] = step
        columns.append((function(at + move) - function(at - move)) / (2 * step))
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize("groups", [None, "arm"])
@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("structure", few_at_once(STRUCTURES, 4))
def test_gradient_and_information_agree_with_finite_differences(
    frame, trial_model, structure, restricted, groups
):
    fit = mmrm(
        frame,
        **trial_model,
        covariates=("base",),
        covariance=structure,
        covariance_by=groups,
        weights="weight",
        **options_for(structure),
    )
    statistics, model = fit.parts.statistics, fit.parts.model
    rng = np.random.default_rng(9)
    theta = fit.parts.optimum.at.theta + rng.normal(0, 0.1, model.n_parameters)

    def value(at):
        return evaluate(statistics, model, at, restricted=restricted).value

    def gradient(at):
        here = evaluate(statistics, model, at, restricted=restricted)
        return slope(statistics, model, here, restricted=restricted).gradient

    here = evaluate(statistics, model, theta, restricted=restricted)
    first = slope(statistics, model, here, restricted=restricted)
    second = observed_information(statistics, model, here, first, restricted=restricted)

    np.testing.assert_allclose(first.gradient, central_difference(value, theta), atol=2e-5)
    numeric = central_difference(gradient, theta)
    np.testing.assert_allclose(second.observed, numeric, rtol=1e-6, atol=1e-5)
    assert np.linalg.eigvalsh(expected_information(statistics, model, here, first)).min() > 0


def test_the_precision_of_the_fixed_effects_changes_as_the_couplings_say(frame, trial_model):
    fit = mmrm(frame, **trial_model, covariates=("base",), covariance="heterogeneous-toeplitz")
    statistics, model, optimum = fit.parts.statistics, fit.parts.model, fit.parts.optimum

    def phi(at):
        return evaluate(statistics, model, at, restricted=True).phi

    numeric = central_difference(phi, optimum.at.theta)
    here = optimum.at.phi
    closed = np.einsum("pq,tqr,rs->pst", here, optimum.information.couplings, here)
    np.testing.assert_allclose(closed, numeric, atol=1e-7)
