import pytest

from trialkit.results.notes import (
    Allocations,
    allocations_note,
    allocations_of,
    covariance_note,
    covariance_used,
)


@pytest.mark.parametrize("failed", [[], [("unstructured", "no maximum; tried twice")]])
def test_the_structure_that_was_used_is_read_back(failed: list[tuple[str, str]]) -> None:
    assert covariance_used(covariance_note("heterogeneous-ar1", failed)) == "heterogeneous-ar1"


@pytest.mark.parametrize("exact", [True, False])
def test_the_allocations_are_read_back(exact: bool) -> None:
    among = Allocations(number=100_000, exact=exact)
    note = f"{allocations_note(31, among)}, within the blocks used"
    assert allocations_of(note) == among
