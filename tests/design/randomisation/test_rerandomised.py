"""The re-randomisation test, given the allocations that a design of this package allows."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from tests.design.randomisation.reference import EXACT
from trialkit.analysis.resampling.rerandomisation import rerandomised_effects
from trialkit.design.randomisation.properties import State, next_steps, start_state
from trialkit.design.randomisation.schemes import PermutedBlocks, arms_of

BLOCKED = EXACT["blocked"]
TWO = arms_of((1, 1))


def all_lists(scheme: PermutedBlocks, n: int) -> Iterator[tuple[int, ...]]:
    """Every list that the law allows, step by step."""

    def onwards(state: State, place: int) -> Iterator[tuple[int, ...]]:
        if place == n:
            yield ()
            return
        for step in next_steps(scheme, TWO, state, place):
            for rest in onwards(step.state, place + 1):
                yield (step.arm, *rest)

    return onwards(start_state(scheme, TWO), 0)


def extreme(lists: np.ndarray, values: np.ndarray, observed: float) -> tuple[int, int]:
    effects = [values[row == 1].mean() - values[row == 0].mean() for row in lists]
    return sum(abs(each) >= abs(observed) - 1e-9 for each in effects), len(effects)


def test_darwins_maize_in_pairs() -> None:
    reference = EXACT["darwin_maize"]
    differences = np.array(reference["differences"], dtype=float)
    values = np.column_stack([np.zeros(15), differences]).ravel()
    treated = np.tile([False, True], 15)
    found = rerandomised_effects(values, treated=treated, places=np.repeat(np.arange(15), 2))

    n = len(found.permuted)
    assert n == reference["allocations"] == 2**15
    as_large = np.sum(found.permuted >= found.observed - 1e-9)
    as_far = np.sum(np.abs(found.permuted) >= abs(found.observed) - 1e-9)
    assert (as_large, as_far) == (reference["one_sided"], reference["two_sided"])
    assert as_far / n == pytest.approx(reference["p"], abs=5e-9)


def test_the_blocked_example_among_the_lists_of_its_own_design() -> None:
    values = np.array(BLOCKED["values"], dtype=float)
    arms = np.array([int(arm) for arm in BLOCKED["arms"]])
    observed = values[arms == 1].mean() - values[arms == 0].mean()
    assert observed == pytest.approx(BLOCKED["difference"], abs=5e-8)

    lists = np.array(list(all_lists(PermutedBlocks(lengths=(4,)), 12)))
    count, total = extreme(lists, values, observed)
    assert [count, total] == BLOCKED["within"][:2]
    assert count / total == pytest.approx(BLOCKED["within"][2], abs=5e-8)

    kernel = rerandomised_effects(values, treated=arms == 1, places=np.repeat([0, 1, 2], 4))
    as_far = np.sum(np.abs(kernel.permuted) >= abs(observed) - 1e-9)
    assert (as_far, len(kernel.permuted)) == (count, total)


def test_ignoring_the_blocks_gives_another_p() -> None:
    values = np.array(BLOCKED["values"], dtype=float)
    arms = np.array([int(arm) for arm in BLOCKED["arms"]])
    lists = np.array([row for row in product([0, 1], repeat=12) if sum(row) == 6])
    observed = values[arms == 1].mean() - values[arms == 0].mean()
    count, total = extreme(lists, values, observed)

    assert [count, total] == BLOCKED["ignoring"][:2]
    assert count / total == pytest.approx(BLOCKED["ignoring"][2], abs=5e-8)
