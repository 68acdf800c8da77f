"""The maximum over variances, inside and on the boundary."""

import numpy as np
import pytest
from scipy.optimize import minimize

from tests.analysis.mixed.mixed_cases import dense_derivatives, dense_value
from trialkit.analysis.mixed.cell_sums import gather_cells
from trialkit.analysis.mixed.climbing import Cone, climb, every_variance
from trialkit.analysis.mixed.groupings import RowGrouping


def _case(sd: float):
    rng = np.random.default_rng(11)
    codes = np.repeat(np.arange(12), rng.integers(2, 7, 12))
    x = np.ones((len(codes), 1))
    y = sd * rng.normal(size=12)[codes] + rng.normal(size=len(codes))
    grouping = RowGrouping(name="g", codes=codes, levels=tuple(range(12)))
    none = np.zeros(len(codes), dtype=int)
    sums = gather_cells(
        np.column_stack([x, y]), (grouping,), none, n_classes=1,
        log_columns=0.0,
    )  # fmt: skip
    return sums, x, y, dense_derivatives([codes], none)


@pytest.mark.parametrize("start", [[0.1, 1.0], [5.0, 0.1], [0.0, 1.0], [30.0, 30.0]])
def test_it_is_that_of_a_general_optimiser_wherever_it_begins(start: list[float]) -> None:
    sums, x, y, vs = _case(1.0)
    found = climb(sums, every_variance(2), np.array(start), restricted=True)
    assert found is not None

    def value(log: np.ndarray) -> float:
        return dense_value(x, y, np.exp(log), vs, restricted=True)

    best = minimize(
        value, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}
    )
    assert found.at.value == pytest.approx(best.fun, abs=1e-9)
    np.testing.assert_allclose(found.at.theta, np.exp(best.x), rtol=1e-5)


def test_it_ends_on_the_boundary_where_the_likelihood_falls_from_it() -> None:
    sums, *_ = _case(0.0)
    found = climb(sums, every_variance(2), np.array([0.5, 0.5]), restricted=True)
    assert found is not None
    assert found.at.theta[0] == 0
    assert found.at.gradient[0] > 0
    assert found.at.gradient[1] == pytest.approx(0, abs=1e-9)


def test_a_variance_that_is_fixed_stays() -> None:
    sums, *_ = _case(1.0)
    cone = Cone(offset=np.array([0.4, 0.0]), turn=np.array([[0.0], [1.0]]))
    found = climb(sums, cone, np.array([1.0]), restricted=True)
    assert found is not None
    assert found.at.theta[0] == 0.4
    assert found.at.gradient[1] == pytest.approx(0, abs=1e-9)


def test_where_nothing_is_known_it_ends_without_a_warning() -> None:
    codes = np.array([0, 0, 1])
    grouping = RowGrouping(name="g", codes=codes, levels=(0, 1))
    columns = np.column_stack([np.ones(3), [1.0, 1.0, 4.0]])
    sums = gather_cells(columns, (grouping,), np.zeros(3, dtype=int), n_classes=1, log_columns=0.0)
    # the rows of a level are equal, so that the likelihood rises for ever
    found = climb(sums, every_variance(2), np.array([0.5, 0.5]), restricted=True)
    assert found is None or found.at.theta[1] < 1e-9
