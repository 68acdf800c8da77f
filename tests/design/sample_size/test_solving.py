"""Roots of the power, and the whole sizes beside them, for powers that can be worked out by hand."""

from math import inf

import pytest

from trialkit.design.sample_size.solving import (
    MOST,
    effect_with,
    settled,
    stepped,
    unrounded,
    whole_blocks,
)
from trialkit.errors import DesignError


def saturating(n: float) -> float:
    """n / (n + 10): half at 10, four fifths at 40."""
    return n / (n + 10)


def test_the_size_not_rounded_is_the_root_of_the_power_or_the_least() -> None:
    assert unrounded(saturating, power=0.8, least=3) == pytest.approx(40, rel=1e-12)
    assert unrounded(saturating, power=0.8, least=40) == 40
    assert unrounded(saturating, power=0.8, least=41.5) == 41.5
    with pytest.raises(DesignError) as error:
        unrounded(lambda n: min(0.7, n), power=0.8, least=1)
    assert MOST == 1e9
    assert str(error.value) == (
        "a power of 0.8 is not reached with 1e+09 participants; the effect is too small to be shown"
    )


@pytest.mark.parametrize("start", [2, 39, 40, 41, 70])
def test_the_smallest_whole_size_is_found_from_below_and_from_above(start: int) -> None:
    assert stepped(saturating, power=0.8, start=start, least=2) == 40
    assert stepped(saturating, power=0.801, start=start, least=2) == 41
    assert stepped(saturating, power=0.8, start=start, least=55) == 55
    assert settled(saturating, power=0.8, start=start, least=2) == 40
    assert settled(saturating, power=0.8, start=start, least=55) == 55


def test_how_far_above_a_dip_is_looked_for_the_next() -> None:
    """From 100: a tenth and 15 more, so that a dip at 125 is seen and one at 126 is not."""
    for dip, found in ((125, 126), (126, 20)):
        teeth = settled(
            lambda n, dip=dip: 0.5 if n < 20 or n == dip else 0.9, power=0.8, start=100, least=2
        )
        assert teeth == found
    # of 10,000 three roots are less than a tenth: 300 and 15
    for dip, found in ((10_315, 10_316), (10_316, 9_000)):
        teeth = settled(
            lambda n, dip=dip: 0.5 if n < 9_000 or n == dip else 0.9,
            power=0.8,
            start=10_000,
            least=2,
        )
        assert teeth == found


@pytest.mark.parametrize(
    ("null", "limit", "expected"), [(0, inf, 4), (0, -inf, -4), (1, inf, 5), (1, 9, 5), (1, -9, -3)]
)
def test_the_effect_with_the_power_lies_from_nothing_towards_the_limit(
    null: float, limit: float, expected: float
) -> None:
    """Four fifths at a distance of 4: d / (d + 1)."""

    def power_of(effect: float) -> float:
        return abs(effect - null) / (abs(effect - null) + 1)

    for scale in (0.1, 100):
        found = effect_with(power_of, power=0.8, null=null, limit=limit, scale=scale)
        assert found == pytest.approx(expected, rel=1e-9)


def test_an_effect_that_even_the_limit_does_not_show_is_refused() -> None:
    for limit in (1.0, inf, -inf):
        with pytest.raises(DesignError) as error:
            effect_with(lambda _: 0.5, power=0.8, null=0.0, limit=limit, scale=1.0)
        assert str(error.value) == "with this size no effect has a power of 0.8"
    # whatever is tried shows it
    tiny = effect_with(lambda _: 0.9, power=0.8, null=0.0, limit=1.0, scale=1.0)
    assert 0 < tiny < 1e-10


def test_blocks_are_enough_for_every_arm() -> None:
    assert whole_blocks((10.0, 20.0), (1, 2)) == 10
    assert whole_blocks((10.1, 20.0), (1, 2)) == 11
    assert whole_blocks((10.0, 20.1), (1, 2)) == 11
    # what rounding leaves of a division adds nobody
    assert whole_blocks((10 + 1e-10, 20.0), (1, 2)) == 10
    assert whole_blocks((), ()) == 0
