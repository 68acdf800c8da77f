"""Epsilons and Mauchly's test at their limits (their values are tested with the mixed ANOVA)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.anova.sphericity import greenhouse_geisser, huynh_feldt, sphericity_of


@pytest.mark.parametrize("contrasts", [1, 2, 5])
def test_a_spherical_error_has_epsilon_one(contrasts: int) -> None:
    found = sphericity_of(3.0 * np.eye(contrasts), df=20, within="visit")
    assert found.epsilon_gg == pytest.approx(1)
    assert found.epsilon_hf >= 1 - 1e-12
    if contrasts > 1:
        assert found.mauchly_w == pytest.approx(1)
        assert found.mauchly_p_value == pytest.approx(1)


def test_an_error_of_one_dimension_has_the_lower_bound_and_no_mauchly() -> None:
    found = sphericity_of(np.diag([1.0, 0.0, 0.0]), df=20, within="visit")
    assert found.epsilon_gg == pytest.approx(found.epsilon_lower_bound)
    assert found.mauchly_w is found.mauchly_statistic is found.mauchly_p_value is None
    assert "follows from the others" in found.note


@pytest.mark.parametrize("scale", [1e-120, 1e-24, 1e24, 1e120])
def test_the_unit_does_not_matter(scale: float) -> None:
    error = np.array([[3.0, 1.0, 0.5], [1.0, 2.0, 0.2], [0.5, 0.2, 1.0]])
    here, there = (sphericity_of(each * error, df=20, within="visit") for each in (1.0, scale))
    assert there.mauchly_w == pytest.approx(here.mauchly_w)
    assert there.mauchly_p_value == pytest.approx(here.mauchly_p_value)
    assert there.epsilon_hf == pytest.approx(here.epsilon_hf)


@settings(max_examples=examples(50), deadline=None)
@given(st.integers(2, 6), st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_epsilons_lie_where_they_can(contrasts: int, df: int, seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(df, contrasts))
    found = sphericity_of(scores.T @ scores, df=df, within="visit")
    assert 1 / contrasts - 1e-9 <= found.epsilon_gg <= 1 + 1e-9
    assert found.epsilon_hf >= found.epsilon_gg - 1e-9
    if df < contrasts:
        assert found.mauchly_w is None
        assert "too few subjects for Mauchly" in found.note
    else:
        assert 0 <= found.mauchly_p_value <= 1


def test_where_huynh_feldt_does_not_exist_it_is_greenhouse_geisser_and_says_so() -> None:
    scores = np.random.default_rng(1).normal(size=(2, 5))
    found = sphericity_of(scores.T @ scores, df=1, within="visit")
    assert found.epsilon_hf == found.epsilon_gg
    assert "Greenhouse–Geisser's is used" in found.note
    assert huynh_feldt(np.array(1.0), contrasts=1, df=1) == 1


def test_many_matrices_are_done_at_once() -> None:
    errors = np.stack([np.eye(3), np.diag([1.0, 2.0, 3.0])])
    np.testing.assert_allclose(greenhouse_geisser(errors), [1, 36 / (3 * 14)])
