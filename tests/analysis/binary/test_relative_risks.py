"""Risk ratios by modified Poisson and log-binomial models against R: binary_indo_rct.json."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.analysis.binary.trial_cases import EXPECTED, FINITE, FRAME, MODEL
from trialkit.analysis.binary.relative_risks import log_binomial, modified_poisson
from trialkit.errors import AnalysisError


def test_modified_poisson_is_that_of_r() -> None:
    found = modified_poisson(FRAME, **MODEL).coefficients().iloc[FINITE]
    wanted = np.array(EXPECTED["modified_poisson"]["coef"])[FINITE]
    np.testing.assert_allclose(found["estimate"], wanted, rtol=1e-9)
    robust = np.array(EXPECTED["modified_poisson_HC0"])[FINITE]
    np.testing.assert_allclose(found["se"], robust, rtol=1e-9)


def test_log_binomial_is_that_of_r() -> None:
    model = log_binomial(FRAME, **MODEL)
    found = model.coefficients().iloc[FINITE]
    for column, wanted in (("estimate", "coef"), ("se", "se")):
        np.testing.assert_allclose(
            found[column], np.array(EXPECTED["log_binomial"][wanted])[FINITE], rtol=1e-8
        )
    limits = model.contrasts(limits="profile").iloc[0]
    assert limits["conf_low"] < limits["estimate"] < limits["conf_high"] < 1
    assert "site[4_Case]" in limits["note"]


ARMS: dict[str, Any] = {"outcome": "y", "arm": "arm", "reference": "C"}


def test_without_covariates_both_are_the_ratio_of_risks_with_katzs_error() -> None:
    frame = pd.DataFrame(
        {"arm": np.repeat(["E", "C"], [14, 12]), "y": np.repeat([1, 0, 1, 0], [5, 9, 8, 4])}
    )
    for model in (log_binomial(frame, **ARMS), modified_poisson(frame, **ARMS)):
        row = model.to_frame().iloc[0]
        assert row["measure"] == "risk_ratio"
        assert row["estimate"] == pytest.approx(5 / 14 / (8 / 12), rel=1e-9)
        assert row["se"] == pytest.approx((1 / 5 - 1 / 14 + 1 / 8 - 1 / 12) ** 0.5, rel=1e-9)


def test_risks_that_reach_one_are_refused_with_what_to_take() -> None:
    x = np.arange(12.0)
    frame = pd.DataFrame({"arm": ["C", "E"] * 6, "y": [0, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1], "x": x})
    with pytest.raises(AnalysisError, match="no maximum with all risks below 1; take modified"):
        log_binomial(frame, covariates=["x"], **ARMS)
    assert modified_poisson(frame, covariates=["x"], **ARMS).to_frame()["status"][0] == "estimated"


def test_variances_are_named_and_others_refused() -> None:
    frame = pd.DataFrame({"arm": ["C", "C", "E", "E"] * 4, "y": [0, 1, 1, 1, 0, 1, 0, 1] * 2})
    errors = [modified_poisson(frame, variance=v, **ARMS).to_frame()["se"][0]
              for v in ("HC0", "HC1", "HC3")]  # fmt: skip
    assert errors[0] < errors[1] < errors[2]
    assert errors[1] == pytest.approx(errors[0] * (16 / 14) ** 0.5)
    with pytest.raises(AnalysisError, match="known are HC0, HC1, HC3"):
        modified_poisson(frame, variance="HC4", **ARMS)


def test_an_arm_without_events_has_a_ratio_of_nothing() -> None:
    frame = pd.DataFrame({"arm": ["C"] * 6 + ["E"] * 6, "y": [1, 1, 0, 0, 0, 1] + [0] * 6})
    for model in (log_binomial(frame, **ARMS), modified_poisson(frame, **ARMS)):
        row = model.to_frame().iloc[0]
        assert (row["estimate"], row["status"]) == (0, "not_estimable")
        assert "no event" in row["note"]
