"""The linear programme of a quantile, from its definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.quantiles.rank_scores import (
    RankScoreTest,
    coefficient_range,
    fit_quantile,
)


def loss(residuals: np.ndarray, quantile: float) -> float:
    return float(np.sum(residuals * (quantile - (residuals < 0))))


@settings(max_examples=examples(25))
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.25, 0.5, 0.8]), st.booleans())
def test_no_line_through_as_many_points_fits_better(seed: int, tau: float, ties: bool) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 5, 14).astype(float), rng.normal(size=14)
    y = np.round(y * 3) / 10 if ties else y / 3
    basis, _ = np.linalg.qr(np.column_stack([np.ones(14), x]))
    fit = fit_quantile(basis, y, tau)
    best = min(
        loss(y - basis @ np.linalg.solve(basis[[i, j]], y[[i, j]]), tau)
        for i in range(14)
        for j in range(i)
        if x[i] != x[j]
    )
    assert loss(y - basis @ fit.coefficients, tau) == pytest.approx(best, abs=1e-9)
    np.testing.assert_allclose(basis.T @ (fit.scores - (1 - tau)), 0, atol=1e-9)
    # all best fits: their ends fit as well as any
    low, high = coefficient_range(basis, y, fit, np.array([1.0, 0.0]))
    assert low - 1e-9 <= fit.coefficients[0] <= high + 1e-9


def test_without_a_covariate_the_statistic_is_the_median_test() -> None:
    rng = np.random.default_rng(4)
    arm, y = np.arange(20) % 2 == 0, rng.normal(size=20) / 5
    basis = np.full((20, 1), 1 / np.sqrt(20))
    test = RankScoreTest(basis=basis, column=arm.astype(float), outcome=y, quantile=0.5)
    for slope in (-0.3, 0.0, 0.25):
        moved = y - slope * arm
        above = (moved > np.median(moved)).astype(float)  # evenly many: none is on the line, or two
        beside = arm - arm.mean()
        expected = beside @ (above - 0.5) / np.sqrt(0.25 * (beside @ beside))
        found = test.at(slope)
        assert found.value == pytest.approx(expected, abs=1e-9)
        assert found.low <= slope <= found.high
        just = test.at(found.high - 1e-4 * (found.high - found.low))
        assert just.value == pytest.approx(found.value, abs=1e-9)
