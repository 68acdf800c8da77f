"""How many are trimmed, and the difference in many allocations at once against one after the other."""

from fractions import Fraction

import numpy as np
import pytest

from trialkit.analysis.resampling.allocations import OtherAllocations, other_allocations
from trialkit.analysis.trimmed import trimming as module
from trialkit.analysis.trimmed.trimming import TrimmedPair, Trimming, limits, trimmed_mean

RNG = np.random.default_rng(11)
VALUES = np.r_[np.full(3, -np.inf), RNG.normal(size=15)]
TREATED = RNG.permutation(18) < 8


def pair(trimming: Trimming) -> TrimmedPair:
    allocations = other_allocations(
        TREATED, np.zeros(18), most=1, replicates=200, rng=np.random.default_rng(5)
    )
    return TrimmedPair(values=VALUES, treated=TREATED, trimming=trimming, allocations=allocations)


@pytest.mark.parametrize(
    ("fixed", "elsewhere", "size", "number"),
    [
        (None, (), 10, 4),  # of 3 in 8 and 1 in 10 the larger share, 3.75 of 10
        (None, (), 8, 3),
        (None, ((1, 2),), 10, 5),
        (Fraction("0.3"), ((1, 2),), 10, 3),
        (Fraction("0.25"), (), 10, 3),
        (Fraction(0), (), 10, 0),
    ],
)
def test_the_larger_share_is_trimmed_and_rounded_up(
    fixed: Fraction | None, elsewhere: tuple[tuple[int, int], ...], size: int, number: int
) -> None:
    own = Trimming(fixed=fixed, elsewhere=elsewhere)
    assert own.number(size, ((3, 8), (1, 10))) == number
    counts = ((np.array([3, 3]), 8), (np.array([1, 1]), 10))
    assert own.numbers(size, counts).tolist() == [number] * 2


@pytest.mark.parametrize(
    "trimming", [Trimming(), Trimming(fixed=Fraction("0.4")), Trimming(elsewhere=((1, 2),))]
)
def test_many_allocations_at_once_are_each_of_them(
    trimming: Trimming, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = pair(trimming)
    found = asked.differences()
    monkeypatch.setattr(module, "_AT_ONCE", 18 * 7)  # in chunks it is the same
    assert asked.differences() == pytest.approx(found)
    for own, difference in zip(asked.allocations.treated.T, found, strict=True):
        alone = TrimmedPair(
            values=VALUES,
            treated=own,
            trimming=trimming,
            allocations=OtherAllocations(treated=own[:, None], exact=True),
        )
        assert alone.difference == pytest.approx(difference)


def test_a_difference_that_is_taken_off_is_off_the_estimate_and_nobody_changes_rank_who_is_worst() -> (
    None
):
    asked = pair(Trimming())
    moved = asked.shifted(0.75)
    assert moved.difference == pytest.approx(asked.difference - 0.75)
    assert (np.isneginf(moved.values) == np.isneginf(VALUES)).all()


def test_limits_lie_about_the_estimate_and_are_endless_where_nothing_is_rejected() -> None:
    asked = pair(Trimming())
    low, high = limits(asked, 0.1)
    wide = limits(asked, 0.05)
    assert wide[0] <= low < asked.difference < high <= wide[1]
    assert limits(asked, 1 / 202) == (-np.inf, np.inf)  # p is never below that


def test_a_mean_that_keeps_somebody_worst_is_no_number() -> None:
    assert trimmed_mean(np.array([3.0, -np.inf, 1.0]), 1) == 2.0
    assert trimmed_mean(np.array([3.0, -np.inf, 1.0]), 0) == -np.inf
