"""Hedges' g and its relatives against effectsize and against R's noncentral t distribution."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr
from scipy.stats import chi

from tests.conftest import examples
from trialkit.analysis.means.standardised import (
    hedges_correction,
    noncentral_t_interval,
    standardised_change,
    standardised_difference,
)
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "between"
CASES = sorted(REFERENCE.glob("cont_*.json"))
BLOCKS = [
    ("cohens_d", "pooled", False),
    ("hedges_g", "pooled", True),
    ("cohens_d_unpooled", "average", False),
    ("hedges_g_unpooled", "average", True),
    ("glass_delta", "reference", False),
]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
@pytest.mark.parametrize(("block", "standardiser", "corrected"), BLOCKS)
def test_standardised_differences_equal_effectsize(path, block, standardiser, corrected):
    case = json.loads(path.read_text(encoding="utf-8"))
    found = standardised_difference(
        np.array(case["x"]), np.array(case["y"]), standardiser=standardiser, corrected=corrected
    )
    estimate, _, low, high = case[block][0].values()
    assert found.estimate == pytest.approx(estimate, rel=1e-12)
    # effectsize's optimiser stops early: see the README beside the reference values
    assert found.conf_low == pytest.approx(low, rel=2e-6)
    assert found.conf_high == pytest.approx(high, rel=2e-4)


def test_paired_standardised_differences_equal_effectsize():
    case = json.loads((REFERENCE / "paired_sleep.json").read_text(encoding="utf-8"))
    differences = np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])
    for block, corrected in (("cohens_d_z", False), ("hedges_g_z", True)):
        estimate, _, low, high = case[block][0].values()
        found = standardised_change(differences, corrected=corrected)
        assert found.estimate == pytest.approx(estimate, rel=1e-12)
        assert (found.conf_low, found.conf_high) == pytest.approx((low, high), rel=2e-6)


NONCENTRAL = json.loads((REFERENCE / "noncentral_t.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", NONCENTRAL.values(), ids=NONCENTRAL.keys())
def test_noncentral_limits_equal_r_solved_to_full_precision(case):
    found = noncentral_t_interval(case["t"], df=case["df"], conf_level=0.95)
    assert found == pytest.approx(case["limits"], rel=1e-8, abs=1e-8)


def chance_of_more(t, *, df, noncentrality):
    """P(T > t) of the noncentral t, integrated over the chi distribution; scipy's own is NaN for some."""
    root = np.sqrt(df)
    spread = chi(df)

    def density(s):
        return ndtr(noncentrality - t * s) * spread.pdf(s * root) * root

    low, high = spread.ppf(1e-14) / root, spread.isf(1e-14) / root
    step = [noncentrality / t] if t and low < noncentrality / t < high else None
    return quad(density, low, high, points=step, limit=500, epsabs=0, epsrel=1e-11)[0]


@given(
    t=st.floats(-30, 30), df=st.integers(1, 500), level=st.sampled_from([0.8, 0.9, 0.95, 0.99])
)  # fmt: skip
@settings(max_examples=examples(40), deadline=None)
def test_limits_bracket_and_mirror(t, df, level):
    low, high = noncentral_t_interval(t, df=df, conf_level=level)
    assert low < high
    assert chance_of_more(t, df=df, noncentrality=low) == pytest.approx((1 - level) / 2, rel=1e-8)
    mirrored = noncentral_t_interval(-t, df=df, conf_level=level)
    assert mirrored == pytest.approx((-high, -low), rel=1e-8, abs=1e-8)


def test_the_correction_is_exact_and_not_the_approximation():
    assert hedges_correction(2) == pytest.approx(1 / np.sqrt(np.pi), rel=1e-12)
    assert hedges_correction(24) == pytest.approx(0.9683651, rel=1e-6)
    assert hedges_correction(24) != pytest.approx(1 - 3 / (4 * 24 - 1), rel=1e-6)


def test_effects_without_a_standardiser_are_refused():
    with pytest.raises(AnalysisError, match="standard deviation is zero"):
        standardised_difference(np.ones(4), np.zeros(4))
    with pytest.raises(AnalysisError, match="standard deviation is zero"):
        standardised_difference(np.array([1.0, 2.0]), np.zeros(4), standardiser="reference")
    with pytest.raises(AnalysisError, match="2 subjects an arm"):
        standardised_difference(np.ones(1), np.arange(4.0))
    with pytest.raises(AnalysisError, match="known are pooled, average, reference"):
        standardised_difference(np.arange(3.0), np.arange(4.0), standardiser="control")
    with pytest.raises(AnalysisError, match="all differences are equal"):
        standardised_change(np.ones(3))
    with pytest.raises(AnalysisError, match="more than 1 degree of freedom"):
        standardised_change(np.array([1.0, 2.0]))
