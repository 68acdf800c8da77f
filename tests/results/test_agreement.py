"""Which p value belongs to an interval, and when the two contradict each other."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.rows import statistics
from trialkit.results.agreement import (
    Pair,
    is_one_sided,
    limits_of,
    p_beside,
    pair_of,
    says_nothing,
)
from trialkit.results.effect import EXACT, ONE_SIDED, POINTWISE, Interval, IntervalKind, Scale
from trialkit.results.lookup import Statistics
from trialkit.results.vocabulary import Stat

TUKEY = Interval(IntervalKind.TUKEY, 3)


def effect(
    low: float, high: float, *, kind: Interval = POINTWISE, scale: Scale = Scale.DIFFERENCE
) -> Statistics:
    numbers = {Stat.CONF_LOW: low, Stat.CONF_HIGH: high, Stat.CONF_LEVEL: 0.95}
    return statistics(numbers, interval_kind=kind, scale=scale)


def p_values(raw: float | None, adjusted: float | None = None) -> Statistics:
    found: dict[Stat, float | None] = {Stat.P_VALUE: raw, Stat.P_ADJUSTED: adjusted}
    return statistics({stat: p for stat, p in found.items() if p is not None})


@pytest.mark.parametrize("kind", IntervalKind)
def test_only_simultaneous_limits_belong_to_an_adjusted_p(kind: IntervalKind) -> None:
    together = kind in {IntervalKind.BONFERRONI, IntervalKind.DUNNETT, IntervalKind.TUKEY}
    assert p_beside(Interval(kind, 3)) is (Stat.P_ADJUSTED if together else Stat.P_VALUE)
    assert p_beside(None) is Stat.P_VALUE


def test_the_interval_of_an_effect_is_that_of_its_limits() -> None:
    assert limits_of(effect(1, 2, kind=EXACT)) == EXACT
    assert limits_of(statistics({Stat.CONF_HIGH: 1.0}, interval_kind=TUKEY)) == TUKEY
    assert limits_of(p_values(0.1)) is None


def test_the_pair_is_made_of_the_p_that_belongs_to_the_limits() -> None:
    """A Tukey interval stood beside a raw 0.024; the adjusted 0.155 agrees with it."""
    own = pair_of(effect(-1, 8, kind=TUKEY), p_values(0.024, 0.155))
    assert own is not None
    assert (own.p, own.agrees) == (0.155, True)
    plain = pair_of(effect(-1, 8), p_values(0.024, 0.155))
    assert plain is not None
    assert (plain.p, plain.agrees) == (0.024, False)


@pytest.mark.parametrize(
    ("low", "high", "p", "agrees"),
    [
        (0.1, 2.0, 0.04, True),
        (-0.1, 2.0, 0.04, False),
        (-2.0, -0.1, 0.06, False),
        (0.0, 2.0, 0.06, True),
        (0.0, 2.0, 0.05, True),  # 0.05 is not below 1 - 0.95
        (-math.inf, -0.1, 0.04, True),
    ],
)
def test_p_and_limits_agree_where_both_reject_or_neither(
    low: float, high: float, p: float, agrees: bool
) -> None:
    found = pair_of(effect(low, high), p_values(p))
    assert found is not None
    assert found.agrees is agrees


@given(st.sampled_from(Scale), st.floats(0.001, 0.999), st.floats(0.01, 3), st.floats(0.01, 3))
def test_no_effect_is_where_the_scale_has_it(
    scale: Scale, p: float, below: float, above: float
) -> None:
    null = scale.null_value
    around = Pair(p=p, low=null - below, high=null + above, level=0.95, null=null)
    beside = Pair(p=p, low=null + below, high=null + below + above, level=0.95, null=null)
    assert (around.excludes, beside.excludes) == (False, True)
    assert around.agrees is not beside.agrees


def test_what_is_not_there_has_no_pair() -> None:
    assert pair_of(effect(1, 2), {}) is None
    assert pair_of(effect(1, 2, kind=TUKEY), p_values(0.01)) is None
    assert pair_of({}, p_values(0.01)) is None
    margin = {**effect(1, 2), **statistics({Stat.MARGIN: 3.0})}
    assert pair_of(margin, p_values(0.01)) is None
    nothing = statistics(
        {Stat.CONF_LOW: None, Stat.CONF_HIGH: None, Stat.CONF_LEVEL: 0.95}, scale=Scale.DIFFERENCE
    )
    assert pair_of(nothing, p_values(0.01)) is None


def test_a_shift_says_nothing_without_width_or_against_its_own_p() -> None:
    assert says_nothing({**effect(0, 0), **p_values(0.0004)})
    assert says_nothing({**effect(0, 0), **p_values(0.4)})
    assert says_nothing({**effect(0, 2), **p_values(0.01)})
    assert not says_nothing({**effect(1, 2), **p_values(0.01)})
    assert not says_nothing({})


def test_a_p_value_says_itself_that_it_is_one_sided() -> None:
    row = statistics({Stat.P_VALUE: 0.1}, interval_kind=ONE_SIDED)[Stat.P_VALUE]
    assert is_one_sided(row)
    assert not is_one_sided(p_values(0.1)[Stat.P_VALUE])
    assert not is_one_sided(None)
