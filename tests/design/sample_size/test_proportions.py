"""Two proportions: approximations against R, exact power against R's own tests, table by table."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.design.size_reference import R
from trialkit.analysis.proportions.event_counts import ArmCount
from trialkit.analysis.proportions.proportion_tests import proportion_test
from trialkit.design.sample_size import TwoProportions
from trialkit.design.sample_size.enumeration import (
    chi_square_power,
    chi_square_rejects,
    exact_power,
    fisher_rejects,
    likely_tables,
)
from trialkit.errors import DesignError, ProtocolError

P = R["two_proportions"]


def trial(test: str, **more: object) -> TwoProportions:
    return TwoProportions(risk_reference=0.25, risk_experimental=0.4, test=test, **more)


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


@settings(deadline=None, max_examples=6)
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


@settings(deadline=None, max_examples=40)
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
