"""Poisson regression against R (glm, sandwich), statsmodels, and what it answers at the edges.

Reference: counts_epilepsy_total.json, counts_falls_simulated.json.
"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.counts.rate_cases import CASES, covariates, read, small
from tests.conftest import examples
from trialkit.analysis.counts.poisson import poisson_regression
from trialkit.analysis.generalised.ratio_model import RatioModel
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import CountVariance


def fit(case: str, model: str, variance: str) -> RatioModel:
    expected, frame = read(case)
    return poisson_regression(
        frame,
        outcome="y",
        arm="arm",
        reference=expected["arms"][0],
        exposure="t",
        covariates=covariates(case, model),
        categories=("site",),
        variance=variance,
    )


@pytest.mark.parametrize("model", ["unadjusted", "adjusted"])
@pytest.mark.parametrize("case", CASES)
def test_coefficients_and_errors_are_those_of_r(case: str, model: str) -> None:
    expected = read(case)[0][model]
    errors = {
        "model": expected["poisson"]["se"],
        "HC0": expected["poisson_robust_HC0"],
        "HC1": expected["poisson_robust_HC1"],
        "quasi": expected["quasi"]["se"],
    }
    for variance, se in errors.items():
        found = fit(case, model, variance).coefficients()
        np.testing.assert_allclose(found["estimate"], expected["poisson"]["coef"], rtol=1e-9)
        np.testing.assert_allclose(found["se"], se, rtol=1e-8)


@pytest.mark.parametrize("model", ["unadjusted", "adjusted"])
@pytest.mark.parametrize("case", CASES)
def test_the_likelihood_and_its_profile_are_statsmodels(case: str, model: str) -> None:
    found = fit(case, model, "model")
    _, frame = read(case)
    y, design = frame["y"].to_numpy(), found.design.matrix
    other = sm.GLM(y, design, family=sm.families.Poisson(), exposure=frame["t"]).fit()
    assert found.log_likelihood == pytest.approx(other.llf, rel=1e-12)
    mean = np.asarray(other.mu)
    deviance = 2 * float(np.sum(np.where(y > 0, y * np.log(np.maximum(y, 1) / mean), 0) - y + mean))
    assert deviance == pytest.approx(read(case)[0][model]["poisson_deviance"], rel=1e-10)
    limits = found.contrasts(limits="profile")
    for end in ("conf_low", "conf_high"):
        held = np.log(limits[end][0])
        rest = sm.GLM(
            y,
            np.delete(design, 1, axis=1),
            family=sm.families.Poisson(),
            offset=np.log(frame["t"]) + held * design[:, 1],
        ).fit()
        assert 2 * (other.llf - rest.llf) == pytest.approx(3.841458820694124, rel=1e-8)
    without = sm.GLM(
        y, np.delete(design, 1, axis=1), family=sm.families.Poisson(), exposure=frame["t"]
    ).fit()
    test = found.likelihood_ratio_test()
    assert test["statistic"][0] == pytest.approx(2 * (other.llf - without.llf), rel=1e-8)


def test_a_quasi_model_has_t_and_no_likelihood() -> None:
    found = fit("counts_falls_simulated", "unadjusted", "quasi")
    assert found.to_frame()["df"][0] == 238
    with pytest.raises(AnalysisError, match="Poisson model with quasi variance has no profile"):
        found.contrasts(limits="profile")
    with pytest.raises(AnalysisError, match="no likelihood ratio test"):
        found.likelihood_ratio_test()


def test_an_arm_without_an_event_has_one_limit() -> None:
    found = poisson_regression(
        small([2, 3, 0, 0]), outcome="y", arm="arm", reference="A", exposure="t", variance="model"
    )
    wald, profile = found.contrasts(), found.contrasts(limits="profile")
    assert wald["estimate"][0] == 0
    assert wald["status"][0] == "not_estimable"
    assert "no finite estimate of arm[B]" in wald["note"][0]
    assert (profile["conf_low"][0], profile["status"][0]) == (0, "estimated")
    # two rates 5/3 and r*5/3: where twice the likelihood has fallen by the quantile
    ratio = profile["conf_high"][0]
    rate = 5 / (3 + 2 * ratio)
    highest = 5 * np.log(5 / 3) - 5
    at = 5 * np.log(rate) - rate * (3 + 2 * ratio)
    assert 2 * (highest - at) == pytest.approx(3.841458820694124, rel=1e-9)
    turned = poisson_regression(
        small([0, 0, 2, 3]), outcome="y", arm="arm", reference="A", exposure="t", variance="model"
    )
    assert turned.contrasts()["estimate"][0] == np.inf
    assert np.isfinite(turned.contrasts(limits="profile")["conf_low"][0])


def test_a_site_without_an_event_leaves_the_arms_as_without_it() -> None:
    _, frame = read("counts_falls_simulated")
    empty = frame.assign(y=np.where(frame["site"] == 4, 0, frame["y"]))
    arguments: dict[str, Any] = {
        "outcome": "y", "arm": "arm", "reference": "CG", "exposure": "t",
        "covariates": ["site"], "categories": ["site"],
    }  # fmt: skip
    for variance in (CountVariance.MODEL, CountVariance.HC0):
        whole = poisson_regression(empty, variance=variance, **arguments)
        rest = poisson_regression(empty[empty["site"] != 4], variance=variance, **arguments)
        columns = ["estimate", "se", "conf_low", "conf_high"]
        np.testing.assert_allclose(
            whole.to_frame()[columns].to_numpy(float),
            rest.to_frame()[columns].to_numpy(float),
            rtol=1e-10,
        )
        assert "site[4]" in whole.notes[0]
    assert whole.coefficients()["estimate"].iloc[-1] == -np.inf


def test_who_was_never_at_risk_is_left_out_with_the_reason() -> None:
    frame = small([1, 2, 1, 0]).assign(t=[1.0, 1.0, 2.0, 0.0])
    frame = pd.concat([frame, small([1, 1, np.nan, 2]).assign(t=[np.nan, 1.0, 1.0, 1.0])])
    frame["id"] = [f"s{i}" for i in range(8)]
    found = poisson_regression(
        frame, outcome="y", arm="arm", reference="A", exposure="t", subject="id"
    )
    assert dict(zip(found.excluded["subject"], found.excluded["reason"], strict=True)) == {
        "s3": "t is 0: never at risk",
        "s4": "t is missing",
        "s6": "y is missing",
    }
    assert found.counts == {"A": 3, "B": 2}


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (
            small([1, 2, 1, 0]).assign(t=[1, 1, 0, 1]),
            "have events of 'y' with an exposure 't' of 0",
        ),
        (small([1, 2, 1, 0]).assign(t=[1, 1, -1, 1]), "holds 1 negative time"),
        (small([1, 2, -1, 0]), "whole numbers from 0 up, got -1"),
        (small([1, 2, 1.5, 0]), "whole numbers from 0 up, got 1.5"),  # type: ignore[list-item]
        (small([0, 0, 0, 0]), "no row has an event"),
        (small([1, 2, 1, 0], arms="AAAA"), "needs two arms"),
    ],
)
def test_what_no_rate_can_be_made_of_is_refused(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        poisson_regression(frame, outcome="y", arm="arm", reference="A", exposure="t")


@settings(max_examples=examples(40))
@given(st.integers(0, 2**32 - 1), st.sampled_from(list(CountVariance)))
def test_arms_swap_rows_move_and_time_has_any_unit(seed: int, variance: CountVariance) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "arm": np.repeat(["A", "B"], 15),
            "y": rng.poisson(2, 30) + np.tile([1, 0, 0], 10),
            "t": rng.uniform(0.5, 2, 30),
            "x": rng.normal(size=30),
        }
    )
    arguments: dict[str, Any] = {
        "outcome": "y", "arm": "arm", "exposure": "t", "covariates": ["x"], "variance": variance
    }  # fmt: skip
    one = poisson_regression(frame, reference="A", **arguments).to_frame()
    swapped = poisson_regression(frame, reference="B", **arguments).to_frame()
    assert swapped["estimate"][0] == pytest.approx(1 / one["estimate"][0], rel=1e-9)
    assert swapped["conf_low"][0] == pytest.approx(1 / one["conf_high"][0], rel=1e-9)
    moved = frame.sample(frac=1, random_state=seed % 1000).assign(t=lambda each: each["t"] * 365.25)
    other = poisson_regression(moved, reference="A", **arguments).to_frame()
    columns = ["estimate", "se", "p_value", "conf_low"]
    np.testing.assert_allclose(other[columns], one[columns], rtol=1e-8)
