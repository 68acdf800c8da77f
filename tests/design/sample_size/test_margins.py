"""Margins against rpact, Owen's Q and the tests that the analysis makes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.design.size_reference import PUBLISHED, R
from trialkit.analysis.proportions.event_counts import ArmCount
from trialkit.analysis.proportions.score_intervals import difference_z
from trialkit.design.sample_size import (
    EquivalenceMeans,
    EquivalenceProportions,
    NonInferiorityMeans,
    NonInferiorityProportions,
)
from trialkit.design.sample_size.enumeration import likely_tables, score_statistic
from trialkit.errors import ProtocolError


def test_non_inferiority_of_means_is_that_of_rpact() -> None:
    trial = NonInferiorityMeans(margin=1.5, sd=3.5, direction="higher")
    size = trial.solve_n(0.8)
    assert size.n_unrounded == pytest.approx(R["non_inferiority_means"], rel=1e-10)
    assert size.n_unrounded > PUBLISHED["non_inferiority_means_z"]
    unequal = NonInferiorityMeans(
        margin=1.5, sd=3.5, difference=0.5, direction="higher", allocation=(1, 2)
    )
    expected = R["non_inferiority_means_2_to_1"]
    assert unequal.solve_n(0.9).n_unrounded == pytest.approx(expected, rel=2e-8)


def test_the_direction_turns_the_difference() -> None:
    higher = NonInferiorityMeans(margin=1.5, difference=0.3, sd=3.5, direction="higher")
    lower = NonInferiorityMeans(margin=1.5, difference=-0.3, sd=3.5, direction="lower")
    assert higher.power(170) == pytest.approx(lower.power(170), abs=1e-12)


@pytest.mark.parametrize(
    ("n", "trial", "expected"),
    [
        ((20, 20), EquivalenceMeans(margin=1, alpha=0.05), "n20"),
        ((12, 24), EquivalenceMeans(margin=1.2, difference=0.3), "n12_24"),
        ((86, 86), EquivalenceMeans(margin=1, sd=2), "n86"),
    ],
)
def test_equivalence_of_means_is_owens_q(
    n: tuple[int, int], trial: EquivalenceMeans, expected: str
) -> None:
    assert trial.power(n) == pytest.approx(R["equivalence_means_power"][expected], abs=1e-10)


@pytest.mark.parametrize(
    ("trial", "power", "expected"),
    [
        ({"risk_reference": 0.85, "risk_experimental": 0.85, "margin": 0.1}, 0.9, "r85"),
        ({"risk_reference": 0.7, "risk_experimental": 0.7, "margin": 0.1}, 0.8, "r70"),
        (
            {
                "risk_reference": 0.85,
                "risk_experimental": 0.8,
                "margin": 0.15,
                "allocation": (1, 2),
            },
            0.8,
            "r85_80_2_to_1",
        ),
    ],
)
def test_farrington_and_manning_are_those_of_rpact(
    trial: dict, power: float, expected: str
) -> None:
    size = NonInferiorityProportions(**trial, direction="higher").solve_n(power)
    assert size.n_unrounded == pytest.approx(R["non_inferiority_proportions"][expected], rel=1e-9)


def test_a_harmful_event_is_the_mirror_image() -> None:
    desired = NonInferiorityProportions(
        risk_reference=0.85, risk_experimental=0.8, margin=0.15, direction="higher"
    )
    harmful = NonInferiorityProportions(
        risk_reference=0.15, risk_experimental=0.2, margin=0.15, direction="lower"
    )
    assert desired.power(300) == pytest.approx(harmful.power(300), abs=1e-12)


@settings(deadline=None, max_examples=8)
@given(
    n0=st.integers(2, 10),
    n1=st.integers(2, 10),
    shift=st.sampled_from([-0.4, -0.1, 0.0, 0.05, 0.3]),
)
def test_the_statistic_is_that_of_the_analysis(n0: int, n1: int, shift: float) -> None:
    tables = likely_tables((n0, n1), (0.5, 0.5))
    for small_sample in (True, False):
        z = score_statistic(tables, shift, small_sample=small_sample)
        for row, x0 in enumerate(tables.events_reference[:, 0]):
            for column, x1 in enumerate(tables.events_experimental[0]):
                expected = difference_z(
                    ArmCount(arm="E", events=int(x1), n=n1),
                    ArmCount(arm="C", events=int(x0), n=n0),
                    shift,
                    small_sample=small_sample,
                )
                assert z[row, column] == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("test", ["farrington_manning_exact", "miettinen_nurminen_exact"])
def test_exact_sizes_are_near_the_formula(test: str) -> None:
    question = {
        "risk_reference": 0.7,
        "risk_experimental": 0.7,
        "margin": 0.2,
        "direction": "higher",
    }
    exact = NonInferiorityProportions(**question, test=test).solve_n(0.8)
    formula = NonInferiorityProportions(**question).solve_n(0.8)
    assert exact.power >= 0.8
    assert exact.n == pytest.approx(formula.n, rel=0.06)


def test_equivalence_of_risks_is_two_one_sided_tests() -> None:
    both = EquivalenceProportions(risk_reference=0.5, risk_experimental=0.5, margin=0.2)
    one = NonInferiorityProportions(
        risk_reference=0.5, risk_experimental=0.5, margin=0.2, direction="higher"
    )
    assert both.power(200) == pytest.approx(2 * one.power(200) - 1, abs=1e-12)
    exact = EquivalenceProportions(
        risk_reference=0.5, risk_experimental=0.5, margin=0.2, test="farrington_manning_exact"
    )
    assert exact.power(260) == pytest.approx(both.power(260), abs=0.01)


@pytest.mark.parametrize(
    "trial",
    [
        NonInferiorityMeans(margin=1.5, sd=3.5, difference=-0.2, direction="higher"),
        EquivalenceMeans(margin=1.5, sd=3.5, difference=0.2),
        NonInferiorityProportions(
            risk_reference=0.7, risk_experimental=0.68, margin=0.1, direction="higher"
        ),
        EquivalenceProportions(risk_reference=0.7, risk_experimental=0.68, margin=0.1),
    ],
    ids=lambda each: type(each).__name__,
)
def test_the_smallest_margin_has_the_power(trial: object) -> None:
    margin = trial.detectable(400, 0.85)
    assert trial.with_assumption("margin", margin).power(400) == pytest.approx(0.85, abs=1e-9)


def test_equivalence_without_room_has_no_power() -> None:
    assert EquivalenceMeans(margin=0.01, sd=10).power(10) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    "call",
    [
        lambda: NonInferiorityMeans(margin=1, difference=-1, direction="higher"),
        lambda: EquivalenceMeans(margin=1, difference=1.5),
        lambda: NonInferiorityProportions(
            risk_reference=0.5, risk_experimental=0.7, margin=0.1, direction="lower"
        ),
        lambda: EquivalenceProportions(risk_reference=0.5, risk_experimental=0.7, margin=0.1),
    ],
    ids=lambda each: f"line {each.__code__.co_firstlineno}",
)
def test_a_hypothesis_that_would_be_false_is_refused(call: object) -> None:
    with pytest.raises(ProtocolError, match="would be false"):
        call()


def test_likely_tables_hold_all_that_can_be_seen() -> None:
    tables = likely_tables((400, 300), (0.2, 0.9))
    assert tables.probability.sum() == pytest.approx(1, abs=1e-11)
    assert np.all(tables.probability >= 0)
