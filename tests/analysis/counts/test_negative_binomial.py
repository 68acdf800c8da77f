"""Negative-binomial regression against MASS, a spline like MASS's, Poisson's limit and statsmodels."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

from tests.analysis.counts.rate_cases import CASES, covariates, read, small
from tests.conftest import examples
from trialkit.analysis.counts.negative_binomial import (
    NegativeBinomialRegression,
    negative_binomial_regression,
)
from trialkit.analysis.counts.poisson import poisson_regression
from trialkit.analysis.counts.theta import maximise_negative_binomial
from trialkit.analysis.generalised.families import NegativeBinomial, Poisson
from trialkit.analysis.generalised.scoring import largest_log_likelihood

BOTH = pytest.mark.parametrize(
    ("case", "model"), [(case, model) for case in CASES for model in ("unadjusted", "adjusted")]
)


def fit(case: str, model: str) -> NegativeBinomialRegression:
    expected, frame = read(case)
    return negative_binomial_regression(
        frame,
        outcome="y",
        arm="arm",
        reference=expected["arms"][0],
        exposure="t",
        covariates=covariates(case, model),
        categories=("site",),
    )


@BOTH
def test_coefficients_theta_and_ratio_test_are_those_of_mass(case: str, model: str) -> None:
    """Reference: counts_epilepsy_total.json, counts_falls_simulated.json."""
    expected, found = read(case)[0][model], fit(case, model)
    table = found.coefficients()
    np.testing.assert_allclose(table["estimate"], expected["negbin"]["coef"], rtol=1e-9)
    np.testing.assert_allclose(table["se"], expected["negbin"]["se"], rtol=1e-9)
    assert found.theta == pytest.approx(expected["theta"], rel=1e-9)
    assert found.theta_se == pytest.approx(expected["theta_se"], rel=1e-6)
    assert 2 * found.log_likelihood == pytest.approx(expected["negbin_2loglik"], rel=1e-12)
    test = found.likelihood_ratio_test()
    assert test["statistic"][0] == pytest.approx(expected["negbin_lr_arm"], rel=1e-8)


def splined(found: NegativeBinomialRegression, index: int, time: pd.Series) -> list[float]:
    """Limits as MASS finds them: a spline through the profile's root at steps of a fifth of a cut."""
    design, y, offset = found.design.matrix, found.rows.outcome, np.log(time.to_numpy())
    family, table = NegativeBinomial(found.theta), found.coefficients()
    estimate, se = float(table["estimate"][index]), float(table["se"][index])
    cut = np.sqrt(6.634896601021215)  # of profile.glm: alpha = 0.01
    values, roots = [estimate], [0.0]
    for side in (-1, 1):
        for step in range(1, 11):
            value = estimate + side * step * cut / 5 * se
            level, _ = largest_log_likelihood(
                np.delete(design, index, axis=1),
                y,
                family,
                offset=offset + design[:, index] * value,
            )
            values.append(value)
            roots.append(side * np.sqrt(2 * (found.log_likelihood - level)))
            if abs(roots[-1]) > cut:
                break
    order = np.argsort(values)
    curve = CubicSpline(np.array(values)[order], np.array(roots)[order])
    ends = []
    for side in (-1, 1):
        reach = estimate + side * 3 * se
        low, high = min(estimate, reach), max(estimate, reach)
        ends.append(brentq(lambda v, s=side: curve(v) - s * 1.959963984540054, low, high))
    return ends


@BOTH
def test_profile_limits_with_theta_held_are_those_of_mass(case: str, model: str) -> None:
    expected, found = read(case)[0][model]["negbin_profile_ci"], fit(case, model)
    table = found.coefficients(limits="profile_dispersion_held")
    ours = table[["conf_low", "conf_high"]].to_numpy()
    np.testing.assert_allclose(ours, expected, rtol=5e-5)
    _, frame = read(case)
    same = [splined(found, index, frame["t"]) for index in range(len(ours))]
    assert np.abs(np.array(same) - ours).max() < 4e-5


@BOTH
def test_at_a_profile_limit_the_likelihood_has_fallen_by_the_quantile(
    case: str, model: str
) -> None:
    found = fit(case, model)
    _, frame = read(case)
    offset = np.log(frame["t"].to_numpy())
    column, others = found.design.matrix[:, 1], np.delete(found.design.matrix, 1, axis=1)
    limits = found.contrasts(limits="profile")
    for end in ("conf_low", "conf_high"):
        at = maximise_negative_binomial(
            others, found.rows.outcome, offset=offset + column * np.log(limits[end][0])
        )
        fall = 2 * (found.log_likelihood - at.log_likelihood)
        assert fall == pytest.approx(3.841458820694124, rel=1e-9)


@BOTH
def test_statsmodels_has_the_same_likelihood_and_no_slope_there(case: str, model: str) -> None:
    found = fit(case, model)
    _, frame = read(case)
    other = sm.NegativeBinomial(frame["y"], found.design.matrix, exposure=frame["t"].to_numpy())
    at = np.append(found.coefficients()["estimate"], -np.log(found.theta))
    assert other.loglike(at) == pytest.approx(found.log_likelihood, rel=1e-12)
    curvature = np.sqrt(-np.diag(other.hessian(at)))
    np.testing.assert_allclose(other.score(at) / curvature, 0, atol=1e-7)


def test_counts_without_overdispersion_are_poissons() -> None:
    frame = pd.DataFrame({"arm": ["A"] * 6 + ["B"] * 6, "y": [2, 3, 2, 3, 2, 3, 1, 2, 1, 2, 1, 1]})
    found = negative_binomial_regression(frame, outcome="y", arm="arm", reference="A")
    poisson = poisson_regression(frame, outcome="y", arm="arm", reference="A", variance="model")
    assert found.theta == np.inf
    assert np.isnan(found.theta_se)
    assert "theta is infinite" in found.to_frame()["note"][0]
    for limits in ("wald", "profile"):
        columns = ["estimate", "se", "conf_low", "conf_high", "p_value"]
        np.testing.assert_allclose(
            found.contrasts(limits=limits)[columns], poisson.contrasts(limits=limits)[columns]
        )
    assert found.log_likelihood == pytest.approx(poisson.log_likelihood)


@settings(max_examples=examples(30))
@given(st.integers(0, 2**32 - 1))
def test_the_distribution_goes_to_poissons_as_theta_grows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    y, mean = rng.poisson(3, 20).astype(float), rng.uniform(0.5, 6, 20)
    limit = Poisson().log_likelihood(y, mean)
    gaps = [
        abs(NegativeBinomial(theta).log_likelihood(y, mean) - limit) for theta in (1e4, 1e6, 1e8)
    ]
    assert gaps[2] < 1e-5
    assert gaps[2] < gaps[1] / 50 < gaps[0] / 2500


@settings(max_examples=examples(25))
@given(st.integers(0, 2**32 - 1))
def test_arms_swap_and_rows_move(seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "arm": np.repeat(["A", "B"], 25),
            "y": rng.poisson(2 * rng.gamma(0.7, 1 / 0.7, 50)) + np.tile([1, 0, 0, 0, 0], 10),
            "t": rng.uniform(0.5, 2, 50),
        }
    )
    arguments: dict[str, Any] = {"outcome": "y", "arm": "arm", "exposure": "t"}
    one = negative_binomial_regression(frame, reference="A", **arguments)
    moved = frame.sample(frac=1, random_state=seed % 1000)
    two = negative_binomial_regression(moved, reference="B", **arguments)
    assert two.to_frame()["estimate"][0] == pytest.approx(1 / one.to_frame()["estimate"][0])
    assert two.to_frame()["p_value"][0] == pytest.approx(one.to_frame()["p_value"][0], rel=1e-6)
    assert two.theta == pytest.approx(one.theta, rel=1e-6)


def test_an_arm_without_an_event_has_one_limit() -> None:
    frame = small([7, 1, 0, 0])
    found = negative_binomial_regression(frame, outcome="y", arm="arm", reference="A", exposure="t")
    assert found.to_frame()["estimate"][0] == 0
    limits = found.contrasts(limits="profile")
    assert limits["conf_low"][0] == 0
    assert 0 < limits["conf_high"][0] < np.inf
