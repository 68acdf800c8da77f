"""Which sizes of values are refused."""

import numpy as np
import pytest

from trialkit.analysis.frames.magnitudes import refuse_unworkable_size
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
