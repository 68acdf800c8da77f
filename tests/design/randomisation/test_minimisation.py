"""Pocock and Simon's minimisation, against the published examples."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.design.randomisation.reference import EXACT
from trialkit.design.randomisation.minimisation import (
    Factor,
    Imbalance,
    Minimisation,
    Minimiser,
    Preference,
    check_minimisation,
    preferring,
)
from trialkit.design.randomisation.schemes import arms_of
from trialkit.design.randomisation.stream import Stream
from trialkit.errors import DesignError

PUBLISHED = EXACT["pocock_simon"]


def test_pocock_and_simons_worked_example() -> None:
    scheme, arms = Minimisation(p=Fraction(2, 3)), arms_of((1, 1, 1))
    found = scheme.chances(PUBLISHED["counts"], arms, PUBLISHED["weights"])

    assert list(scheme.sums(PUBLISHED["counts"], arms, PUBLISHED["weights"])) == PUBLISHED["sums"]
    assert list(found) == [Fraction(chance) for chance in PUBLISHED["chances"]]


@pytest.mark.parametrize(
    ("counts", "kind", "value"),
    [
        (counts, kind, value)
        for counts, kinds in EXACT["imbalance"].items()
        for kind, value in kinds.items()
    ],
)
def test_imbalance_functions(counts: str, kind: str, value: float) -> None:
    numbers = [Fraction(each) for each in counts.split(",")]
    assert Imbalance(kind).of(numbers) == pytest.approx(value, abs=5e-5)


def test_chances_by_rank() -> None:
    scheme = Minimisation(
        p=Fraction(1, 2), preference=Preference.RANKS, imbalance=Imbalance.VARIANCE
    )
    found = scheme.chances([(0, 1, 2, 3)], arms_of((1, 1, 1, 1)), [1])
    assert [float(chance) for chance in found] == EXACT["ranks_q_half_of_4"]


def test_the_best_of_four_arms() -> None:
    found = Minimisation(p=Fraction(2, 3)).chances([(0, 1, 2, 3)], arms_of((1, 1, 1, 1)), [1])
    assert list(found) == [Fraction(each) for each in EXACT["best_two_thirds_of_4"]]


@pytest.mark.parametrize("arm", [0, 1, 2])
def test_biased_coin_minimisation_of_unequal_arms(arm: int) -> None:
    found = preferring(arm, arms_of((1, 2, 3)), Fraction(7, 10))
    expected = EXACT["biased_coin_1_2_3_p_7_10"][arm]
    assert [float(chance) for chance in found] == pytest.approx(expected)


@settings(max_examples=examples(50), deadline=None)
@given(
    st.lists(st.integers(1, 3), min_size=2, max_size=4),
    st.data(),
)
def test_chances_sum_to_one_and_no_arm_is_certain(ratio: list[int], data: st.DataObject) -> None:
    arms = arms_of(tuple(ratio))
    counts = data.draw(
        st.lists(
            st.lists(st.integers(0, 9), min_size=len(ratio), max_size=len(ratio)),
            min_size=1,
            max_size=3,
        )
    )
    kind = data.draw(st.sampled_from(Imbalance))
    found = Minimisation(p=Fraction(4, 5), imbalance=kind).chances(counts, arms, [1] * len(counts))
    assert sum(found) == 1
    assert max(found) < 1
    assert min(found) > 0


def test_arms_that_tie_have_the_ratio() -> None:
    found = Minimisation().chances([(0, 0)], arms_of((1, 1)), [1])
    assert list(found) == [Fraction(1, 2), Fraction(1, 2)]


def test_arms_become_alike_in_every_factor() -> None:
    factors = [Factor(name="sex", levels=("f", "m")), Factor(name="age", levels=("<50", "50+"))]
    minimiser = Minimiser(Minimisation(), arms_of((1, 1)), factors, Stream(b"k", "all"))
    people = Stream(b"people", "all")
    counts: dict[tuple[str, str], int] = {}
    for _ in range(200):
        levels = {each.name: each.levels[people.below(2)] for each in factors}
        arm = minimiser.allocate(levels)
        for level in levels.values():
            counts[level, arm] = counts.get((level, arm), 0) + 1
    for level in ("f", "m", "<50", "50+"):
        assert abs(counts[level, "A"] - counts[level, "B"]) <= 6


@pytest.mark.parametrize(
    ("scheme", "ratio", "words"),
    [
        (Minimisation(p=Fraction(1, 3)), (1, 1, 1), "does not favour"),
        (Minimisation(p=Fraction(1, 2), preference=Preference.RANKS), (1, 2), "equal size"),
        (Minimisation(p=Fraction(99, 100), preference=Preference.RANKS), (1, 1, 1, 1), "between"),
    ],
)
def test_a_chance_that_cannot_serve_is_refused(scheme, ratio, words: str) -> None:
    with pytest.raises(DesignError, match=words):
        check_minimisation(scheme, arms_of(ratio))


def test_minimisation_without_a_random_element_is_refused() -> None:
    with pytest.raises(DesignError, match="random element"):
        Minimisation(p=Fraction(1))


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (("f",), "two or more different levels"),
        (("f", "m", "f"), "two or more different levels"),
        (("North", "South", "north"), "'North' and 'north', which differ in nothing but case"),
        (("up  to 50", "above", "up to 50"), "'up  to 50' and 'up to 50', which differ"),
    ],
)
def test_levels_that_people_could_not_tell_apart_are_refused(levels, words: str) -> None:
    with pytest.raises(DesignError, match=words):
        Factor(name="site", levels=levels)
