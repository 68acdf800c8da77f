"""In whitened coordinates quadratic forms, determinants and rows are what they were."""

import numpy as np
import pytest

from trialkit.analysis.repeated.whitening import (
    curvature_of_root,
    factor_derivatives,
    original_precision,
    reported_jacobian,
    triangular_parameters,
    whitening,
)

RNG = np.random.default_rng(4)
ROOT = np.tril(RNG.normal(size=(4, 4))) + 2 * np.eye(4)
SIGMA = np.cov(RNG.normal(size=(4, 12))) + np.eye(4)
PRESENT = np.array([[1, 1, 1, 1], [1, 0, 1, 0], [0, 1, 1, 1]], dtype=bool)
CELLS = np.argwhere(np.tri(4, k=-1) > 0)
OUTCOMES = RNG.normal(size=(4, 4))
LAYOUT = RNG.normal(size=(8, 3))
FACTOR = np.tril(RNG.normal(size=(4, 4)), -1) + np.diag([1.0, 2.0, 0.5, 1.5])


def whitened_precision(own, k, seen):
    """Q(QᵀTΣTᵀQ)⁻¹Qᵀ, zero for what is not observed."""
    inverse = np.linalg.inv(ROOT)
    basis = own.turn[k][:, seen]
    return basis @ np.linalg.inv(basis.T @ inverse @ SIGMA @ inverse.T @ basis) @ basis.T


def test_quadratic_forms_and_determinants_are_those_of_the_observed_visits():
    own = whitening(PRESENT, ROOT)
    y = OUTCOMES[0]
    for k, seen in enumerate(PRESENT):
        part = SIGMA[np.ix_(seen, seen)]
        outcome = own.outcome(np.where(seen, y, 0.0)[None], np.array([k]))[0]
        precision = whitened_precision(own, k, seen)
        expected = y[seen] @ np.linalg.solve(part, y[seen])
        assert outcome @ precision @ outcome == pytest.approx(expected)
        basis = own.turn[k][:, seen]
        inverse = np.linalg.inv(ROOT)
        middle = basis.T @ inverse @ SIGMA @ inverse.T @ basis
        logdet = np.linalg.slogdet(middle)[1] + 2 * own.log_root[k]
        assert logdet == pytest.approx(np.linalg.slogdet(part)[1])
        np.testing.assert_allclose(own.turn[k] @ own.turn[k].T, np.eye(4), atol=1e-12)


def test_each_row_of_outcomes_is_carried_by_its_own_pattern():
    own = whitening(PRESENT, ROOT)
    pattern = np.array([2, 0, 1, 2])
    values = np.where(PRESENT[pattern], OUTCOMES, 0.0)
    expected = [own.carry[k] @ row for k, row in zip(pattern, values, strict=True)]
    np.testing.assert_allclose(own.outcome(values, pattern), expected)


def test_rows_of_all_visits_are_turned_alike():
    own = whitening(PRESENT, ROOT)
    layout = LAYOUT  # 4 visits, 2 elements of a profile
    profile = np.array([0.7, -1.2])
    rows = np.einsum("d,mdp->mp", profile, layout.reshape(4, 2, 3))
    turned = np.einsum("d,mdp->mp", profile, own.layout(layout).reshape(4, 2, 3))
    np.testing.assert_allclose(turned, np.linalg.solve(ROOT, rows))
    for k, seen in enumerate(PRESENT):
        precision = whitened_precision(own, k, seen)
        expected = rows[seen].T @ np.linalg.solve(SIGMA[np.ix_(seen, seen)], rows[seen])
        np.testing.assert_allclose(turned.T @ precision @ turned, expected)


def test_the_precision_of_the_visits_themselves_is_given_back():
    own = whitening(PRESENT, ROOT)
    precision = np.stack([whitened_precision(own, k, seen) for k, seen in enumerate(PRESENT)])
    found = original_precision(own, precision)
    for k, seen in enumerate(PRESENT):
        expected = np.zeros((4, 4))
        expected[np.ix_(seen, seen)] = np.linalg.inv(SIGMA[np.ix_(seen, seen)])
        np.testing.assert_allclose(found[k], expected, atol=1e-12)
    assert original_precision(None, precision) is precision


def factor_of(parameters):
    """Each row of the factor is its diagonal times a row of a unit triangle."""
    unit = np.eye(4)
    unit[CELLS[:, 0], CELLS[:, 1]] = parameters[4:]
    return np.exp(parameters[:4])[:, None] * unit


def differences(of, at, step=1e-6):
    moves = step * np.eye(len(at))
    return np.stack([(of(at + m) - of(at - m)) / (2 * step) for m in moves])


def test_a_triangular_factor_has_its_parameters_and_derivatives():
    parameters = triangular_parameters(FACTOR, CELLS)
    np.testing.assert_allclose(parameters[:4], np.log([1.0, 2.0, 0.5, 1.5]))
    np.testing.assert_allclose(factor_of(parameters), FACTOR)
    found = factor_derivatives(FACTOR, CELLS)
    np.testing.assert_allclose(found, differences(factor_of, parameters), atol=1e-8)


def test_the_jacobian_carries_parameters_of_the_factor_to_those_of_the_whole():
    parameters = triangular_parameters(FACTOR, CELLS)
    expected = differences(
        lambda at: triangular_parameters(ROOT @ factor_of(at), CELLS), parameters
    ).T
    np.testing.assert_allclose(reported_jacobian(ROOT, FACTOR, CELLS), expected, atol=1e-7)


def test_the_curvature_is_the_weighted_second_derivative_of_the_covariance():
    weight = np.cov(np.random.default_rng(5).normal(size=(10, 30)))
    jacobian = reported_jacobian(ROOT, FACTOR, CELLS)
    outer = jacobian @ weight @ jacobian.T
    whole = triangular_parameters(ROOT @ FACTOR, CELLS)
    step = 1e-4
    moves = step * np.eye(10)

    def sigma(at):
        factor = factor_of(at)
        return factor @ factor.T

    total = np.zeros((4, 4))
    for a in range(10):
        for b in range(10):
            bend = (
                sigma(whole + moves[a] + moves[b])
                - sigma(whole + moves[a] - moves[b])
                - sigma(whole - moves[a] + moves[b])
                + sigma(whole - moves[a] - moves[b])
            ) / (4 * step**2)
            total += outer[a, b] * bend
    inverse = np.linalg.inv(ROOT)
    found = curvature_of_root(ROOT, FACTOR, CELLS, weight)
    scale = np.abs(inverse @ total @ inverse.T).max()
    np.testing.assert_allclose(found, inverse @ total @ inverse.T, atol=1e-5 * scale)
