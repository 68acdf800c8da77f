"""Rank tests of two samples: what their limits allow."""

import numpy as np
import pytest

from trialkit.analysis.means.rank_tests import mann_whitney
from trialkit.errors import AnalysisError


def test_more_differences_than_can_be_held_are_refused_before_anything_is_computed() -> None:
    with pytest.raises(AnalysisError, match="7072 x 7072 differences are more than"):
        mann_whitney(np.arange(7_072.0), np.arange(7_072.0))


def test_the_shift_is_the_median_of_all_differences_and_its_sign_that_of_the_experimental() -> None:
    """3 and 10 against 1, 2 and 4: differences -1, 1, 2, 6, 8, 9, so the middle is 4."""
    found = mann_whitney(np.array([3.0, 10.0]), np.array([1.0, 2.0, 4.0]))
    assert found.estimate == pytest.approx(4)
    turned = mann_whitney(np.array([1.0, 2.0, 4.0]), np.array([3.0, 10.0]))
    assert turned.estimate == pytest.approx(-4)
    assert found.p_value == turned.p_value
    # of the ten pairs of ranks two lie as high as 3 and 5 or higher, doubled
    assert found.p_value == pytest.approx(0.4)
