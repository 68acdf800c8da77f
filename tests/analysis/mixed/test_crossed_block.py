"""Crossed groupings by their levels, and by the covariance of their cells."""

import numpy as np
import pytest

from tests.analysis.mixed.mixed_cases import THERAPISTS, frame
from trialkit.analysis.mixed import cell_sums
from trialkit.analysis.mixed.crossed_block import crossed_block, crossed_moments
from trialkit.analysis.mixed.random_intercepts import random_intercepts


def test_moments_are_those_of_the_covariance() -> None:
    rng = np.random.default_rng(1)
    m, root, theta = 30, np.sqrt(rng.integers(1, 5, 30)), np.array([0.5, 2.0, 1.5])
    rows, levels = rng.normal(size=(m, 2)), rng.integers(-1, 4, (m, 2))
    classes = np.zeros(m, dtype=np.intp)
    found = crossed_moments(crossed_block(rows, levels, root, classes, n_classes=1), theta)
    assert found is not None
    vs = [
        np.outer(root, root) * ((one[:, None] == one) & (one[:, None] >= 0)) for one in levels.T
    ] + [np.eye(m)]
    v = sum(a * b for a, b in zip(theta, vs, strict=True))
    w = np.linalg.inv(v)
    assert found.logdet == pytest.approx(np.linalg.slogdet(v)[1])
    np.testing.assert_allclose(found.m, rows.T @ w @ rows, atol=1e-10)
    for a, one in enumerate(vs):
        np.testing.assert_allclose(found.m1[a], rows.T @ w @ one @ w @ rows, atol=1e-10)
        assert found.t1[a] == pytest.approx(np.trace(w @ one))
        for b, other in enumerate(vs):
            np.testing.assert_allclose(
                found.m2[a, b], rows.T @ w @ one @ w @ other @ w @ rows, atol=1e-10
            )
            assert found.t2[a, b] == pytest.approx(np.trace(w @ one @ w @ other))


def test_a_fit_is_the_same_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    options = THERAPISTS | {"cluster": ["site", "therapist"], "covariates": ["base"]}
    data = frame("mixed/therapists")
    by_cells = random_intercepts(data, **options)
    assert not by_cells.model.sums.crossed
    monkeypatch.setattr(cell_sums, "CROSSED", 0.1)
    monkeypatch.setattr(cell_sums, "LARGE", 0)
    by_levels = random_intercepts(data, **options)
    assert by_levels.model.sums.crossed
    one, other = by_cells.contrasts(), by_levels.contrasts()
    for name in ("estimate", "se", "df"):
        np.testing.assert_allclose(other[name], one[name], rtol=1e-9)
    assert by_levels.log_likelihood == pytest.approx(by_cells.log_likelihood, abs=1e-10)
