"""Differences of two shares on each scale: limits and test written out, and what turning changes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from trialkit.analysis.survival.share_differences import compared_shares
from trialkit.protocol.methods.time_to_event import CurveLimits

ONE = {"share": 0.72, "se": 0.061}
OTHER = {"share": 0.48, "se": 0.068}


def compared(one: dict[str, float], other: dict[str, float], limits: CurveLimits) -> pd.Series:
    arrays = [np.array([each]) for each in (*one.values(), *other.values())]
    return compared_shares(*arrays, limits=limits, conf_level=0.95).iloc[0]


def test_the_complementary_log_log_test_is_that_of_klein_and_its_limits_are_recovered() -> None:
    """Klein and others 2007, formula (3); Zou and Donner 2008, formula (9)."""
    found = compared(ONE, OTHER, CurveLimits.LOG_LOG)
    s, e = np.array([0.72, 0.48]), np.array([0.061, 0.068])
    g, spread = np.log(-np.log(s)), e / np.abs(s * np.log(s))
    z = (g[1] - g[0]) / np.sqrt((spread**2).sum())
    assert found["statistic"] == pytest.approx(z, rel=1e-12)
    assert found["p_value"] == pytest.approx(2 * norm.sf(abs(z)), rel=1e-12)
    q = norm.ppf(0.975)
    low, high = np.exp(-np.exp(g + q * spread)), np.exp(-np.exp(g - q * spread))
    d = s[0] - s[1]
    assert found["conf_low"] == pytest.approx(
        d - np.sqrt((s[0] - low[0]) ** 2 + (high[1] - s[1]) ** 2), rel=1e-12
    )
    assert found["conf_high"] == pytest.approx(
        d + np.sqrt((high[0] - s[0]) ** 2 + (s[1] - low[1]) ** 2), rel=1e-12
    )


def test_the_test_of_logarithms_is_that_of_their_ratio() -> None:
    found = compared(ONE, OTHER, CurveLimits.LOG)
    spread = np.hypot(0.061 / 0.72, 0.068 / 0.48)
    assert found["statistic"] == pytest.approx(np.log(0.72 / 0.48) / spread, rel=1e-12)


def test_limits_of_any_scale_are_alike_where_shares_are_well_known() -> None:
    one, other = ({**each, "se": each["se"] / 1000} for each in (ONE, OTHER))
    rows = [compared(one, other, limits) for limits in CurveLimits]
    for name in ("conf_low", "conf_high"):
        assert np.ptp([row[name] for row in rows]) < 1e-7


@pytest.mark.parametrize("limits", [CurveLimits.LOG_LOG, CurveLimits.LOG])
@pytest.mark.parametrize("edge", [0.0, 1.0])
def test_a_share_of_none_or_all_has_no_test_on_a_logarithmic_scale(
    limits: CurveLimits, edge: float
) -> None:
    found = compared({"share": edge, "se": 0.0}, OTHER, limits)
    assert found["estimate"] == edge - 0.48
    assert found[["statistic", "p_value", "conf_low", "conf_high"]].isna().all()


@given(
    shares=st.tuples(*[st.floats(0.02, 0.98)] * 2),
    errors=st.tuples(*[st.floats(0.001, 0.2)] * 2),
    limits=st.sampled_from(list(CurveLimits)),
)
def test_turning_the_arms_mirrors_and_limits_hold_the_estimate(
    shares: tuple[float, float], errors: tuple[float, float], limits: CurveLimits
) -> None:
    one, other = ({"share": s, "se": e} for s, e in zip(shares, errors, strict=True))
    found, turned = compared(one, other, limits), compared(other, one, limits)
    assert found["p_value"] == pytest.approx(turned["p_value"], rel=1e-9)
    for name, its in (("estimate", "estimate"), ("conf_low", "conf_high")):
        assert found[name] == pytest.approx(-turned[its], abs=1e-12)
    assert -1 <= found["conf_low"] <= found["estimate"] <= found["conf_high"] <= 1
