"""Exact properties, against enumeration and published values, and drawn ones against exact ones."""

from collections import Counter
from fractions import Fraction
from itertools import islice, permutations

import pytest

from tests.design.randomisation.reference import EXACT
from trialkit.design.randomisation import properties
from trialkit.design.randomisation.drawn import properties_of
from trialkit.design.randomisation.minimisation import Factor, Minimisation
from trialkit.design.randomisation.plans import RandomisationPlan
from trialkit.design.randomisation.properties import exact_properties, guesses
from trialkit.design.randomisation.report import design_report
from trialkit.design.randomisation.schemes import (
    BigStick,
    EfronCoin,
    PermutedBlocks,
    Sequential,
    Simple,
    WeiUrn,
    arms_of,
    sequence,
)
from trialkit.design.randomisation.stream import Stream
from trialkit.errors import DesignError

TWO = arms_of((1, 1))


@pytest.mark.parametrize(("length", "correct"), EXACT["blocks_correct_guesses"].items())
def test_correct_guesses_in_a_block(length: str, correct: float) -> None:
    scheme = PermutedBlocks(lengths=(int(length),))
    found = exact_properties(scheme, TWO, int(length))

    assert found.correct_guesses == pytest.approx(correct, abs=5e-5)


@pytest.mark.parametrize(("n", "chance"), EXACT["efron_two_thirds"]["even"].items())
def test_efrons_coin_in_balance(n: str, chance: float) -> None:
    found = exact_properties(EfronCoin(), TWO, int(n))
    assert found.difference[0] == pytest.approx(chance, abs=6e-7)


def test_efrons_coin_one_apart_and_its_variance() -> None:
    reference = EXACT["efron_two_thirds"]
    odd = exact_properties(EfronCoin(), TWO, 101)
    even = exact_properties(EfronCoin(), TWO, 20)

    assert odd.imbalance[Fraction(1)] == pytest.approx(reference["imbalance_of_1_at_101"], abs=6e-7)
    assert even.variance_of_difference == pytest.approx(reference["variance_at_20"], abs=6e-7)


@pytest.mark.parametrize("n", [10, 50, 200])
def test_the_variance_of_weis_urn_is_a_third_of_n(n: int) -> None:
    found = exact_properties(WeiUrn(), TWO, n)
    assert found.variance_of_difference / n == pytest.approx(1 / 3, rel=1e-12)


def test_a_big_stick_of_three_after_twenty() -> None:
    found = exact_properties(BigStick(limit=3), TWO, 20)
    for size, chance in EXACT["big_stick_3_at_20"].items():
        assert found.difference[int(size)] == pytest.approx(chance, abs=6e-7)
    assert found.largest == 3


def test_simple_randomisation_is_binomial_and_cannot_be_guessed() -> None:
    found = exact_properties(Simple(), TWO, 10)
    assert found.difference[0] == pytest.approx(252 / 1024)
    assert found.correct_guess_share == pytest.approx(0.5)


def test_guesses_in_blocks_of_three_arms_agree_with_complete_enumeration() -> None:
    arms = arms_of((2, 1, 1))
    total = 0.0
    patterns = list(permutations("AABC"))
    for pattern in patterns:
        counts = [0, 0, 0]
        for arm in pattern:
            named = guesses(counts, arms)
            number = arms.codes.index(arm)
            total += (number in named) / len(named)
            counts[number] += 1

    found = exact_properties(PermutedBlocks(lengths=(4,)), arms, 4)
    assert found.correct_guesses == pytest.approx(total / len(patterns))


@pytest.mark.parametrize(
    ("scheme", "ratio"),
    [
        (Simple(), (2, 1)),
        (PermutedBlocks(lengths=(3, 6)), (2, 1)),
        (EfronCoin(p=Fraction(3, 4)), (2, 1)),
        (WeiUrn(alpha=1, beta=2), (1, 1, 1)),
        (BigStick(limit=2), (1, 2, 1)),
    ],
)
def test_lists_that_are_made_have_the_distribution_that_was_computed(
    scheme: Sequential, ratio: tuple[int, ...]
) -> None:
    arms, n, lists = arms_of(ratio), 8, 4_000
    counted: Counter[Fraction] = Counter()
    for number in range(lists):
        slots = islice(sequence(scheme, arms, Stream(str(number).encode(), "s")), n)
        counts = Counter(slot.arm for slot in slots)
        scaled = [Fraction(counts[share.code], share.ratio) for share in arms.shares]
        counted[max(scaled) - min(scaled)] += 1

    found = exact_properties(scheme, arms, n)
    assert sum(found.imbalance.values()) == pytest.approx(1)
    assert set(counted) <= set(found.imbalance)
    for size, chance in found.imbalance.items():
        noise = (chance * (1 - chance) / lists) ** 0.5
        assert counted[size] / lists == pytest.approx(chance, abs=4.5 * noise + 1e-9)


@pytest.mark.slow
def test_drawn_properties_agree_with_exact_ones_where_both_can_be_had() -> None:
    arms = arms_of((1,) * 6)
    scheme = WeiUrn()
    drawn = properties_of(scheme, arms, 12)
    exact = exact_properties(scheme, arms, 12)

    assert drawn.replicates > 0
    assert drawn.certain is None
    assert drawn.correct_guess_share == pytest.approx(exact.correct_guess_share, abs=0.03)
    assert drawn.expected_imbalance == pytest.approx(exact.expected_imbalance, abs=0.15)


def test_minimisation_keeps_arms_closer_than_a_coin() -> None:
    factors = (Factor(name="sex", levels=("f", "m")), Factor(name="site", levels=("1", "2", "3")))
    minimised = properties_of(Minimisation(), TWO, 30, factors=factors)
    tossed = exact_properties(Simple(), TWO, 30)
    assert minimised.expected_imbalance < tossed.expected_imbalance / 2


def test_the_report_of_two_strata_sums_their_differences() -> None:
    plan = RandomisationPlan(
        trial="t",
        arms=TWO,
        scheme=PermutedBlocks(lengths=(2,)),
        factors=(Factor(name="sex", levels=("f", "m")),),
        slots=10,
    )
    report = design_report(plan, participants=6)  # three in each: one over in both

    assert dict(report.overall) == pytest.approx({-2: 0.25, 0: 0.5, 2: 0.25})
    assert report.expected_difference == pytest.approx(1)
    assert report.to_frame()["value"].notna().all()
    assert "permuted blocks of length 2" in repr(report)


def test_too_many_states_and_empty_lists_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(properties, "MOST_STATES", 100)
    with pytest.raises(DesignError, match="states"):
        exact_properties(WeiUrn(), arms_of((3, 3, 3, 3, 3, 3)), 60)
    with pytest.raises(DesignError, match="1 allocation"):
        exact_properties(Simple(), TWO, 0)
