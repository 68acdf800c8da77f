"""Rank tests as t tests of as many as the test is worth, against R and Lehmann's efficiencies."""

from math import pi, sqrt

import pytest
from scipy.stats import nct, t

from tests.design.size_reference import R, values_of
from trialkit.design.sample_size.ranks import MannWhitney, SignedRank, relative_efficiency
from trialkit.design.sample_size.t_tests import TwoSampleT
from trialkit.protocol.sizing.design import ParentDistribution

EFFICIENCIES = {
    "normal": 0.9549296585,
    "uniform": 1.0,
    "logistic": 1.0966227112,
    "laplace": 1.5,
    "worst": 108 / 125,
}
"""Lehmann 1975, chapter 2: 3/π, 1, π²/9, 3/2 and Hodges and Lehmann's bound."""


def test_ranks_are_t_over_the_efficiency() -> None:
    size = MannWhitney(difference=0.5).solve_n(0.8)
    assert size.n_unrounded == pytest.approx(2 * R["mann_whitney"], rel=1e-10)
    assert size.n_by_arm == (67, 67)
    assert SignedRank(difference=0.5).solve_n(0.8).n_unrounded == pytest.approx(
        R["signed_rank"], rel=1e-10
    )
    uniform = MannWhitney(difference=0.5, parent="uniform")
    assert uniform.power(128) == pytest.approx(TwoSampleT(difference=0.5).power(128), abs=1e-12)
    logistic = MannWhitney(difference=0.5, parent="logistic").solve_n(0.8)
    assert logistic.n_unrounded == pytest.approx(2 * R["mann_whitney"] * (3 / pi) * 9 / pi**2)


@pytest.mark.parametrize("parent", ParentDistribution)
def test_the_efficiency_is_lehmanns_and_is_what_the_power_rests_on(
    parent: ParentDistribution,
) -> None:
    worth = EFFICIENCIES[parent.value]
    assert relative_efficiency(parent) == pytest.approx(worth, abs=1e-10)

    arms = MannWhitney(difference=-3, sd=5, parent=parent, alpha=0.02)
    df, shift = 50 * worth - 2, 3 / (5 * sqrt(1 / (20 * worth) + 1 / (30 * worth)))
    limit = t.isf(0.01, df)
    both = nct.sf(limit, df, shift) + nct.cdf(-limit, df, shift)
    assert arms.power((20, 30)) == pytest.approx(both, abs=1e-9)
    named = [("relative_efficiency", pytest.approx(worth))]
    assert values_of(arms.quantities((20, 30))) == named

    pairs = SignedRank(difference=3, sd=5, correlation=0.68, parent=parent, sides=1)
    df, shift = 25 * worth - 1, 3 * sqrt(25 * worth) / (5 * sqrt(2 * 0.32))
    expected = nct.sf(t.isf(0.05, df), df, shift)
    assert pairs.power(25) == pytest.approx(expected, abs=1e-9)
    assert values_of(pairs.quantities((25,))) == named


def test_a_rank_test_needs_degrees_of_freedom() -> None:
    arms, pairs = MannWhitney(difference=1), SignedRank(difference=1)
    sizes = [(1, 3), (3, 1), (1, 2.9), (0.9, 9), (9, 0.9)]
    assert [arms.possible(each) for each in sizes] == [True, True, False, False, False]
    assert [pairs.possible((n,)) for n in (2.9, 3)] == [False, True]


def test_the_detectable_shift_is_the_one_assumed() -> None:
    trial = SignedRank(difference=-0.5)
    assert trial.detectable(40, trial.power(40)) == pytest.approx(-0.5, rel=1e-6)


def test_question_and_note_say_what_the_power_is_of() -> None:
    arms = MannWhitney(difference=4, sd=9, parent="logistic", alpha=0.01)
    assert arms.question() == (
        "to detect a shift of 4 with an SD of 9 by a two-sided Mann–Whitney test (logistic "
        "distribution) at the level 0.01"
    )
    pairs = SignedRank(difference=4, sd=9, correlation=0.3, sides=1)
    assert pairs.question() == (
        "to detect a shift of 4 with an SD of 9 and a correlation of 0.3 by a one-sided Wilcoxon "
        "signed-rank test (normal distribution) at the level 0.05"
    )
    told = ("the power is that of t with the size times the asymptotic relative efficiency",)
    assert arms.notes() == pairs.notes() == told
