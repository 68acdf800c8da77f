"""MMRM sizes against longpower, and what must hold for any dropout."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from tests.conftest import examples
from tests.design.size_reference import PUBLISHED, values_of
from trialkit.design.sample_size.mmrm import Mmrm, correlation_matrix, last_visit_variance
from trialkit.errors import DesignError, ProtocolError

EXPECTED = PUBLISHED["mmrm"]
LEFT = (1.0, 0.9, 0.8, 0.7)


def test_the_example_of_longpower() -> None:
    trial = Mmrm(difference=0.5, correlation=0.25, retention=LEFT)
    size = trial.solve_n(0.8)
    assert f"{size.n_unrounded / 2:.7f}" == str(EXPECTED["compound_symmetry"])
    assert size.n == 174
    assert f"{size.power:.9f}" == str(EXPECTED["power_at_174"])


def test_a_ratio_of_two() -> None:
    size = Mmrm(difference=0.5, correlation=0.25, retention=LEFT, allocation=(2, 1)).solve_n(0.8)
    assert [f"{each:.6f}" for each in size.unrounded_by_arm] == [
        f"{each:.6f}" for each in EXPECTED["ratio_2"]
    ]


def test_autoregressive_visits() -> None:
    trial = Mmrm(difference=0.5, correlation=0.7, pattern="ar1", retention=(1, 0.9, 0.85, 0.8))
    size = trial.solve_n(0.8)
    assert f"{size.n_unrounded / 2:.7f}" == str(EXPECTED["ar1"])
    assert size.quantities[0].value == pytest.approx(EXPECTED["phi_ar1"], abs=5.1e-9)


def test_a_matrix_says_the_same_as_its_pattern() -> None:
    rows = tuple(tuple(0.7 ** abs(i - j) for j in range(4)) for i in range(4))
    by_matrix = Mmrm(difference=0.5, correlations=rows, retention=LEFT)
    by_pattern = Mmrm(difference=0.5, correlation=0.7, pattern="ar1", retention=LEFT)
    assert by_matrix.power(150) == pytest.approx(by_pattern.power(150), abs=1e-12)


@settings(deadline=None, max_examples=examples(25))
@given(last=st.floats(0.3, 1.0), rho=st.floats(0.0, 0.9))
def test_the_variance_lies_between_nothing_lost_and_only_completers(
    last: float, rho: float
) -> None:
    trial = Mmrm(difference=0.5, correlation=rho, retention=(1.0, last))
    phi, _ = trial.variance_factors()
    assert 1 - 1e-9 <= phi <= 1 / last + 1e-9
    assert phi == pytest.approx(1 / last - rho**2 * (1 / last - 1))


def test_dropout_is_asked_for_by_visit() -> None:
    with pytest.raises(DesignError, match="retention"):
        Mmrm(difference=0.5, correlation=0.25, retention=LEFT).solve_n(0.8, dropout=0.1)


def test_the_arms_may_lose_differently() -> None:
    same = Mmrm(difference=0.5, correlation=0.25, retention=LEFT)
    worse = Mmrm(
        difference=0.5, correlation=0.25, retention=LEFT, retention_experimental=(1, 0.8, 0.6, 0.5)
    )
    assert worse.power(174) < same.power(174)


@pytest.mark.parametrize(
    "wrong",
    [
        {"retention": ()},
        {"retention": (0.9, 1.0)},
        {"retention": (1.0, 0.0)},
        {"retention": LEFT, "correlation": None},
        {"retention": LEFT, "correlation": -0.4},
        {"retention": LEFT, "correlations": ((1.0,),)},
        {"retention": LEFT, "retention_experimental": (1.0, 0.9)},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict) -> None:
    with pytest.raises(ProtocolError):
        Mmrm(**{"difference": 0.5, "correlation": 0.25} | wrong)


def test_correlations_that_nothing_has_are_refused() -> None:
    rows = ((1.0, 0.9, -0.9), (0.9, 1.0, 0.9), (-0.9, 0.9, 1.0))
    trial = Mmrm(difference=0.5, correlations=rows, retention=(1.0, 0.9, 0.8))
    with pytest.raises(DesignError, match="positive definite"):
        trial.power(100)


def test_the_correlations_of_each_pattern() -> None:
    asked = {"difference": 1, "correlation": 0.5, "retention": (1, 0.9, 0.8)}
    same = correlation_matrix(Mmrm(**asked))
    assert same.tolist() == [[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]]
    fading = correlation_matrix(Mmrm(**asked, pattern="ar1"))
    assert fading.tolist() == [[1, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 1]]


@pytest.mark.parametrize("rows", [((1.0, 0.5), (0.4, 1.0)), ((2.0, 0.5), (0.5, 1.0))])
def test_correlations_are_symmetric_with_ones_on_the_diagonal(rows: tuple) -> None:
    trial = Mmrm(difference=0.5, correlations=rows, retention=(1.0, 0.9))
    with pytest.raises(DesignError, match="symmetric matrix with ones on its diagonal"):
        correlation_matrix(trial)


def test_the_variance_at_the_last_visit_of_two_by_hand() -> None:
    """Who leaves after the first visit tells what the correlation tells: 1/0.8 - 0.36 (1/0.8 - 1)."""
    rows = np.array([[1, 0.6], [0.6, 1]])
    assert last_visit_variance(rows, (1.0, 0.8)) == pytest.approx(1.25 - 0.36 * 0.25)
    # of those who came to the first visit alone 0.9 did: the scale is that of the randomised
    assert last_visit_variance(rows, (0.9, 0.72)) == pytest.approx((1.25 - 0.36 * 0.25) / 0.9)


def test_each_arm_has_its_own_retention_and_size_in_the_power() -> None:
    trial = Mmrm(
        difference=-4,
        sd=10,
        correlation=0.6,
        retention=(1, 0.8),
        retention_experimental=(1, 0.5),
        alpha=0.1,
        sides=1,
    )
    reference, experimental = 1.25 - 0.36 * 0.25, 2 - 0.36
    assert values_of(trial.quantities((60, 90))) == [
        ("phi_reference", pytest.approx(reference)),
        ("phi_experimental", pytest.approx(experimental)),
    ]
    shift = 4 / (10 * sqrt(reference / 60 + experimental / 90))
    assert trial.power((60, 90)) == pytest.approx(norm.cdf(shift - norm.isf(0.1)), abs=1e-12)


def test_somebody_of_each_arm_stays_to_the_last_visit_and_three_in_all() -> None:
    trial = Mmrm(
        difference=1, correlation=0.5, retention=(1, 0.5), retention_experimental=(1, 0.25)
    )
    sizes = [(2, 8), (4, 4), (1.9, 80), (80, 3.9), (2, 7.9)]
    assert [trial.possible(each) for each in sizes] == [True, True, False, False, False]
    even = Mmrm(difference=1, correlation=0.5, retention=(1, 0.5))
    assert [even.possible(each) for each in ((2, 4), (2, 3))] == [True, False]


def test_the_question_names_pattern_and_retention_of_both_arms() -> None:
    one = Mmrm(difference=0.5, correlation=0.7, pattern="ar1", retention=(1.0, 0.9, 0.85))
    assert one.question() == (
        "to detect a difference of 0.5 at the last of 3 visits with an SD of 1, correlations of "
        "ar1 with 0.7 and a retention of 1, 0.9, 0.85 by a two-sided mixed model for repeated "
        "measures at the level 0.05"
    )
    rows = ((1.0, 0.5), (0.5, 1.0))
    two = Mmrm(
        difference=0.5, correlations=rows, retention=(1, 0.9), retention_experimental=(1, 0.7)
    )
    assert "the correlations stated and a retention of 1, 0.9 (experimental arm 1, 0.7) by" in (
        two.question()
    )
    assert one.notes()[0].startswith("the formula is by the normal distribution")
