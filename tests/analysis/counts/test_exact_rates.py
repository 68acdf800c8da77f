"""The exact ratio of two rates against R's poisson.test, scipy's binomial test, and its edges."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from tests.analysis.counts.rate_cases import CASES, read
from tests.conftest import examples
from trialkit.analysis.counts.exact_rates import ArmRate, exact_rate_ratio, rate_ratio
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import ExactRateLimits


@pytest.mark.parametrize("case", CASES)
def test_the_ratio_is_that_of_r(case: str) -> None:
    """Reference: counts_falls_simulated.json, counts_epilepsy_total.json."""
    expected, frame = read(case)
    found = exact_rate_ratio(
        frame, outcome="y", arm="arm", reference=expected["arms"][0], exposure="t"
    )
    exact = expected["exact_rate_ratio"]
    row = found.to_frame().iloc[0]
    assert row["estimate"] == pytest.approx(exact["estimate"], rel=1e-12)
    np.testing.assert_allclose([row["conf_low"], row["conf_high"]], exact["ci"], rtol=1e-9)
    assert row["p_value"] == pytest.approx(exact["p"], rel=1e-8)
    for each in found.rates:
        assert each.events == expected["events"][each.arm]
        assert each.n == expected["n"][each.arm]
        assert each.time == pytest.approx(expected["time"][each.arm], rel=1e-12)


def arms(x: int, y: int, t: float = 2.0, u: float = 3.0) -> tuple[ArmRate, ArmRate]:
    return ArmRate(arm="E", events=x, time=t, n=9), ArmRate(arm="C", events=y, time=u, n=9)


@settings(max_examples=examples(80))
@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.2, 5))
def test_it_is_the_binomial_of_the_events_and_swaps(x: int, y: int, t: float) -> None:
    if not x + y:
        return
    one, other = arms(x, y, t, 1.0)
    found, swapped = rate_ratio(one, other), rate_ratio(other, one)
    share = t / (t + 1)
    assert found.p_value == pytest.approx(binomtest(x, x + y, share).pvalue, rel=1e-6)
    assert swapped.p_value == pytest.approx(found.p_value, rel=1e-6)
    limits = binomtest(x, x + y, share).proportion_ci(method="exact")
    assert found.conf_low == pytest.approx(limits.low / (1 - limits.low) / t, rel=1e-8, abs=1e-12)
    if x:
        assert swapped.conf_high == pytest.approx(1 / found.conf_low, rel=1e-8)


@settings(max_examples=examples(60))
@given(st.integers(0, 30), st.integers(0, 30))
def test_mid_p_limits_are_where_its_tails_are(x: int, y: int) -> None:
    if not x + y:
        return
    one, other = arms(x, y, 1.0, 1.0)
    found = rate_ratio(one, other, limits=ExactRateLimits.MID_P)
    exact = rate_ratio(one, other)
    assert exact.conf_low <= found.conf_low
    assert found.conf_high <= exact.conf_high
    n = x + y
    if x:
        share = found.conf_low / (1 + found.conf_low)
        tail = binom.sf(x, n, share) + binom.pmf(x, n, share) / 2
        assert tail == pytest.approx(0.025, rel=1e-7)
    half = binom.sf(x, n, 0.5) + binom.pmf(x, n, 0.5) / 2
    assert found.p_value == pytest.approx(min(1.0, 2 * min(half, 1 - half)), rel=1e-9)


def test_an_arm_without_events_leaves_one_limit() -> None:
    none, some = arms(0, 6, 1.0, 1.0)
    found = rate_ratio(none, some)
    assert (found.estimate, found.conf_low) == (0, 0)
    high = found.conf_high / (1 + found.conf_high)
    assert (1 - high) ** 6 == pytest.approx(0.025)
    turned = rate_ratio(some, none)
    assert turned.estimate == turned.conf_high == np.inf
    for limits in ExactRateLimits:
        assert rate_ratio(none, some, limits=limits).conf_high < np.inf


def test_no_event_at_all_is_refused() -> None:
    frame = pd.DataFrame({"arm": ["A", "B"], "y": [0, 0]})
    arguments: dict[str, Any] = {"outcome": "y", "arm": "arm", "reference": "A"}
    with pytest.raises(AnalysisError, match="no row has an event"):
        exact_rate_ratio(frame, **arguments)
    three = pd.DataFrame({"arm": list("ABC"), "y": [0, 0, 4]})
    with pytest.raises(AnalysisError, match="neither B nor A has an event"):
        exact_rate_ratio(three, order={"arm": ["A", "B", "C"]}, **arguments)
