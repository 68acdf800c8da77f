"""Profile limits: lme4's under ML (mixed_models.json), and the definition under REML."""

import numpy as np
import pytest
from scipy.stats import chi2

from tests.analysis.mixed.mixed_cases import MADE_UP, THERAPISTS, expected, frame, made_up
from trialkit.analysis.mixed import profiling
from trialkit.analysis.mixed.climbing import Cone, climb
from trialkit.analysis.mixed.profiling import correlation_limits, variance_limits
from trialkit.analysis.mixed.random_intercepts import random_intercepts


def test_limits_of_deviations_are_those_of_lme4() -> None:
    wanted = expected("mixed/mixed_models")["nested_ml"]
    fit = random_intercepts(
        frame("mixed/therapists"), cluster=["site", "therapist"], nested=True,
        covariates=["base", "sex"], method="ml", inference="satterthwaite", **THERAPISTS,
    )  # fmt: skip
    table = fit.variance_components().set_index("component")
    found = np.sqrt(table.loc[["therapist", "site", "residual"], ["conf_low", "conf_high"]])
    # lme4 interpolates its profile
    np.testing.assert_allclose(found.to_numpy(), wanted["profile_sd"], rtol=2e-5)


def test_at_a_limit_the_likelihood_ratio_is_the_quantile() -> None:
    fit = random_intercepts(made_up(3, clusters=12, sd=3), **MADE_UP).model
    assert fit.at.theta[0] > 0
    level = chi2.ppf(0.9, 1)
    for which in (0, 1):
        other = np.delete(np.eye(2), which, axis=1)
        for limit in variance_limits(fit, which, conf_level=0.9):
            offset = np.eye(2)[which] * limit / fit.unit**2
            at = climb(fit.sums, Cone(offset=offset, turn=other), np.array([0.5]), restricted=True)
            assert at is not None
            assert at.at.value - fit.at.value == pytest.approx(level, abs=1e-6)
    shared, total = np.array([True, False]), np.array([True, True])
    for limit in correlation_limits(fit, shared, total, conf_level=0.9):
        cone = Cone(offset=np.zeros(2), turn=np.array([[limit], [1 - limit]]))
        at = climb(fit.sums, cone, np.array([1.0]), restricted=True)
        assert at is not None
        assert at.at.value - fit.at.value == pytest.approx(level, abs=1e-6)


def test_limits_of_a_scaled_outcome_scale() -> None:
    data = made_up(3, clusters=12, sd=3)
    one = random_intercepts(data, **MADE_UP).variance_components()
    two = random_intercepts(data.assign(y=10 * data["y"]), **MADE_UP).variance_components()
    for name in ("estimate", "conf_low", "conf_high"):
        np.testing.assert_allclose(two[name], 100 * one[name], rtol=1e-6)


def test_limits_that_cannot_be_found_are_blank_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    fit = random_intercepts(made_up(3), **MADE_UP)
    monkeypatch.setattr(profiling, "climb", lambda *_, **__: None)
    table = fit.variance_components()
    assert table[["conf_low", "conf_high"]].isna().all(axis=None)
    assert table["note"].str.startswith("no limits").all()
    (row,) = fit.icc(limits="profile").to_dict("records")
    assert np.isnan(row["conf_low"])
    assert row["note"].startswith("no limits")
    assert fit.icc().iloc[0]["note"] == ""
