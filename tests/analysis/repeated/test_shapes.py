"""Correlation matrices as textbooks write them, their links, and finite differences of them."""

from functools import partial

import numpy as np
import pytest

from trialkit.analysis.repeated.shapes import (
    CorrelationForm,
    CorrelationShape,
    Link,
    along,
    correlation,
    first_derivatives,
    inverse_link,
    link_values,
    second_total,
    second_weighted,
)

LAG = np.abs(np.subtract.outer(np.arange(4), np.arange(4))).astype(float)
DAYS = np.array([0.0, 1.0, 3.0, 7.5])
CELLS = np.array([[1, 0], [2, 0], [2, 1], [3, 0], [3, 1], [3, 2]])


def steps(size=4):
    low, high = (
        np.minimum.outer(range(size), range(size)),
        np.maximum.outer(range(size), range(size)),
    )
    first = np.arange(size - 1)[:, None, None]
    return ((low <= first) & (first < high)).astype(float)


SHAPES = {
    "lags": CorrelationShape(
        CorrelationForm.LAGS,
        Link.ALGEBRAIC,
        4,
        np.stack([k == LAG for k in (1, 2, 3)]) * 1.0,
        CELLS,
    ),
    "equal": CorrelationShape(
        CorrelationForm.EQUAL, Link.EXCHANGEABLE, 4, (LAG > 0)[None] * 1.0, CELLS
    ),
    "power": CorrelationShape(CorrelationForm.POWER, Link.ALGEBRAIC, 4, LAG[None], CELLS),
    "steps": CorrelationShape(CorrelationForm.STEPS, Link.ALGEBRAIC, 4, steps(), CELLS),
    "distance": CorrelationShape(
        CorrelationForm.DISTANCE,
        Link.LOGISTIC,
        4,
        np.abs(np.subtract.outer(DAYS, DAYS))[None],
        CELLS,
    ),
    "cholesky": CorrelationShape(
        CorrelationForm.CHOLESKY, Link.NONE, 4, np.zeros((0, 4, 4)), CELLS
    ),
}
every_shape = pytest.mark.parametrize("name", list(SHAPES))


def theta_of(shape, seed=0):
    return np.random.default_rng(seed).normal(0.2, 0.5, shape.n_parameters)


def test_the_parameters_are_counted():
    counts = {name: shape.n_parameters for name, shape in SHAPES.items()}
    assert counts == {
        "lags": 3,
        "equal": 1,
        "power": 1,
        "steps": 3,
        "distance": 1,
        "cholesky": 6,
    }


def test_axes_are_put_behind():
    assert along(np.zeros((2, 3)), 2).shape == (2, 3, 1, 1)
    assert along(np.zeros(4), 0).shape == (4,)


def test_links_reach_the_ends_of_their_range_and_their_middle():
    # t / √(1 + t²); logit⁻¹(t); and of four visits a correlation between −1/3 and 1
    for name, low, middle in (("lags", -1, 0), ("distance", 0, 0.5), ("equal", -1 / 3, 1 / 3)):
        rho = link_values(SHAPES[name], np.array([-60.0, 0.0, 60.0]))[0]
        np.testing.assert_allclose(rho, [low, middle, 1], atol=2e-4)
    assert link_values(SHAPES["power"], np.array([0.75]))[0][0] == pytest.approx(0.6)
    assert link_values(SHAPES["distance"], np.log([3.0]))[0][0] == pytest.approx(0.75)
    assert link_values(SHAPES["equal"], np.log([2.0]))[0][0] == pytest.approx(2 / 3 * 4 / 3 - 1 / 3)


@pytest.mark.parametrize("name", ["lags", "equal", "distance"])
def test_links_have_the_slope_and_bend_of_finite_differences_and_an_inverse(name):
    shape, t, step = SHAPES[name], np.array([-1.3, -0.2, 0.4, 2.0]), 1e-4
    rho, slope, bend = link_values(shape, t)
    up, down = link_values(shape, t + step)[0], link_values(shape, t - step)[0]
    np.testing.assert_allclose(slope, (up - down) / (2 * step), rtol=1e-6)
    np.testing.assert_allclose(bend, (up - 2 * rho + down) / step**2, rtol=1e-4)
    np.testing.assert_allclose(inverse_link(shape, rho), t, rtol=1e-10)


def test_each_form_is_the_matrix_of_the_textbook():
    t = np.array([0.5, -0.2, 0.1])
    rho = t / np.sqrt(1 + t**2)
    a, b, c = rho
    lags = [[1, a, b, c], [a, 1, a, b], [b, a, 1, a], [c, b, a, 1]]
    np.testing.assert_allclose(correlation(SHAPES["lags"], t), lags)
    ante = [
        [1, a, a * b, a * b * c],
        [a, 1, b, b * c],
        [a * b, b, 1, c],
        [a * b * c, b * c, c, 1],
    ]
    np.testing.assert_allclose(correlation(SHAPES["steps"], t), ante)
    np.testing.assert_allclose(correlation(SHAPES["power"], t[:1]), a**LAG)
    share = 1 / (1 + np.exp(-0.5))
    same = share * 4 / 3 - 1 / 3
    np.testing.assert_allclose(correlation(SHAPES["equal"], t[:1]), np.where(LAG == 0, 1.0, same))
    apart = np.abs(np.subtract.outer(DAYS, DAYS))
    np.testing.assert_allclose(correlation(SHAPES["distance"], t[:1]), share**apart)


def test_the_unstructured_form_is_a_product_of_unit_triangles():
    t = np.array([2.0, 3, 5, 7, 11, 13])
    lower = np.array([[1, 0, 0, 0], [2, 1, 0, 0], [3, 5, 1, 0], [7, 11, 13, 1.0]])
    np.testing.assert_allclose(correlation(SHAPES["cholesky"], t), lower @ lower.T)


def derivative(of, t, step=1e-5):
    """The central differences of ``of`` by each parameter, on a last axis."""
    moves = step * np.eye(len(t))
    return np.stack([(of(t + move) - of(t - move)) / (2 * step) for move in moves], axis=-1)


@every_shape
def test_derivatives_are_those_of_finite_differences(name):
    shape = SHAPES[name]
    t = theta_of(shape)
    first = first_derivatives(shape, t)
    np.testing.assert_allclose(first, derivative(partial(correlation, shape), t), atol=1e-8)
    second = derivative(partial(first_derivatives, shape), t)
    rng = np.random.default_rng(3)
    weighted, weight = rng.normal(size=(4, 4)), rng.normal(size=(len(t), len(t)))
    weighted, weight = weighted + weighted.T, weight + weight.T
    np.testing.assert_allclose(
        second_weighted(shape, t, weighted), np.einsum("uvab,uv->ab", second, weighted), atol=1e-6
    )
    np.testing.assert_allclose(
        second_total(shape, t, weight), np.einsum("uvab,ab->uv", second, weight), atol=1e-6
    )


@every_shape
def test_many_sets_at_once_are_those_one_by_one(name):
    shape = SHAPES[name]
    sets = np.stack([theta_of(shape, seed) for seed in range(3)], axis=1)
    weighted = np.random.default_rng(1).normal(size=(4, 4, 3))
    weight = np.ones((len(sets), len(sets))) + np.eye(len(sets))
    for at in range(3):
        one = sets[:, at]
        for of in (correlation, first_derivatives):
            np.testing.assert_allclose(of(shape, sets)[..., at], of(shape, one))
        np.testing.assert_allclose(
            second_weighted(shape, sets, weighted)[..., at],
            second_weighted(shape, one, weighted[..., at]),
        )
        # where it does not depend on the parameters it is given once
        total = np.broadcast_to(second_total(shape, sets, weight), (4, 4, 3))
        np.testing.assert_allclose(total[..., at], second_total(shape, one, weight))


def test_distances_may_differ_from_block_to_block():
    apart = np.abs(np.subtract.outer(DAYS, DAYS))
    blocks = np.stack([apart, 2 * apart], axis=2)
    shape = CorrelationShape(CorrelationForm.DISTANCE, Link.LOGISTIC, 4, blocks[None], CELLS)
    t = np.array([[0.3, 0.3]])
    found = correlation(shape, t)
    share = 1 / (1 + np.exp(-0.3))
    np.testing.assert_allclose(found[..., 0], share**apart)
    np.testing.assert_allclose(found[..., 1], share ** (2 * apart))


@pytest.mark.parametrize("form", [CorrelationForm.POWER, CorrelationForm.STEPS])
def test_one_visit_has_no_correlation(form):
    shape = CorrelationShape(
        form, Link.ALGEBRAIC, 1, np.zeros((0, 1, 1)), np.zeros((0, 2), dtype=int)
    )
    none = np.zeros(0)
    assert correlation(shape, none).tolist() == [[1.0]]
    assert first_derivatives(shape, none).shape == (1, 1, 0)
    assert second_weighted(shape, none, np.ones((1, 1))).shape == (0, 0)
    assert second_total(shape, none, np.zeros((0, 0))).tolist() == [[0.0]]
