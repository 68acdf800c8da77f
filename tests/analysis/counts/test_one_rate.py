"""The rate of one group against R's poisson.test, scipy's chi-squared, and its edges."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from tests.analysis.counts.rate_cases import REFERENCE
from tests.conftest import examples
from trialkit.analysis.counts.one_rate import exact_events, summarise_rate
from trialkit.errors import AnalysisError

CASES = json.loads((REFERENCE / "one_rate.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['events']} events")
def test_the_limits_are_those_of_r(case: dict) -> None:
    counts, exposure = np.array([case["events"], 0.0]), np.array([case["exposure"] - 1, 1.0])
    found = summarise_rate(counts, exposure, conf_level=case["conf_level"])
    assert found.rate == pytest.approx(case["rate"], rel=1e-12)
    assert found.conf_low == pytest.approx(case["conf_low"], rel=1e-9)
    assert found.conf_high == pytest.approx(case["conf_high"], rel=1e-9)


@settings(max_examples=examples(60))
@given(st.integers(0, 500), st.floats(0.5, 0.999))
def test_limits_are_quantiles_of_chi_squared(events: int, level: float) -> None:
    low, high = exact_events(events, conf_level=level)
    tail = (1 - level) / 2
    assert high == pytest.approx(chi2.ppf(1 - tail, 2 * events + 2) / 2, rel=1e-7)
    assert low == pytest.approx(chi2.ppf(tail, 2 * events) / 2 if events else 0, rel=1e-7)
    assert low <= events <= high


def test_who_is_counted_and_how_it_scales() -> None:
    counts = np.array([2.0, 0.0, np.nan, 5.0, 1.0, 0.0])
    exposure = np.array([1.0, 2.0, 1.0, np.nan, 3.0, 0.0])
    found = summarise_rate(counts, exposure)
    assert (found.n, found.events, found.with_any, found.exposure) == (3, 3, 2, 6.0)
    scaled = summarise_rate(counts, 10 * exposure)
    assert (scaled.rate, scaled.conf_high) == pytest.approx((found.rate / 10, found.conf_high / 10))
    nobody = summarise_rate(np.array([1.0]), np.array([np.nan]))
    assert nobody.n == 0
    assert np.isnan([nobody.rate, nobody.conf_low, nobody.conf_high]).all()


@pytest.mark.parametrize(("counts", "exposure"), [([1.5], [1.0]), ([-1.0], [1.0]), ([1.0], [-1.0])])
def test_what_is_no_count_is_refused(counts: list[float], exposure: list[float]) -> None:
    with pytest.raises(AnalysisError):
        summarise_rate(np.array(counts), np.array(exposure))
