"""The likelihood of variance components against that written out for all rows, and its derivatives."""

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from tests.analysis.mixed.mixed_cases import dense_derivatives, dense_expected, dense_value
from trialkit.analysis.mixed import cell_sums
from trialkit.analysis.mixed.cell_sums import CellSums, gather_cells
from trialkit.analysis.mixed.components import evaluate
from trialkit.analysis.mixed.groupings import RowGrouping

THETA = np.array([0.7, 0.3, 1.1, 2.0])
"""Of two groupings that cross in part, and of two residual classes."""


def _rows() -> tuple[np.ndarray, np.ndarray, list[np.ndarray], np.ndarray]:
    rng = np.random.default_rng(5)
    n = 60
    x = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    one, other = rng.integers(-1, 6, n), rng.integers(-1, 4, n)
    return x, rng.normal(size=n), [one, other], rng.integers(0, 2, n)


def _sums() -> CellSums:
    x, y, codes, classes = _rows()
    groupings = tuple(
        RowGrouping(name="", codes=each, levels=tuple(range(each.max() + 1))) for each in codes
    )
    return gather_cells(np.column_stack([x, y]), groupings, classes, n_classes=2, log_columns=0.0)


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("by_levels", [0.1, 100.0])
def test_value_and_derivatives_are_those_of_all_rows(
    restricted: bool, by_levels: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell_sums, "CROSSED", by_levels)
    assert bool(_sums().crossed) == (by_levels < 1)
    x, y, codes, classes = _rows()
    vs = dense_derivatives(codes, classes)

    def value(theta: np.ndarray) -> float:
        return dense_value(x, y, theta, vs, restricted=restricted)

    at = evaluate(_sums(), THETA, restricted=restricted)
    assert at is not None
    assert at.value == pytest.approx(value(THETA), rel=1e-12)
    np.testing.assert_allclose(at.gradient, approx_fprime(THETA, value, 1e-6), rtol=1e-4, atol=1e-5)

    def slope(theta: np.ndarray) -> np.ndarray:
        found = evaluate(_sums(), theta, restricted=restricted)
        assert found is not None
        return found.gradient

    numeric = np.column_stack(
        [(slope(THETA + 1e-5 * e) - slope(THETA - 1e-5 * e)) / 2e-5 for e in np.eye(4)]
    )
    np.testing.assert_allclose(at.observed, numeric, rtol=1e-6, atol=1e-6)
    if restricted:
        np.testing.assert_allclose(at.expected, dense_expected(x, THETA, vs), rtol=1e-9, atol=1e-12)


def test_estimates_are_generalised_least_squares() -> None:
    x, y, codes, classes = _rows()
    v = sum(a * b for a, b in zip(THETA, dense_derivatives(codes, classes), strict=True))
    w = np.linalg.inv(v)
    at = evaluate(_sums(), THETA, restricted=True)
    assert at is not None
    np.testing.assert_allclose(at.phi, np.linalg.inv(x.T @ w @ x), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(at.gamma, np.linalg.solve(x.T @ w @ x, x.T @ w @ y), rtol=1e-9)
    residual = y - x @ at.gamma
    assert at.squares == pytest.approx(residual @ w @ residual, rel=1e-10)


def test_there_is_no_likelihood_without_residual_variance() -> None:
    assert evaluate(_sums(), np.array([1.0, 1, 0, 1]), restricted=True) is None
