import numpy as np
import pytest

from trialkit.analysis.repeated.structures import (
    covariance,
    curvature,
    facts,
    first_derivatives,
    second_total,
    starting_values,
    structure_for,
)
from trialkit.protocol.methods.repeated import CovarianceStructure

COUNTS = {
    "unstructured": 15,
    "toeplitz": 5,
    "heterogeneous-toeplitz": 9,
    "ar1": 2,
    "heterogeneous-ar1": 6,
    "compound-symmetry": 2,
    "heterogeneous-compound-symmetry": 6,
    "ante-dependence": 5,
    "heterogeneous-ante-dependence": 9,
    "spatial-exponential": 2,
}


def made(name, visits=5):
    times = np.cumsum([1.0, 0.5, 2.0, 1.5, 0.7, 1.0])[:visits]
    distances = np.abs(np.subtract.outer(times, times))
    return structure_for(CovarianceStructure(name), visits, distances)


def theta_for(structure, seed=0):
    return np.random.default_rng(seed).normal(0, 0.3, structure.n_parameters)


@pytest.mark.parametrize("name", list(CovarianceStructure))
def test_every_structure_has_its_number_of_parameters(name):
    structure = made(name)
    assert structure.n_parameters == COUNTS[name.value]
    assert facts(name).form is structure.shape.form


@pytest.mark.parametrize("name", list(CovarianceStructure))
def test_derivatives_agree_with_finite_differences(name):
    structure = made(name)
    theta, step = theta_for(structure), 1e-5
    rng = np.random.default_rng(4)
    weight = rng.normal(size=(5, 5))
    weight = weight + weight.T
    moves = step * np.eye(len(theta))

    numeric = [
        (covariance(structure, theta + move) - covariance(structure, theta - move)) / (2 * step)
        for move in moves
    ]
    np.testing.assert_allclose(
        first_derivatives(structure, theta), np.stack(numeric, axis=2), atol=1e-8
    )

    second = np.stack(
        [
            (first_derivatives(structure, theta + m) - first_derivatives(structure, theta - m))
            / (2 * step)
            for m in moves
        ],
        axis=3,
    )
    np.testing.assert_allclose(
        curvature(structure, theta, weight), np.einsum("uvab,uv->ab", second, weight), atol=1e-6
    )
    outer = rng.normal(size=(len(theta),) * 2)
    outer = outer + outer.T
    np.testing.assert_allclose(
        second_total(structure, theta, outer), np.einsum("uvab,ab->uv", second, outer), atol=1e-6
    )


@pytest.mark.parametrize("name", list(CovarianceStructure))
def test_many_parameter_sets_at_once_are_those_one_by_one(name):
    structure = made(name)
    sets = np.stack([theta_for(structure, seed) for seed in range(3)], axis=1)
    weight = np.eye(5) + 0.3
    for at in range(3):
        one = sets[:, at]
        np.testing.assert_allclose(covariance(structure, sets)[..., at], covariance(structure, one))
        np.testing.assert_allclose(
            first_derivatives(structure, sets)[..., at], first_derivatives(structure, one)
        )
        np.testing.assert_allclose(
            curvature(structure, sets, np.repeat(weight[:, :, None], 3, axis=2))[..., at],
            curvature(structure, one, weight),
        )


@pytest.mark.parametrize("visits", [1, 2, 3, 20])
@pytest.mark.parametrize("name", list(CovarianceStructure))
def test_starting_values_are_definite_and_near(name, visits):
    rng = np.random.default_rng(visits)
    root = np.eye(visits) + rng.normal(0, 0.3, (visits, visits))
    moments = root @ root.T
    structure = structure_for(name, visits)
    sigma = covariance(structure, starting_values(structure, moments))

    assert np.linalg.eigvalsh(sigma).min() > 0
    if name is CovarianceStructure.UNSTRUCTURED:
        np.testing.assert_allclose(sigma, moments, atol=1e-12)
    assert np.mean(np.diag(sigma)) == pytest.approx(np.mean(np.diag(moments)), rel=1e-9)


def test_zero_correlations_have_finite_derivatives():
    for name in CovarianceStructure:
        structure = made(name)
        theta = np.zeros(structure.n_parameters)
        assert np.isfinite(first_derivatives(structure, theta)).all()
        assert np.isfinite(curvature(structure, theta, np.ones((5, 5)))).all()
