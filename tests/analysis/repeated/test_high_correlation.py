"""Where visits nearly repeat each other, the climb still ends at the closed form."""

from dataclasses import replace

import numpy as np
import pytest

from trialkit.analysis import mmrm
from trialkit.analysis.repeated.high_correlation import (
    climb_whitened,
    smallest_of_root,
    unshrunk_root,
)
from trialkit.analysis.repeated.likelihood import CovarianceModel
from trialkit.analysis.repeated.maximise import Failure
from trialkit.analysis.repeated.structures import starting_values, structure_for
from trialkit.protocol.methods.repeated import CovarianceStructure


@pytest.fixture(scope="module")
def frame(trial):
    """Complete data whose visits are almost one."""
    made = trial(n=30, visits=3, missing=0, seed=5)
    first = made.groupby("id")["y"].transform("first")
    return made.assign(y=first + 1e-3 * np.random.default_rng(2).normal(size=len(made)))


@pytest.fixture(scope="module")
def cohort(frame, trial_model):
    return mmrm(frame, **trial_model).parts.cohort


def least_squares_covariance(frame):
    wide = frame.sort_values(["id", "visit"])["y"].to_numpy().reshape(-1, 3)
    arm = frame.groupby("id")["arm"].first().to_numpy() == "E1"
    left = np.where(arm[:, None], wide - wide[arm].mean(axis=0), wide - wide[~arm].mean(axis=0))
    return left.T @ left


def model_of(name, groups=1):
    return CovarianceModel(
        structure=structure_for(CovarianceStructure(name), 3),
        group_of_block=np.arange(groups),
        n_groups=groups,
    )


def climbed(cohort, name, moments, *, restricted=True):
    model = model_of(name)
    theta = starting_values(model.structure, moments)
    return climb_whitened(
        cohort, model, np.zeros(len(cohort.subjects), dtype=int), theta, restricted=restricted
    )


@pytest.mark.parametrize(("restricted", "df"), [(True, 28), (False, 30)])
def test_an_unstructured_covariance_is_that_of_the_residuals(frame, cohort, restricted, df):
    far = np.eye(3) + 0.5
    found = climbed(cohort, "unstructured", far, restricted=restricted)
    assert not isinstance(found, Failure)
    model, statistics, patterns, optimum = found
    expected = least_squares_covariance(frame) / df
    np.testing.assert_allclose(model.sigma(optimum.at.theta)[:, :, 0], expected, rtol=1e-6)
    assert statistics.whitening is not None
    assert patterns.present.tolist() == [[True, True, True]]


def test_compound_symmetry_is_the_mean_of_variances_and_of_covariances(frame, cohort):
    moments = least_squares_covariance(frame) / 28
    found = climbed(cohort, "compound-symmetry", moments)
    assert not isinstance(found, Failure)
    model, _, _, optimum = found
    sigma = model.sigma(optimum.at.theta)[:, :, 0]
    off = ~np.eye(3, dtype=bool)
    assert sigma[0, 0] == pytest.approx(np.trace(moments) / 3, rel=1e-7)
    assert sigma[0, 1] == pytest.approx(moments[off].mean(), rel=1e-7)


@pytest.mark.parametrize("name", ["unstructured", "compound-symmetry"])
def test_visits_that_repeat_each_other_exactly_are_a_failure(cohort, name):
    residuals = cohort.residuals[:, [0, 0, 0]]
    twins = replace(cohort, residuals=residuals)
    found = climbed(twins, name, np.ones((3, 3)) + 1e-9 * np.eye(3))
    assert isinstance(found, Failure)
    assert "singular" in found.reason


def test_the_smallest_eigenvalue_is_that_of_the_correlations():
    rng = np.random.default_rng(3)
    root = np.tril(rng.normal(size=(4, 4))) + np.eye(4)
    sigma = root @ root.T
    sd = np.sqrt(np.diag(sigma))
    expected = np.linalg.eigvalsh(sigma / np.outer(sd, sd))[0]
    assert smallest_of_root(root) == pytest.approx(expected)
    assert smallest_of_root(np.diag([1.0, 9, 3]) @ root[:3, :3]) == pytest.approx(
        smallest_of_root(root[:3, :3])
    )


def test_a_root_of_the_residuals_is_given_where_they_are_definite(frame, cohort):
    root = unshrunk_root(cohort, 0)
    np.testing.assert_allclose(root @ root.T, least_squares_covariance(frame) / 30, rtol=1e-7)
    np.testing.assert_allclose(root, np.tril(root))
    nobody = unshrunk_root(cohort, 1)
    assert nobody is None
