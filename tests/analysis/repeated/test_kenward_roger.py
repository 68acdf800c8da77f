"""Kenward and Roger's F and covariance, against Hotelling's test and sums over subjects."""

from dataclasses import replace

import numpy as np
import pytest

from tests.analysis.repeated.test_fitted import fitted
from trialkit.analysis import mmrm
from trialkit.analysis.repeated.kenward_roger import (
    corrected_covariance,
    coupled_variance,
    matrix_test,
)
from trialkit.errors import AnalysisError


def means_of(sigma, n, estimate):
    """The mean of n vectors with an unstructured covariance, linear in its elements."""
    m = len(sigma)
    pairs = [(u, v) for u in range(m) for v in range(u + 1)]
    inverse = np.linalg.inv(sigma)
    couplings, omega = [], np.zeros((len(pairs), len(pairs)))
    for a, (i, j) in enumerate(pairs):
        step = np.zeros((m, m))
        step[i, j] = step[j, i] = 1
        couplings.append(n * inverse @ step @ inverse)
        for b, (k, other) in enumerate(pairs):
            omega[a, b] = (sigma[i, k] * sigma[j, other] + sigma[i, other] * sigma[j, k]) / (n - 1)
    return replace(
        fitted(estimate, sigma / n),
        phi=sigma / n,
        couplings=np.array(couplings),
        theta_covariance=omega,
    )


SIGMA = np.array([[4.0, 1.0, 0.5], [1.0, 2.0, -0.3], [0.5, -0.3, 1.5]])
ESTIMATE = np.array([0.6, -0.2, 0.9])


@pytest.mark.parametrize("n", [9, 40])
def test_the_mean_of_vectors_is_tested_as_hotelling_does(n):
    fit = means_of(SIGMA, n, ESTIMATE)
    found = matrix_test(fit, np.eye(3))
    t_squared = n * ESTIMATE @ np.linalg.solve(SIGMA, ESTIMATE)
    assert found.df_num == 3
    assert found.df_den == pytest.approx(n - 3)
    assert found.statistic == pytest.approx(t_squared * (n - 3) / (3 * (n - 1)))


def test_contrasts_of_the_mean_are_tested_as_hotelling_does():
    n = 15
    fit = means_of(SIGMA, n, ESTIMATE)
    matrix = np.array([[1.0, -1, 0], [0, 1, -1], [1, 0, -1]])
    found = matrix_test(fit, matrix)
    two = matrix[:2]
    t_squared = n * two @ ESTIMATE @ np.linalg.solve(two @ SIGMA @ two.T, two @ ESTIMATE)
    assert found.df_num == 2
    assert found.df_den == pytest.approx(n - 2)
    assert found.statistic == pytest.approx(t_squared * (n - 2) / (2 * (n - 1)))


def test_one_contrast_is_a_squared_t():
    fit = means_of(SIGMA, 12, ESTIMATE)
    found = matrix_test(fit, np.array([[0.0, 0, 1]]))
    assert found.statistic == pytest.approx(0.9**2 / (1.5 / 12))
    assert (found.df_num, found.df_den) == (1, pytest.approx(11))


@pytest.mark.parametrize("n", [4, 5])
def test_data_too_few_for_a_joint_test_are_refused(n):
    """Of 5 vectors of 3 the mean of λF does not exist; 4 leave less."""
    with pytest.raises(AnalysisError, match="too few for a Kenward–Roger F test of 3 contrasts"):
        matrix_test(means_of(SIGMA, n, ESTIMATE), np.eye(3))
    assert matrix_test(means_of(SIGMA, 6, ESTIMATE), np.eye(3)).df_den == pytest.approx(3)


def test_the_variance_of_coupled_gradients_is_the_double_sum():
    rng = np.random.default_rng(1)
    turned, couplings = rng.normal(size=(2, 3)), rng.normal(size=(4, 3, 3))
    couplings = couplings + np.swapaxes(couplings, 1, 2)
    phi, omega = np.cov(rng.normal(size=(3, 9))), np.cov(rng.normal(size=(4, 9)))
    found = coupled_variance(turned, couplings, phi, omega)
    for r in range(2):
        pulls = [each @ turned[r] for each in couplings]
        expected = sum(omega[a, b] * pulls[a] @ phi @ pulls[b] for a in range(4) for b in range(4))
        assert found[r] == pytest.approx(expected)


def ar1(theta, m=3):
    """Σ of AR(1) by log σ and t, ρ = t / √(1 + t²)."""
    lag = np.abs(np.subtract.outer(np.arange(m), np.arange(m)))
    return np.exp(2 * theta[0]) * (theta[1] / np.sqrt(1 + theta[1] ** 2)) ** lag


@pytest.mark.parametrize("linear", [True, False])
def test_the_correction_is_the_sum_over_subjects_and_parameters(trial, trial_model, linear):
    """Q, P and R of Kenward and Roger (1997), by differences of Σ and its inverse."""
    frame = trial(n=14, visits=3, missing=0.3, seed=3)
    fit = mmrm(frame, **trial_model, covariance="ar1")
    parts = fit.parts
    optimum = parts.optimum
    found = corrected_covariance(
        parts.statistics, parts.model, optimum, optimum.theta_covariance, linear=linear
    )
    theta, omega, step = optimum.at.theta, optimum.theta_covariance, 1e-4
    moves = step * np.eye(2)
    rows, observed = parts.cohort.rows(), parts.cohort.observed
    p = rows.shape[2]
    precision, q = np.zeros((p, p)), np.zeros((2, 2, p, p))
    first, r = np.zeros((2, p, p)), np.zeros((2, 2, p, p))
    for x_all, seen in zip(rows, observed, strict=True):
        x = x_all[seen]

        def v(at, seen=seen):
            return ar1(at)[np.ix_(seen, seen)]

        own, inverse = v(theta), np.linalg.inv(v(theta))
        change = [
            (np.linalg.inv(v(theta + move)) - np.linalg.inv(v(theta - move))) / (2 * step)
            for move in moves
        ]
        precision += x.T @ inverse @ x
        for a in range(2):
            first[a] += x.T @ change[a] @ x
            for b in range(2):
                q[a, b] += x.T @ change[a] @ own @ change[b] @ x
                bend = (
                    v(theta + moves[a] + moves[b])
                    - v(theta + moves[a] - moves[b])
                    - v(theta - moves[a] + moves[b])
                    + v(theta - moves[a] - moves[b])
                ) / (4 * step**2)
                r[a, b] += x.T @ inverse @ bend @ inverse @ x
    phi = np.linalg.inv(precision)
    inner = sum(
        omega[a, b] * (q[a, b] - first[a] @ phi @ first[b] - (0 if linear else r[a, b] / 4))
        for a in range(2)
        for b in range(2)
    )
    np.testing.assert_allclose(found, phi + 2 * phi @ inner @ phi, rtol=1e-5, atol=1e-9)
