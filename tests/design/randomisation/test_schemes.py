"""The laws: what they may never do, and what they refuse."""

from collections import Counter
from fractions import Fraction
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.design.randomisation.schemes import (
    BigStick,
    EfronCoin,
    PermutedBlocks,
    Sequential,
    Simple,
    WeiUrn,
    arms_of,
    check_scheme,
    sequence,
)
from trialkit.design.randomisation.stream import Stream
from trialkit.errors import DesignError

ratios = st.lists(st.integers(1, 3), min_size=2, max_size=6).map(tuple)


@settings(max_examples=examples(40), deadline=None)
@given(ratios, st.sets(st.integers(1, 3), min_size=1), st.binary(min_size=1))
def test_every_block_holds_the_ratio(
    ratio: tuple[int, ...], multiples: set[int], key: bytes
) -> None:
    arms = arms_of(ratio)
    scheme = PermutedBlocks(lengths=tuple(sorted(each * arms.units for each in multiples)))
    slots = list(islice(sequence(scheme, arms, Stream(key, "s")), 120))
    for number in range(1, slots[-1].block):
        block = [slot.arm for slot in slots if slot.block == number]
        assert len(block) in scheme.lengths
        counts = Counter(block)
        assert {counts[share.code] / share.ratio for share in arms.shares} == {
            len(block) / arms.units
        }


@settings(max_examples=examples(30), deadline=None)
@given(ratios, st.integers(1, 4), st.binary(min_size=1))
def test_a_big_stick_never_exceeds_its_limit(
    ratio: tuple[int, ...], limit: int, key: bytes
) -> None:
    arms = arms_of(ratio)
    counts = dict.fromkeys(arms.codes, 0)
    for slot in islice(sequence(BigStick(limit=limit), arms, Stream(key, "s")), 100):
        counts[slot.arm] += 1
        scaled = [counts[share.code] / share.ratio for share in arms.shares]
        assert max(scaled) - min(scaled) <= limit


@pytest.mark.parametrize(
    "scheme",
    [
        Simple(),
        PermutedBlocks(lengths=(6, 12)),
        EfronCoin(p=Fraction(9, 10)),
        WeiUrn(),
        WeiUrn(alpha=2, beta=3),
        BigStick(limit=2),
    ],
)
def test_each_place_of_a_list_has_the_ratio_over_keys(scheme: Sequential) -> None:
    arms = arms_of((3, 2, 1))
    places = [Counter[str]() for _ in range(5)]
    for number in range(2_500):
        slots = sequence(scheme, arms, Stream(str(number).encode(), "s"))
        for place, slot in zip(places, slots, strict=False):
            place[slot.arm] += 1
    for place in places:
        for share in arms.shares:
            expected = share.ratio / 6
            noise = (expected * (1 - expected) / 2_500) ** 0.5
            assert place[share.code] / 2_500 == pytest.approx(expected, abs=4.5 * noise)


def test_blocks_must_be_multiples_of_the_ratio() -> None:
    with pytest.raises(DesignError, match="multiples of 3, the sum of the ratio 2:1; got 4"):
        check_scheme(PermutedBlocks(lengths=(3, 4)), arms_of((2, 1)))


def test_a_coin_that_would_favour_the_arm_ahead_is_refused() -> None:
    with pytest.raises(DesignError, match="3/4 or more"):
        check_scheme(EfronCoin(p=Fraction(2, 3)), arms_of((1, 1, 1, 1)))
    with pytest.raises(DesignError, match="1/2 or more"):
        check_scheme(EfronCoin(p=Fraction(1, 3)), arms_of((1, 1)))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: arms_of((1,)), "arms, got 1"),
        (lambda: arms_of((1,) * 7), "arms, got 7"),
        (lambda: arms_of((1, 0)), "1 or more"),
        (lambda: arms_of((1, 1), ("A", "A")), "code of its own"),
        (lambda: arms_of((50, 50)), "shorten"),
        (lambda: PermutedBlocks(lengths=()), "block lengths"),
        (lambda: PermutedBlocks(lengths=(6, 4)), "upwards"),
        (lambda: EfronCoin(p=Fraction(1)), "between 0 and 1"),
        (lambda: WeiUrn(beta=0), "beta"),
        (lambda: BigStick(limit=0), "limit"),
    ],
)
def test_what_cannot_be_is_refused(make, words: str) -> None:
    with pytest.raises(DesignError, match=words):
        make()
