"""Which sizes of values are refused."""

import numpy as np
import pytest

from trialkit.analysis.frames.magnitudes import of_unit_size, refuse_unworkable_size
from trialkit.errors import AnalysisError


@pytest.mark.parametrize("largest", [1e-69, 1.0, 1e69])
def test_any_measured_size_is_workable(largest: float) -> None:
    refuse_unworkable_size(np.array([0.0, -largest, np.nan]), "y")


def test_only_zeros_or_nothing_at_all_are_workable() -> None:
    refuse_unworkable_size(np.zeros(3), "y")
    refuse_unworkable_size(np.array([]), "y")


@pytest.mark.parametrize("largest", [1e-200, 1e-71, 1e71, 1e200])
def test_a_size_without_squares_is_refused_by_name(largest: float) -> None:
    with pytest.raises(AnalysisError, match=r"'y' has values of size .* give it in a unit"):
        refuse_unworkable_size(np.array([0.0, -largest]), "y")


@pytest.mark.parametrize("scale", [1e-300, 1e-60, 1.0, 3e12, 1e300])
def test_a_power_of_two_changes_no_digit(scale: float) -> None:
    values = scale * np.array([0.0, -1.1, 0.3])
    unit = of_unit_size(values)
    assert 0.5 <= np.abs(unit).max() < 1
    power = values[1] / unit[1]
    assert np.frexp(power)[0] == 0.5
    np.testing.assert_array_equal(unit * power, values)


def test_zeros_and_nothing_stay_as_they_are() -> None:
    assert of_unit_size(np.zeros(2)).tolist() == [0.0, 0.0]
    assert of_unit_size(np.array([])).size == 0
