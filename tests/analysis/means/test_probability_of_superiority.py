"""Who has the higher value, by R's numbers, by closed forms, by scipy, and by what must hold."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.conftest import examples
from trialkit.analysis.means.probability_of_superiority import (
    ProbabilityOfSuperiority,
    probability_of_superiority,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Alternative

REFERENCE = Path(__file__).parents[2] / "reference" / "ordinal"
CASES = json.loads((REFERENCE / "brunner_munzel.json").read_text("utf-8"))["cases"]
# Neubert and Brunner 2007, table 1: pain on the third day after laparoscopic surgery, by treatment
PAIN_Y = [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1]
PAIN_N = [3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4]
SCALE = st.lists(st.integers(0, 4), min_size=3, max_size=15)


def found(one: Any, other: Any, **options: Any) -> ProbabilityOfSuperiority:
    return probability_of_superiority(np.array(one, float), np.array(other, float), **options)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["data"])
def test_r_gives_the_same(case: dict[str, Any]) -> None:
    reference, experimental = (np.repeat(np.arange(len(row)), row) for row in case["counts"])
    ours, theirs = found(experimental, reference), case["brunner_munzel"]
    assert ours.estimate == pytest.approx(case["probability_superiority"], rel=1e-12)
    assert ours.statistic == pytest.approx(theirs["statistic"], rel=1e-12)
    assert ours.df == pytest.approx(theirs["df"], rel=1e-12)
    assert ours.se == pytest.approx(theirs["se"], rel=1e-12)
    assert ours.p_value == pytest.approx(theirs["p"], rel=1e-9)
    assert (ours.conf_low, ours.conf_high) == pytest.approx(theirs["ci_t"], rel=1e-10)


def test_the_published_example_is_met() -> None:
    """As R's lawstat and brunnermunzel print it."""
    ours = found(PAIN_N, PAIN_Y)
    assert ours.estimate == pytest.approx(0.788961, abs=5e-7)
    assert ours.statistic == pytest.approx(3.1375, abs=5e-5)
    assert ours.df == pytest.approx(17.683, abs=5e-4)
    assert ours.p_value == pytest.approx(0.005786, abs=5e-7)
    assert (ours.conf_low, ours.conf_high) == pytest.approx((0.5952169, 0.9827052), abs=5e-8)


@given(one=SCALE, other=SCALE)
@settings(max_examples=examples(100))
def test_every_pair_is_counted_and_scipy_tests_alike(one: list[int], other: list[int]) -> None:
    assume(len({*one, *other}) > 1)
    ours = found(one, other)
    pairs = [1.0 if x > y else 0.5 if x == y else 0.0 for x, y in product(one, other)]
    assert ours.estimate == pytest.approx(np.mean(pairs))
    assume(ours.se > 0)
    for side, name in (
        (Alternative.TWO_SIDED, "two-sided"),
        (Alternative.LESS, "less"),
        (Alternative.GREATER, "greater"),
    ):
        theirs = stats.brunnermunzel(one, other, alternative=name)
        assert found(one, other, alternative=side).p_value == pytest.approx(theirs.pvalue)


@given(one=SCALE, other=SCALE)
@settings(max_examples=examples(100))
def test_arms_exchanged_mirror_and_only_the_order_counts(one: list[int], other: list[int]) -> None:
    assume(len({*one, *other}) > 1)
    ours, mirrored = found(one, other), found(other, one)
    assert mirrored.estimate == pytest.approx(1 - ours.estimate)
    assert (mirrored.conf_low, mirrored.conf_high) == pytest.approx(
        (1 - ours.conf_high, 1 - ours.conf_low)
    )
    stretched = found(np.exp(one), np.exp(other))
    assert stretched == ours


@given(one=SCALE, other=SCALE, level=st.sampled_from([0.8, 0.9, 0.95]))
@settings(max_examples=examples(100))
def test_its_limits_leave_out_one_half_exactly_where_its_test_rejects(
    one: list[int], other: list[int], level: float
) -> None:
    assume(len({*one, *other}) > 1)
    ours = found(one, other, conf_level=level)
    assume(ours.se > 0 and abs(ours.p_value - (1 - level)) > 1e-9)
    assert (ours.conf_low > 0.5 or ours.conf_high < 0.5) == (ours.p_value < 1 - level)


def test_one_sided_limits_reach_to_the_end_of_the_scale() -> None:
    less, greater = (found(PAIN_N, PAIN_Y, alternative=side) for side in ("less", "greater"))
    assert less.conf_low == 0
    assert greater.conf_high == 1
    assert found(PAIN_N, PAIN_Y, conf_level=0.9).conf_low == pytest.approx(greater.conf_low)


def test_arms_that_are_wholly_apart_have_no_limits() -> None:
    apart = found([5, 6, 7], [1, 2, 3])
    assert (apart.estimate, apart.se, apart.p_value) == (1.0, 0.0, 0.0)
    assert (apart.conf_low, apart.conf_high) == (1.0, 1.0)
    assert found([5, 6, 7], [1, 2, 3], alternative="less").p_value == 1.0
    alike = found([1, 1, 3, 3], [2, 2])
    assert (alike.estimate, alike.p_value) == (0.5, 1.0)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [([1], [2, 3], "two subjects"), ([1, 1], [1, 1, 1], "all values are equal")],
)
def test_too_little_is_refused(one: list[int], other: list[int], why: str) -> None:
    with pytest.raises(AnalysisError, match=why):
        found(one, other)
