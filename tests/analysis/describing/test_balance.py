import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.describing.balance import difference_of_categories, difference_of_numbers
from trialkit.errors import AnalysisError

KNOWN = json.loads(
    (Path(__file__).parents[2] / "reference/balance/standardised_differences.json").read_text()
)


@pytest.mark.parametrize("case", KNOWN["numbers"])
def test_numbers_differ_as_exact_arithmetic_says(case: dict[str, list[float]]) -> None:
    found = difference_of_numbers(np.array(case["experimental"]), np.array(case["reference"]))
    assert found == pytest.approx(case["expected"], rel=1e-12)


@pytest.mark.parametrize("case", KNOWN["categories"])
def test_categories_differ_as_exact_arithmetic_says(case: dict[str, list[float]]) -> None:
    found = difference_of_categories(np.array(case["experimental"]), np.array(case["reference"]))
    assert found == pytest.approx(case["expected"], rel=1e-10)


@settings(max_examples=examples(40), deadline=None)
@given(
    pair=st.integers(2, 5).flatmap(
        lambda k: st.tuples(*[st.lists(st.integers(1, 60), min_size=k, max_size=k)] * 2)
    ),
    turn=st.integers(0, 4),
)
def test_it_does_not_matter_which_category_is_left_out(
    pair: tuple[list[int], list[int]], turn: int
) -> None:
    first, second = np.array(pair[0]), np.array(pair[1])
    rolled = difference_of_categories(np.roll(first, turn), np.roll(second, turn))
    assert rolled == pytest.approx(difference_of_categories(first, second), rel=1e-7, abs=1e-9)
    assert difference_of_categories(second, first) == pytest.approx(rolled, rel=1e-7, abs=1e-9)


@given(first=st.integers(1, 29), second=st.integers(1, 29))
def test_two_categories_are_two_proportions(first: int, second: int) -> None:
    p, q = first / 30, second / 30
    expected = abs(p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    found = difference_of_categories(np.array([first, 30 - first]), np.array([second, 30 - second]))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_a_category_that_nobody_has_changes_nothing() -> None:
    with_empty = difference_of_categories(np.array([4, 0, 9]), np.array([7, 0, 6]))
    assert with_empty == difference_of_categories(np.array([4, 9]), np.array([7, 6]))


def test_what_has_no_size_is_refused() -> None:
    with pytest.raises(AnalysisError, match="entirely"):
        difference_of_categories(np.array([5, 0]), np.array([0, 5]))
    with pytest.raises(AnalysisError, match="neither arm varies"):
        difference_of_numbers(np.array([1.0, 1.0]), np.array([2.0, 2.0]))
    with pytest.raises(AnalysisError, match="two values"):
        difference_of_numbers(np.array([1.0]), np.array([2.0, 2.0]))
    with pytest.raises(AnalysisError, match="somebody"):
        difference_of_categories(np.array([0, 0]), np.array([1, 5]))


def test_arms_alike_differ_by_nothing() -> None:
    assert difference_of_numbers(np.array([2.0, 2.0]), np.array([2.0, 2.0])) == 0
    assert difference_of_categories(np.array([3, 3]), np.array([6, 6])) == 0
    assert difference_of_categories(np.array([3]), np.array([6])) == 0
