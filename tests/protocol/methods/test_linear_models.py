"""The type of sums of squares that a user may give."""

import pytest

from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import SumOfSquares, sum_of_squares_type


def test_a_number_or_a_member_names_the_type() -> None:
    every = tuple(SumOfSquares)
    assert sum_of_squares_type(2, allowed=every) is SumOfSquares.HIERARCHICAL
    assert sum_of_squares_type(SumOfSquares.PARTIAL, allowed=every) is SumOfSquares.PARTIAL


def test_a_type_that_the_analysis_does_not_have_is_refused() -> None:
    with pytest.raises(AnalysisError, match="sum_of_squares=1 is not known here; known are 3"):
        sum_of_squares_type(1, allowed=(SumOfSquares.PARTIAL,))


@pytest.mark.parametrize("value", [0, 4, 2.5, "3", True, None])
def test_an_unknown_type_of_sums_of_squares_is_refused(value: object) -> None:
    with pytest.raises(AnalysisError, match="known are 1, 2, 3"):
        sum_of_squares_type(value, allowed=tuple(SumOfSquares))
