"""The hypotheses of type II and III, written out by hand."""

import numpy as np
import pytest

from trialkit.analysis.repeated.design import ModelTerm
from trialkit.analysis.repeated.terms import term_contrasts
from trialkit.protocol.methods.repeated import TermTestType

INTERCEPT = ModelTerm(name="(Intercept)", factors=("(Intercept)",), sizes=(0,), columns=(0,))
BASE = ModelTerm(name="base", factors=("base",), sizes=(0,), columns=(1,))
ARM = ModelTerm(name="arm", factors=("arm",), sizes=(3,), columns=(2, 3))
VISIT = ModelTerm(name="visit", factors=("visit",), sizes=(2,), columns=(4,))
# arm[2]:visit[2] and arm[3]:visit[2], then base:visit[2]
BOTH = ModelTerm(name="arm:visit", factors=("arm", "visit"), sizes=(3, 2), columns=(5, 6))
SLOPE = ModelTerm(name="base:visit", factors=("base", "visit"), sizes=(0, 2), columns=(7,))
TERMS = (INTERCEPT, BASE, ARM, VISIT, BOTH, SLOPE)


def rows(n=40):
    rng = np.random.default_rng(7)
    arm, visit, base = rng.integers(0, 3, n), rng.integers(0, 2, n), rng.normal(size=n)
    second, third, late = arm == 1, arm == 2, visit == 1
    return np.column_stack(
        [
            np.ones(n),
            base,
            second,
            third,
            late,
            second & late,
            third & late,
            base * late,
        ]
    ).astype(float)


def same_space(found, expected):
    np.testing.assert_allclose(
        np.linalg.pinv(found) @ found, np.linalg.pinv(expected) @ expected, atol=1e-9
    )


def test_type_iii_tests_an_arm_at_the_average_of_the_visits():
    found = term_contrasts(ARM, TERMS, rows(), TermTestType.TYPE_III)
    # the mean of the deviations of the first two arms from the mean of three arms
    half = 0.5
    effects = np.array([[0, 0, 1, 0, 0, half, 0, 0], [0, 0, 0, 1, 0, 0, half, 0]])
    deviations = np.array([[-1 / 3, -1 / 3], [2 / 3, -1 / 3]])
    np.testing.assert_allclose(found, deviations @ effects, atol=1e-12)


def test_type_iii_tests_a_visit_at_the_average_of_the_arms_and_the_number_at_zero():
    found = term_contrasts(VISIT, TERMS, rows(), TermTestType.TYPE_III)
    third = 1 / 3
    same_space(found, np.array([[0, 0, 0, 0, 1, third, third, 0]]))


def test_type_iii_tests_a_slope_at_the_average_of_the_visits():
    found = term_contrasts(BASE, TERMS, rows(), TermTestType.TYPE_III)
    np.testing.assert_allclose(found, [[0, 1, 0, 0, 0, 0, 0, 0.5]])


@pytest.mark.parametrize("kind", list(TermTestType))
def test_what_nothing_contains_is_tested_by_its_own_columns(kind):
    found = term_contrasts(BOTH, TERMS, rows(), kind)
    assert np.linalg.matrix_rank(found) == 2
    same_space(found, np.eye(8)[[5, 6]])
    np.testing.assert_allclose(
        term_contrasts(SLOPE, TERMS, rows(), TermTestType.TYPE_II), np.eye(8)[[7]]
    )


@pytest.mark.parametrize(("term", "columns"), [(ARM, [2, 3]), (VISIT, [4]), (BASE, [1])])
def test_type_ii_is_the_comparison_of_models_without_what_contains_the_term(term, columns):
    """F of the hypothesis in the full model, in its numerator, is the fall of the sum of squares."""
    x = rows()
    y = np.random.default_rng(8).normal(size=len(x))
    found = term_contrasts(term, TERMS, x, TermTestType.TYPE_II)
    np.testing.assert_allclose(found[:, columns], np.eye(len(columns)))
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    tested = found @ beta
    middle = found @ np.linalg.inv(x.T @ x) @ found.T
    # terms that contain it: a further category, never a number
    containing = {"arm": [5, 6], "visit": [5, 6], "base": [7]}[term.name]
    without = np.delete(x, containing, axis=1)
    kept = [c for c in range(8) if c not in containing]
    null = np.delete(without, [kept.index(c) for c in columns], axis=1)

    def left(design):
        return y - design @ np.linalg.lstsq(design, y, rcond=None)[0]

    fall = (left(null) ** 2).sum() - (left(without) ** 2).sum()
    assert tested @ np.linalg.solve(middle, tested) == pytest.approx(fall)
