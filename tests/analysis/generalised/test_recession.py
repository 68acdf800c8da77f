"""Directions in which a likelihood rises for ever."""

import numpy as np

from trialkit.analysis.generalised.families import Binomial, Poisson
from trialkit.analysis.generalised.recession import recession

ONE = np.ones(6)


def test_a_covariate_that_tells_all_events_apart_is_found() -> None:
    x = np.array([1.0, 2, 3, 4, 5, 6])
    apart = recession(np.column_stack([ONE, x]), np.array([0.0, 0, 0, 1, 1, 1]), Binomial())
    assert apart is not None
    assert apart.directions[0][1] > 0
    assert not apart.remaining.any()


def test_events_that_overlap_are_told_apart_by_nothing() -> None:
    x = np.array([1.0, 2, 3, 4, 5, 6])
    assert recession(np.column_stack([ONE, x]), np.array([0.0, 0, 1, 0, 1, 1]), Binomial()) is None


def test_a_level_without_events_leaves_the_others() -> None:
    level = np.array([0.0, 0, 0, 0, 1, 1])
    y = np.array([0.0, 1, 0, 1, 0, 0])
    for family in (Binomial(), Poisson()):
        found = recession(np.column_stack([ONE, level]), y, family)
        assert found is not None
        assert found.remaining.tolist() == [True] * 4 + [False] * 2
        assert found.directions[0][0] == 0
        assert found.directions[0][1] < 0


def test_counts_have_no_upper_end() -> None:
    level = np.array([0.0, 0, 0, 0, 1, 1])
    assert (
        recession(np.column_stack([ONE, level]), np.array([0.0, 1, 0, 1, 5, 7]), Poisson()) is None
    )


def test_rows_that_touch_remain() -> None:
    x = np.array([1.0, 2, 3, 3, 4, 5])
    found = recession(np.column_stack([ONE, x]), np.array([0.0, 0, 0, 1, 1, 1]), Binomial())
    assert found is not None
    assert found.remaining.tolist() == [False, False, True, True, False, False]
