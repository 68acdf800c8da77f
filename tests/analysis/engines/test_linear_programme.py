"""Small programmes that can be solved by hand."""

import numpy as np
import pytest

from trialkit.analysis.engines.linear_programme import least_costs


@pytest.mark.parametrize("simplex", [True, False])
def test_the_corner_with_the_least_costs_is_found(*, simplex: bool) -> None:
    """x + 2 y is to be largest where x + y <= 4 and y <= 3 - x / 3: at (1.5, 2.5)."""
    at_most = np.array([[1.0, 1.0], [1 / 3, 1.0]]), np.array([4.0, 3.0])
    found = least_costs(np.array([-1.0, -2.0]), at_most=at_most, bounds=(0, None), simplex=simplex)
    assert found is not None
    assert found.at == pytest.approx([1.5, 2.5])


def test_an_equality_has_its_price() -> None:
    """Of two units at 3 and 5 as much as the bound allows is the cheaper one; one more costs 5."""
    equal = np.array([[1.0, 1.0]]), np.array([1.5])
    found = least_costs(np.array([3.0, 5.0]), equal=equal, bounds=(0, 1), simplex=True)
    assert found is not None
    assert found.at == pytest.approx([1.0, 0.5])
    assert found.prices == pytest.approx([5.0])


def test_what_no_point_satisfies_has_no_solution() -> None:
    equal = np.array([[1.0]]), np.array([2.0])
    assert least_costs(np.array([1.0]), equal=equal, bounds=(0, 1)) is None
