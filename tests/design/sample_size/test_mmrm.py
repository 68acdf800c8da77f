"""MMRM sizes against longpower, and what must hold for any dropout."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.design.size_reference import PUBLISHED
from trialkit.design.sample_size import Mmrm
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


@settings(deadline=None, max_examples=25)
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
