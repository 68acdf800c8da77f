"""Margins against rpact, Owen's Q and the tests that the analysis makes."""

from math import comb, inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nct, norm, t

from tests.conftest import examples
from tests.design.size_reference import PUBLISHED, R, values_of
from trialkit.analysis.proportions.event_counts import ArmCount
from trialkit.analysis.proportions.score_intervals import difference_z
from trialkit.design.sample_size.enumeration import (
    likeliest_risks,
    likely_tables,
    score_statistic,
)
from trialkit.design.sample_size.margins import (
    EquivalenceMeans,
    EquivalenceProportions,
    NonInferiorityMeans,
    NonInferiorityProportions,
    advantage,
    farrington_manning,
    margin_notes,
)
from trialkit.design.sample_size.situation import EffectRange
from trialkit.errors import ProtocolError
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.sizing.design import MarginPower


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


@settings(deadline=None, max_examples=examples(8))
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


def test_non_inferiority_has_the_margin_and_the_advantage_as_its_room() -> None:
    """Half better where more is better: 2 + 0.5; where less is better: 2 - 0.5."""
    sizes, scale = (20, 30), 4 * sqrt(1 / 20 + 1 / 30)
    for direction, room in (("higher", 2.5), ("lower", 1.5)):
        trial = NonInferiorityMeans(margin=2, difference=0.5, sd=4, direction=direction, alpha=0.05)
        expected = nct.sf(t.isf(0.05, 48), 48, room / scale)
        assert trial.power(sizes) == pytest.approx(expected, abs=1e-10)
        assert values_of(trial.quantities(sizes)) == [
            ("noncentrality", pytest.approx(room / scale)),
            ("critical_t", pytest.approx(t.isf(0.05, 48))),
            ("df", 48),
        ]


def test_equivalence_of_means_is_the_share_of_simulated_trials_that_show_it() -> None:
    trial = EquivalenceMeans(margin=3, difference=-1, sd=4, alpha=0.05)
    rng, trials, (n0, n1) = np.random.default_rng(20260102), 200_000, (24, 36)
    scale = sqrt(1 / n0 + 1 / n1)
    seen = rng.normal(-1, 4 * scale, trials)
    sd = 4 * np.sqrt(rng.chisquare(58, trials) / 58)
    room = 3 - t.isf(0.05, 58) * sd * scale
    share = float(np.mean(np.abs(seen) <= room))
    error = sqrt(share * (1 - share) / trials)
    assert trial.power((n0, n1)) == pytest.approx(share, abs=4 * error)


def test_farrington_and_mannings_formula_by_the_likeliest_risks() -> None:
    p0, p1, n0, n1, null = 0.6, 0.55, 80, 120, -0.15
    q0, q1 = (
        float(each) for each in likeliest_risks(np.array(p0), np.array(p1), null, ratio=2 / 3)
    )
    assert q1 - q0 == pytest.approx(null)
    r0 = np.linspace(0.16, 0.99, 83001)
    r1 = r0 + null
    chance = n0 * (p0 * np.log(r0) + (1 - p0) * np.log(1 - r0))
    chance += n1 * (p1 * np.log(r1) + (1 - p1) * np.log(1 - r1))
    assert r0[chance.argmax()] == pytest.approx(q0, abs=2e-5)
    under = sqrt(q0 * (1 - q0) / n0 + q1 * (1 - q1) / n1)
    actual = sqrt(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1)
    test = farrington_manning((p0, p1), null, (n0, n1))
    assert test.shift == pytest.approx(0.1 / under)
    assert test.spread == pytest.approx(actual / under)
    expected = norm.cdf((0.1 - norm.isf(0.025) * under) / actual)
    assert test.power(0.025, 1) == pytest.approx(expected)


@pytest.mark.parametrize("test", ["farrington_manning_exact", "miettinen_nurminen_exact"])
def test_exact_power_counts_the_tables_that_the_analysis_would_reject(test: str) -> None:
    n0, n1, small = 14, 11, test.startswith("miettinen")
    limit = norm.isf(0.05)
    higher = {"risk_reference": 0.6, "risk_experimental": 0.65, "margin": 0.3, "alpha": 0.05}
    found = {"higher": 0.0, "lower": 0.0, "both": 0.0}
    for x0 in range(n0 + 1):
        for x1 in range(n1 + 1):
            chance = binomial(x0, n0, 0.6) * binomial(x1, n1, 0.65)
            low, high = (
                difference_z(
                    ArmCount(arm="E", events=x1, n=n1),
                    ArmCount(arm="C", events=x0, n=n0),
                    shift,
                    small_sample=small,
                )
                for shift in (-0.3, 0.3)
            )
            found["higher"] += chance * (low >= limit)
            found["lower"] += chance * (high <= -limit)
            found["both"] += chance * (low >= limit and high <= -limit)
    for direction in ("higher", "lower"):
        trial = NonInferiorityProportions(**higher, test=test, direction=direction)
        assert trial.power((n0, n1)) == pytest.approx(found[direction], abs=1e-9)
    both = EquivalenceProportions(**higher, test=test)
    assert both.power((n0, n1)) == pytest.approx(found["both"], abs=1e-9)


def binomial(events: int, n: int, risk: float) -> float:
    return comb(n, events) * risk**events * (1 - risk) ** (n - events)


def test_an_exact_size_starts_from_the_formula() -> None:
    asked = {"risk_reference": 0.7, "risk_experimental": 0.68, "margin": 0.2}
    for kind, more in (
        (NonInferiorityProportions, {"direction": "higher"}),
        (EquivalenceProportions, {}),
    ):
        formula = kind(**asked, **more)
        exact = kind(**asked, **more, test="miettinen_nurminen_exact")
        assert exact.smooth == formula
        assert formula.smooth is formula


def test_a_margin_is_looked_for_from_the_difference_that_reaches_it() -> None:
    worse = NonInferiorityMeans(margin=2, difference=-0.5, direction="higher")
    better = NonInferiorityMeans(margin=2, difference=-0.5, direction="lower")
    assert worse.effect_range() == EffectRange(null=0.5, limit=inf)
    assert better.effect_range() == EffectRange(null=0, limit=inf)
    assert EquivalenceMeans(margin=2, difference=-0.5).effect_range() == EffectRange(
        null=0.5, limit=inf
    )
    risks = {"risk_reference": 0.5, "risk_experimental": 0.25, "margin": 0.4}
    for direction, null in (("higher", 0.25), ("lower", 0.0)):
        trial = NonInferiorityProportions(**risks, direction=direction)
        assert trial.effect_range() == EffectRange(null=null, limit=1)
    assert EquivalenceProportions(**risks).effect_range() == EffectRange(null=0.25, limit=1)
    assert [advantage(3, each) for each in (Direction.HIGHER, Direction.LOWER)] == [3, -3]


def test_the_fewest_with_which_a_margin_can_be_tested() -> None:
    sizes = [(1, 2), (1, 1), (0, 9), (9, 0)]
    risks = {"risk_reference": 0.5, "risk_experimental": 0.5, "margin": 0.4}
    for means in (NonInferiorityMeans(margin=1, direction="lower"), EquivalenceMeans(margin=1)):
        assert [means.possible(each) for each in sizes] == [True, False, False, False]
    for shares in (
        NonInferiorityProportions(**risks, direction="lower"),
        EquivalenceProportions(**risks),
    ):
        assert [shares.possible(each) for each in sizes] == [True, True, False, False]


def test_the_questions_name_margin_direction_and_test() -> None:
    assert NonInferiorityMeans(margin=2, difference=0.5, sd=4, direction="lower").question() == (
        "to show non-inferiority with a margin of 2 (lower is better) when the true difference is "
        "0.5, with an SD of 4, by a one-sided two-sample t test at the level 0.025"
    )
    assert EquivalenceMeans(margin=2, difference=0.5, sd=4, alpha=0.05).question() == (
        "to show equivalence with margins of ±2 when the true difference is 0.5, with an SD of 4, "
        "by two one-sided two-sample t tests, each at the level 0.05"
    )
    risks = {"risk_reference": 0.5, "risk_experimental": 0.4, "margin": 0.2}
    one = NonInferiorityProportions(**risks, direction="higher", test="miettinen_nurminen_exact")
    assert one.question() == (
        "to show non-inferiority with a margin of 0.2 when the risks are 0.5 (reference) and 0.4 "
        "(experimental), higher being better, by Miettinen and Nurminen's test (exact power) at "
        "the one-sided level 0.025"
    )
    both = EquivalenceProportions(**risks, test="farrington_manning_exact")
    assert both.question() == (
        "to show equivalence with margins of ±0.2 when the risks are 0.5 (reference) and 0.4 "
        "(experimental), by Farrington and Manning's test (exact power) in both directions, each "
        "at the one-sided level 0.025"
    )
    teeth = "power goes in teeth as the size grows"
    assert one.notes()[0].startswith(teeth)
    assert both.notes() == margin_notes(MarginPower.MIETTINEN_NURMINEN_EXACT)
    assert EquivalenceProportions(**risks).notes() == margin_notes(MarginPower.FARRINGTON_MANNING)
    assert margin_notes(MarginPower.FARRINGTON_MANNING)[0].startswith("the power is Farrington")
