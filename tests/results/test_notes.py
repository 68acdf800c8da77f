import pytest

from trialkit.results.notes import (
    Allocations,
    allocations_note,
    allocations_of,
    covariance_note,
    covariance_used,
    imputed_note,
    origin_note,
    origin_of,
    printed_note,
    strategies_imputed,
)


@pytest.mark.parametrize("failed", [[], [("unstructured", "no maximum; tried twice")]])
def test_the_structure_that_was_used_is_read_back(failed: list[tuple[str, str]]) -> None:
    assert covariance_used(covariance_note("heterogeneous-ar1", failed)) == "heterogeneous-ar1"


@pytest.mark.parametrize("exact", [True, False])
def test_the_allocations_are_read_back(exact: bool) -> None:
    among = Allocations(number=100_000, exact=exact)
    note = f"{allocations_note(31, among)}, within the blocks used"
    assert allocations_of(note) == among


def test_a_page_prints_of_a_note_all_but_where_it_was_read() -> None:
    origin = origin_note("external/cox.csv", 4, names_data=False)
    assert origin == "read from external/cox.csv, line 4; the file does not say of which data"
    assert printed_note(origin) == ""
    assert origin_of(origin) == "external/cox.csv, line 4"
    assert origin_of("did not converge") == ""
    assert printed_note(f"did not converge; {origin}") == "did not converge"
    assert printed_note("13 of 100 all allocations") == "13 of 100 all allocations"


def test_the_strategies_of_imputed_values_are_read_as_they_were_written() -> None:
    note = imputed_note({"missing-at-random": 1, "jump-to-reference": 3})
    assert note == "jump-to-reference: 3; missing-at-random: 1"
    assert strategies_imputed(note) == ("jump-to-reference", "missing-at-random")
    assert strategies_imputed(imputed_note({})) == ()
