"""Fixed sizes inflated for their looks, against rpact and its slides."""

from math import inf, sqrt

import pytest
from scipy.stats import norm

from tests.design.size_reference import LOOKS, R
from trialkit.design.sample_size import EquivalenceMeans, LogRank, OneWayAnova, TwoSampleT
from trialkit.design.sequential.boundaries import boundaries
from trialkit.design.sequential.designs import GroupSequentialDesign, equal_looks
from trialkit.design.sequential.sizes import sequential_size
from trialkit.design.sequential.spending import FutilityBounds, OBrienFleming
from trialkit.errors import DesignError

SIZES = LOOKS["sizes"]


def direction(difference: float, sd: float, allocation: tuple[int, int]) -> TwoSampleT:
    """rpact's convention: the effect's own direction, half of alpha."""
    return TwoSampleT(difference=difference, sd=sd, alpha=0.025, sides=1, allocation=allocation)


@pytest.mark.parametrize(
    ("name", "design", "fixed", "whole"),
    [
        (
            "futility_2_to_1",
            GroupSequentialDesign(
                times=(0.3, 0.6, 1), futility=FutilityBounds(z=(0, -inf)), power=0.8
            ),
            direction(10, 24, (1, 2)),
            (69, 135, 222),
        ),
        (
            "futility_0_0",
            GroupSequentialDesign(
                times=equal_looks(3), futility=FutilityBounds(z=(0, 0)), power=0.8
            ),
            direction(2, 5, (1, 1)),
            (70, 140, 210),
        ),
    ],
)
def test_sizes_are_those_of_rpact(
    name: str, design: GroupSequentialDesign, fixed: TwoSampleT, whole: tuple[int, ...]
) -> None:
    bounds = boundaries(design)
    found = sequential_size(bounds, fixed.solve_n(0.8))
    assert found.n_unrounded == pytest.approx(SIZES[name]["n"], rel=2e-7)
    assert found.expected_alternative == pytest.approx(SIZES[name]["expected"], rel=2e-7)
    assert bounds.stopping().upper == pytest.approx(SIZES[name]["reject"], abs=1e-8)
    # rpact's sizes, each rounded up to whole blocks of the allocation
    assert found.n == whole
    assert found.title.startswith(f"at most {whole[-1]} participants, ")


def test_the_two_sided_design_is_that_of_rpact() -> None:
    """rpact inflates the size of the effect's direction; the exact two-sided one differs by 4e-4."""
    design = GroupSequentialDesign(
        times=equal_looks(3), efficacy=OBrienFleming(), alpha=0.05, sides=2, power=0.8
    )
    bounds, expected = boundaries(design), SIZES["two_sided_of"]
    most = R["two_sample_t"]["rpact_80"] * bounds.inflation
    assert most == pytest.approx(expected["n"][-1], rel=1e-8)
    assert most * bounds.expected_information() == pytest.approx(expected["expected"], rel=1e-8)
    assert bounds.stopping().upper == pytest.approx(expected["reject"], abs=1e-9)
    found = sequential_size(bounds, TwoSampleT(difference=10, sd=24).solve_n(0.8))
    assert found.n_unrounded[-1] == pytest.approx(expected["n"][-1], abs=1e-3)
    assert found.n == (62, 124, 186)


def test_events_are_inflated_too() -> None:
    bounds = boundaries(GroupSequentialDesign(times=equal_looks(2), power=0.8))
    found = sequential_size(bounds, LogRank(hazard_ratio=0.7).solve_n(0.8))
    assert found.n[-1] >= 247
    assert "events" in found.title
    assert list(found.to_frame()["look"]) == [1, 2]
    assert found.expected_null <= found.n_unrounded[-1]
    assert found.expected_alternative < found.expected_half


def test_another_level_or_power_than_the_designs_is_refused() -> None:
    bounds = boundaries(GroupSequentialDesign(times=equal_looks(2), power=0.8))
    for fixed in (
        TwoSampleT(difference=0.5).solve_n(0.9),
        TwoSampleT(difference=0.5, alpha=0.025).solve_n(0.8),
    ):
        with pytest.raises(DesignError, match="the design alpha"):
            sequential_size(bounds, fixed)
    with pytest.raises(DesignError, match="solve_n"):
        sequential_size(bounds, TwoSampleT(difference=0.5).evaluate(100))
    with pytest.raises(DesignError, match="one difference"):
        sequential_size(bounds, OneWayAnova(f=0.25, groups=3).solve_n(0.8))
    with pytest.raises(DesignError, match="one difference"):
        sequential_size(bounds, EquivalenceMeans(margin=1).solve_n(0.8))


def test_a_mismatch_is_told_with_both_levels_and_powers() -> None:
    bounds = boundaries(GroupSequentialDesign(times=equal_looks(2), power=0.8))
    with pytest.raises(DesignError) as error:
        sequential_size(bounds, TwoSampleT(difference=0.5, alpha=0.1).solve_n(0.9))
    assert str(error.value) == (
        "the fixed size has alpha 0.1 (2-sided) and power 0.9, the design alpha 0.025 (1-sided) "
        "and power 0.8"
    )


def test_expected_sizes_are_those_of_two_looks_by_the_normal_distribution() -> None:
    """A look at 0.4: who stops there has 0.4 of the most, everybody else all of it."""
    bounds = boundaries(
        GroupSequentialDesign(times=(0.4, 1), futility=FutilityBounds(z=(0.3,)), power=0.8)
    )
    found = sequential_size(bounds, direction(2, 5, (1, 1)).solve_n(0.8))
    most = found.n_unrounded[-1]
    expected = []
    for drift in (bounds.drift, bounds.drift / 2, 0.0):
        shift = drift * sqrt(0.4)
        stops = norm.sf(bounds.upper[0] - shift) + norm.cdf(0.3 - shift)
        expected.append(most * (1 - 0.6 * stops))
    assert [
        found.expected_alternative,
        found.expected_half,
        found.expected_null,
    ] == pytest.approx(expected, rel=1e-9)
    assert found.title.endswith(f", {expected[0]:.4g} expected")
    frame = found.to_frame()
    assert frame.columns.tolist() == ["look", "time", "n_unrounded", "n", "upper_z", "lower_z"]
    assert frame["n"].tolist() == list(found.n)
    assert frame["n_unrounded"].tolist() == pytest.approx([0.4 * most, most])
    assert frame["upper_z"].tolist() == list(bounds.upper)
    assert frame["lower_z"].tolist()[0] == 0.3
