"""Two proportions: approximations against R, exact power against R's own tests, table by table."""

from math import asin, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, norm

from tests.conftest import examples
from tests.design.size_reference import R, values_of
from trialkit.analysis.proportions.event_counts import ArmCount
from trialkit.analysis.proportions.proportion_tests import proportion_test
from trialkit.design.sample_size.enumeration import (
    Tables,
    chi_square_power,
    exact_power,
    fisher_rejects,
    likely_tables,
)
from trialkit.design.sample_size.proportions import TwoProportions, cohen_h
from trialkit.design.sample_size.situation import EffectRange
from trialkit.errors import DesignError, ProtocolError

P = R["two_proportions"]


def trial(test: str, **more: object) -> TwoProportions:
    return TwoProportions(risk_reference=0.25, risk_experimental=0.4, test=test, **more)


def chi_square_rejects(tables: Tables, *, alpha: float) -> np.ndarray:
    """Whether Pearson's χ² without correction rejects each table: the square of the z of two shares."""
    n0, n1 = tables.n_reference, tables.n_experimental
    share = (tables.events_reference + tables.events_experimental) / (n0 + n1)
    variance = share * (1 - share) * (1 / n0 + 1 / n1)
    difference = tables.events_experimental / n1 - tables.events_reference / n0
    z = np.where(variance > 0, difference / np.sqrt(np.where(variance > 0, variance, 1)), 0)
    return z**2 >= chi2.isf(alpha, 1)


def test_approximations_are_those_of_pwr_and_power_prop_test_and_rpact() -> None:
    assert trial("arcsine").solve_n(0.8).n_unrounded == pytest.approx(2 * P["arcsine"], rel=2e-7)
    normal = trial("normal").solve_n(0.8)
    assert normal.n_unrounded == pytest.approx(2 * P["normal"], rel=1e-9)
    assert normal.n_unrounded == pytest.approx(P["rpact"], rel=1e-9)
    two_to_one = trial("normal", allocation=(1, 2)).solve_n(0.8)
    assert two_to_one.n_unrounded == pytest.approx(P["rpact_2_to_1"], rel=1e-9)


@pytest.mark.parametrize("test", ["chi_square", "fisher_exact"])
def test_exact_power_is_that_of_all_tables_in_r(test: str) -> None:
    found = TwoProportions(risk_reference=0.3, risk_experimental=0.7, test=test).power((20, 25))
    assert found == pytest.approx(P[f"{test.removesuffix('_exact')}_exact_20_25"], abs=1e-11)


@settings(deadline=None, max_examples=examples(6))
@given(n0=st.integers(2, 13), n1=st.integers(2, 13))
def test_tables_are_rejected_as_the_analysis_rejects_them(n0: int, n1: int) -> None:
    tables = likely_tables((n0, n1), (0.4, 0.5))
    chi, fisher = chi_square_rejects(tables, alpha=0.05), fisher_rejects(tables, alpha=0.05)
    for row, x0 in enumerate(tables.events_reference[:, 0]):
        for column, x1 in enumerate(tables.events_experimental[0]):
            reference = ArmCount(arm="C", events=int(x0), n=n0)
            experimental = ArmCount(arm="E", events=int(x1), n=n1)
            for name, found in (("chi_square", chi), ("fisher_exact", fisher)):
                p = proportion_test(experimental, reference, test=name).p_value
                assert found[row, column] == (p <= 0.05)


@settings(deadline=None, max_examples=examples(40))
@given(
    sizes=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    risks=st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99)),
    alpha=st.sampled_from([0.001, 0.05, 0.3]),
)
def test_the_borders_of_chi_square_say_what_all_tables_say(
    sizes: tuple[int, int], risks: tuple[float, float], alpha: float
) -> None:
    counted = exact_power(
        sizes, risks=risks, rejects=lambda tables: chi_square_rejects(tables, alpha=alpha)
    )
    assert chi_square_power(sizes, risks=risks, alpha=alpha) == pytest.approx(counted, abs=1e-11)


@pytest.mark.parametrize("test", ["chi_square", "fisher_exact"])
def test_an_exact_size_keeps_its_power(test: str) -> None:
    question = TwoProportions(risk_reference=0.1, risk_experimental=0.4, test=test)
    size = question.solve_n(0.8)
    arm = size.n_by_arm[0]
    assert all(question.power((n, n)) >= 0.8 for n in range(arm, arm + 10))
    assert question.power((arm - 1, arm - 1)) < 0.8


def test_fishers_test_needs_more_than_chi_square() -> None:
    assert trial("fisher_exact").solve_n(0.8).n > trial("chi_square").solve_n(0.8).n


def test_the_detectable_risk_has_the_power() -> None:
    lower = TwoProportions(risk_reference=0.4, risk_experimental=0.3)
    risk = lower.detectable(200, 0.8)
    assert risk < 0.4
    assert lower.with_assumption("risk_experimental", risk).power(200) == pytest.approx(0.8)


def test_exact_power_is_for_whole_arms() -> None:
    with pytest.raises(DesignError, match="whole"):
        trial("chi_square").power(101)


@pytest.mark.parametrize(
    "wrong",
    [
        {"risk_reference": 0.0},
        {"risk_experimental": 1.0},
        {"risk_experimental": 0.25},
        {"test": "fisher_exact", "sides": 1},
    ],
)
def test_what_cannot_be_is_refused(wrong: dict) -> None:
    with pytest.raises(ProtocolError):
        TwoProportions(**{"risk_reference": 0.25, "risk_experimental": 0.4} | wrong)


@pytest.mark.parametrize("sides", [1, 2])
def test_the_approximations_by_hand(sides: int) -> None:
    """Risks of 0.5 and 0.3 in 40 and 60: 0.38 together."""
    asked = {"risk_reference": 0.5, "risk_experimental": 0.3, "alpha": 0.1, "sides": sides}
    limit = norm.isf(0.1 / sides)
    under = sqrt(0.38 * 0.62 * (1 / 40 + 1 / 60))
    actual = sqrt(0.25 / 40 + 0.21 / 60)
    expected = norm.cdf((0.2 - limit * under) / actual)
    assert TwoProportions(**asked, test="normal").power((40, 60)) == pytest.approx(expected)
    h = 2 * asin(sqrt(0.3)) - 2 * asin(sqrt(0.5))
    shift = abs(h) * sqrt(40 * 60 / 100)
    expected = norm.cdf(shift - limit) + (norm.cdf(-shift - limit) if sides == 2 else 0)
    by_arcsine = TwoProportions(**asked, test="arcsine")
    assert by_arcsine.power((40, 60)) == pytest.approx(expected)
    assert cohen_h(by_arcsine) == pytest.approx(h)
    assert values_of(by_arcsine.quantities((40, 60))) == [
        ("risk_difference", pytest.approx(-0.2)),
        ("cohen_h", pytest.approx(h)),
    ]


def test_an_exact_size_starts_from_the_formula_that_is_nearest_to_it() -> None:
    """Fleiss, Levin and Paik's continuity correction of 0.25 against 0.4 in 100 and 150."""
    limit, under = norm.isf(0.025), sqrt(0.34 * 0.66 * (1 / 100 + 1 / 150))
    actual = sqrt(0.25 * 0.75 / 100 + 0.24 / 150)
    corrected = 0.15 - 250 / (2 * 100 * 150)
    expected = norm.cdf((corrected - limit * under) / actual)
    # the correction is of the gap, so the shift shrinks by the same share
    assert trial("fisher_exact").smooth.power((100, 150)) == pytest.approx(expected)
    normal = norm.cdf((0.15 - limit * under) / actual)
    assert trial("chi_square").smooth.power((100, 150)) == pytest.approx(normal)
    approximate = trial("normal")
    assert approximate.smooth is approximate


def test_where_the_risk_is_looked_for_and_how_many_that_needs() -> None:
    assert trial("normal").effect_range() == EffectRange(null=0.25, limit=1)
    fewer = TwoProportions(risk_reference=0.25, risk_experimental=0.1)
    assert fewer.effect_range() == EffectRange(null=0.25, limit=0)
    assert [fewer.possible(each) for each in ((1, 1), (0, 5), (5, 0))] == [True, False, False]


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("chi_square", "χ² test (exact power)"),
        ("fisher_exact", "Fisher's exact test (exact power)"),
        ("normal", "comparison of two proportions (normal approximation)"),
        ("arcsine", "comparison of two proportions (arcsine approximation)"),
    ],
)
def test_question_and_notes_name_the_test_and_how_its_power_was_found(test: str, said: str) -> None:
    asked = trial(test, alpha=0.01)
    assert asked.question() == (
        f"to detect risks of 0.25 (reference) and 0.4 (experimental) by a two-sided {said} at the "
        "level 0.01"
    )
    (note,) = asked.notes()
    exact = "exact power" in said
    assert note.startswith("power goes in teeth" if exact else "the power is approximate")
