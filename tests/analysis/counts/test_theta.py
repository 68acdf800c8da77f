"""The likeliest theta: its derivatives by differences, and the joint maximum from either side."""

import numpy as np
import pytest

from trialkit.analysis.counts.theta import ThetaLikelihood, maximise_negative_binomial
from trialkit.analysis.generalised.families import NegativeBinomial

RNG = np.random.default_rng(3)
MEAN = RNG.uniform(0.5, 5, 40)
COUNTS = RNG.poisson(MEAN * RNG.gamma(1.2, 1 / 1.2, 40)).astype(float)


@pytest.mark.parametrize("theta", [0.2, 1.0, 30.0])
def test_the_derivatives_are_those_of_the_log_likelihood(theta: float) -> None:
    first, second = ThetaLikelihood(outcome=COUNTS).derivatives(theta, MEAN)
    step = 1e-4 * theta
    at = [NegativeBinomial(theta + k * step).log_likelihood(COUNTS, MEAN) for k in (-1, 0, 1)]
    assert first == pytest.approx((at[2] - at[0]) / (2 * step), rel=1e-6, abs=1e-8)
    assert second == pytest.approx((at[2] - 2 * at[1] + at[0]) / step**2, rel=1e-3, abs=1e-5)


def test_large_counts_have_the_same_derivatives(monkeypatch: pytest.MonkeyPatch) -> None:
    by_sums = ThetaLikelihood(outcome=COUNTS).derivatives(0.7, MEAN)
    monkeypatch.setattr("trialkit.analysis.counts.theta.MOST_TERMS", -1)
    by_functions = ThetaLikelihood(outcome=COUNTS).derivatives(0.7, MEAN)
    np.testing.assert_allclose(by_sums, by_functions, rtol=1e-10)


def test_the_joint_maximum_has_no_slope_and_any_start_finds_it() -> None:
    design = np.column_stack([np.ones(40), RNG.normal(size=40)])
    found = maximise_negative_binomial(design, COUNTS, offset=np.zeros(40))
    mean = np.exp(design @ found.coefficients)
    first, second = ThetaLikelihood(outcome=COUNTS).derivatives(found.theta, mean)
    assert abs(first) < 1e-8
    assert second < 0
    score = design.T @ ((COUNTS - mean) / (1 + mean / found.theta))
    np.testing.assert_allclose(score, 0, atol=1e-8)
    again = maximise_negative_binomial(design, COUNTS, offset=np.zeros(40), start=found)
    np.testing.assert_allclose(again.coefficients, found.coefficients, atol=1e-9)
    assert again.theta == pytest.approx(found.theta, rel=1e-8)


def test_without_a_column_theta_is_alone() -> None:
    found = maximise_negative_binomial(np.zeros((40, 0)), COUNTS, offset=np.log(MEAN))
    assert found.theta == pytest.approx(ThetaLikelihood(outcome=COUNTS).maximum(MEAN, start=1.0))
