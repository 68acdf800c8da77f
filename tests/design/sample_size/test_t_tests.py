"""Student's t against R, and what must hold between the three questions."""

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nct, t

from tests.conftest import examples
from tests.design.size_reference import R, values_of
from trialkit.design.sample_size.t_tests import (
    PairedT,
    TwoSampleT,
    pairs_shown,
    sd_of_differences,
    sides_shown,
)

T = R["two_sample_t"]


def test_the_size_of_two_arms_is_that_of_power_t_test() -> None:
    size = TwoSampleT(difference=0.5).solve_n(0.8)
    assert size.n_unrounded == pytest.approx(2 * T["strict"], rel=1e-10)
    assert size.n_unrounded == pytest.approx(2 * T["pwr"], rel=1e-7)
    assert f"{size.n_unrounded / 2:.5f}" == "63.76561"
    assert size.n_by_arm == (64, 64)


def test_the_direction_alone_is_the_convention_of_power_t_test_and_rpact() -> None:
    size = TwoSampleT(difference=0.5, alpha=0.025, sides=1).solve_n(0.8)
    assert size.n_unrounded == pytest.approx(2 * T["lower_tail"], rel=1e-10)
    assert f"{size.n_unrounded / 2:.5f}" == "63.76576"


@pytest.mark.parametrize(
    ("allocation", "power", "expected"),
    [((1, 1), 0.8, "rpact_80"), ((1, 1), 0.9, "rpact_90"), ((1, 2), 0.8, "rpact_2_to_1")],
)
def test_sizes_are_those_of_rpact(allocation: tuple[int, int], power: float, expected: str) -> None:
    trial = TwoSampleT(difference=10, sd=24, alpha=0.025, sides=1, allocation=allocation)
    assert trial.solve_n(power).n_unrounded == pytest.approx(T[expected], rel=2e-7)


@pytest.mark.parametrize(
    ("allocation", "power", "expected"),
    [((1, 1), 0.9, "direction_90"), ((1, 2), 0.8, "direction_2_to_1")],
)
def test_sizes_are_those_of_the_noncentral_t_of_r(
    allocation: tuple[int, int], power: float, expected: str
) -> None:
    trial = TwoSampleT(difference=10, sd=24, alpha=0.025, sides=1, allocation=allocation)
    assert trial.solve_n(power).n_unrounded == pytest.approx(T[expected], rel=1e-11)


def test_two_to_one_keeps_its_ratio() -> None:
    trial = TwoSampleT(difference=10, sd=24, alpha=0.025, sides=1, allocation=(1, 2))
    size = trial.solve_n(0.8)
    assert [f"{each:.2f}" for each in size.unrounded_by_arm] == ["68.46", "136.92"]
    assert size.n_by_arm == (69, 138)


def test_power_of_unequal_arms_is_that_of_pwr() -> None:
    power = TwoSampleT(difference=0.5).power((28, 35))
    assert power == pytest.approx(T["unequal_power"], abs=1e-12)
    assert TwoSampleT(difference=-0.5).power((35, 28)) == pytest.approx(power, abs=1e-12)


def test_one_sided_power_is_that_of_power_t_test() -> None:
    power = TwoSampleT(difference=0.5, sides=1).power(60)
    assert power == pytest.approx(T["one_sided_power"], abs=1e-10)


def test_the_size_of_pairs_is_that_of_power_t_test() -> None:
    size = PairedT(difference=0.5).solve_n(0.8)
    assert size.n_unrounded == pytest.approx(R["paired_t"], rel=1e-10)
    assert size.n == 34


def test_a_correlation_gives_the_sd_of_the_differences() -> None:
    by_correlation = PairedT(difference=3, sd=10, correlation=0.7)
    by_sd = PairedT(difference=3, sd=10 * sqrt(0.6))
    assert by_correlation.power(40) == pytest.approx(by_sd.power(40), abs=1e-12)


@settings(deadline=None, max_examples=examples(25))
@given(
    effect=st.floats(0.2, 3.0),
    power=st.floats(0.5, 0.99),
    allocation=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    sides=st.sampled_from([1, 2]),
)
def test_size_power_and_effect_answer_each_other(
    effect: float, power: float, allocation: tuple[int, int], sides: int
) -> None:
    trial = TwoSampleT(difference=effect, allocation=allocation, sides=sides)
    size = trial.solve_n(power)
    assert size.power >= power
    blocks = size.n_by_arm[0] / trial.shares[0]
    assert size.n_by_arm == tuple(blocks * share for share in trial.shares)
    fewer = tuple(int((blocks - 1) * share) for share in trial.shares)
    if trial.possible(fewer):
        assert trial.power(fewer) < power
    assert trial.detectable(size.n_by_arm, size.power) == pytest.approx(effect, rel=1e-6)


def test_arms_and_pairs_go_through_the_noncentral_t() -> None:
    arms, pairs = TwoSampleT(difference=-3, sd=5, alpha=0.02), PairedT(difference=3, sd=5, sides=1)
    shift = 3 / (5 * sqrt(1 / 12 + 1 / 20))
    limit = t.isf(0.01, 30)
    both = nct.sf(limit, 30, shift) + nct.cdf(-limit, 30, shift)
    assert arms.power((12, 20)) == pytest.approx(both, abs=1e-10)
    assert values_of(arms.quantities((12, 20))) == [
        ("noncentrality", pytest.approx(-shift)),
        ("critical_t", pytest.approx(limit)),
        ("df", 30),
    ]
    limit = t.isf(0.05, 15)
    assert pairs.power(16) == pytest.approx(nct.sf(limit, 15, 3 * 4 / 5), abs=1e-10)
    assert values_of(pairs.quantities((16,))) == [
        ("sd_of_differences", 5),
        ("noncentrality", pytest.approx(2.4)),
        ("critical_t", pytest.approx(limit)),
        ("df", 15),
    ]


def test_the_fewest_with_which_a_t_test_exists() -> None:
    arms, pairs = TwoSampleT(difference=1), PairedT(difference=1)
    sizes = [(1, 2), (2, 1), (1, 1), (0.9, 9), (9, 0.9)]
    assert [arms.possible(each) for each in sizes] == [True, True, False, False, False]
    assert [pairs.possible((n,)) for n in (1.9, 2)] == [False, True]


def test_the_sd_of_differences_is_given_or_follows_from_the_correlation() -> None:
    assert sd_of_differences(5, None) == 5
    assert sd_of_differences(5, 0.68) == pytest.approx(4)
    assert sd_of_differences(5, -0.28) == pytest.approx(8)
    assert pairs_shown(5, None) == "an SD of the differences of 5"
    assert pairs_shown(5, 0.68) == "an SD of 5 and a correlation of 0.68"
    assert [sides_shown(each) for each in (1, 2)] == ["one-sided", "two-sided"]


def test_the_questions_name_every_assumption() -> None:
    assert TwoSampleT(difference=-3, sd=5, alpha=0.02, sides=1).question() == (
        "to detect a difference in means of −3 with an SD of 5 by a one-sided two-sample t test "
        "at the level 0.02"
    )
    assert PairedT(difference=2.5, sd=5, correlation=0.4).question() == (
        "to detect a mean difference of 2.5 with an SD of 5 and a correlation of 0.4 by a "
        "two-sided paired t test at the level 0.05"
    )
