"""Logistic regression against R, the trial of binary_indo_rct.json, and separated events."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.binary.trial_cases import EXPECTED, FINITE, FRAME, MODEL
from tests.conftest import examples
from trialkit.analysis.binary.logistic import logistic_regression
from trialkit.errors import AnalysisError


def test_coefficients_limits_and_ratio_test_are_those_of_r() -> None:
    found = logistic_regression(FRAME, when_separated="likelihood", **MODEL)
    table = found.coefficients().iloc[FINITE]
    for column, wanted in (("estimate", "coef"), ("se", "se")):
        np.testing.assert_allclose(
            table[column], np.array(EXPECTED["logistic"][wanted])[FINITE], rtol=1e-9
        )
    test = found.likelihood_ratio_test()
    assert test["statistic"][0] == pytest.approx(EXPECTED["logistic_lr_arm"], rel=1e-9)
    profile = found.coefficients(limits="profile")
    wanted = np.array(EXPECTED["logistic_profile_ci"], dtype=float)[FINITE]
    ours = profile[["conf_low", "conf_high"]].to_numpy()
    np.testing.assert_allclose(ours[FINITE], wanted, rtol=2e-4)  # R interpolates
    assert ours[4][0] == -np.inf
    assert 0 < ours[4][1] < 10


def test_at_its_limits_the_likelihood_has_fallen_by_the_quantile() -> None:
    found = logistic_regression(FRAME, when_separated="likelihood", **MODEL)
    rows = FRAME["site"] != "4_Case"
    design = np.delete(found.design.matrix[rows], 4, axis=1)
    y = FRAME["y"][rows].to_numpy()
    whole = sm.GLM(y, design, family=sm.families.Binomial()).fit(tol=1e-12)
    table = found.coefficients(limits="profile").drop(index=4).reset_index()
    for index in range(design.shape[1]):
        for end in ("conf_low", "conf_high"):
            rest = sm.GLM(
                y,
                np.delete(design, index, axis=1),
                family=sm.families.Binomial(),
                offset=design[:, index] * table[end][index],
            ).fit(tol=1e-12)
            assert 2 * (whole.llf - rest.llf) == pytest.approx(3.841458820694124, rel=1e-7)


def test_a_separated_site_brings_firths_likelihood_and_says_so() -> None:
    found = logistic_regression(FRAME, **MODEL)
    row = found.to_frame().iloc[0]
    assert found.model == "Firth's logistic"
    assert (
        "Firth's penalised likelihood, since maximum likelihood has no finite estimate of"
        in str(row["note"])
    )
    assert "site[4_Case]" in str(row["note"])
    assert np.isfinite(found.coefficients()["estimate"]).all()
    assert row["log_estimate"] == pytest.approx(-0.746, abs=0.02)


def table(a: int, b: int, c: int, d: int) -> pd.DataFrame:
    """Events and others of arm E, then of arm C."""
    return pd.DataFrame(
        {"arm": np.repeat(["E", "C"], [a + b, c + d]), "y": np.repeat([1, 0, 1, 0], [a, b, c, d])}
    )


ARMS: dict[str, Any] = {"outcome": "y", "arm": "arm", "reference": "C"}


@settings(max_examples=examples(30))
@given(*(st.integers(1, 12),) * 3)
def test_firth_of_a_table_adds_a_half_to_each_cell(b: int, c: int, d: int) -> None:
    found = logistic_regression(table(0, b, c, d), **ARMS)
    odds = 0.5 / (b + 0.5) / ((c + 0.5) / (d + 0.5))
    row = found.contrasts(limits="profile").iloc[0]
    assert row["estimate"] == pytest.approx(odds, rel=1e-7)
    assert row["conf_low"] < row["estimate"] < row["conf_high"]
    assert found.likelihood_ratio_test()["p_value"][0] <= 1


def test_a_table_without_zeros_is_woolfs() -> None:
    found = logistic_regression(table(5, 9, 8, 4), **ARMS).to_frame().iloc[0]
    assert found["estimate"] == pytest.approx(5 * 4 / 9 / 8, rel=1e-10)
    assert found["se"] == pytest.approx((1 / 5 + 1 / 9 + 1 / 8 + 1 / 4) ** 0.5, rel=1e-10)
    assert found["note"] == ""


def test_an_arm_without_events_by_likelihood_has_one_limit() -> None:
    found = logistic_regression(table(0, 12, 4, 8), when_separated="likelihood", **ARMS)
    assert found.to_frame()["status"][0] == "not_estimable"
    limits = found.contrasts(limits="profile").iloc[0]
    assert (limits["estimate"], limits["conf_low"]) == (0, 0)
    assert 0 < limits["conf_high"] < 1


@pytest.mark.parametrize("cells", [(0, 5, 0, 5), (5, 0, 5, 0)])
def test_an_event_of_nobody_or_all_is_refused(cells: tuple[int, int, int, int]) -> None:
    with pytest.raises(AnalysisError, match="has nothing to tell apart"):
        logistic_regression(table(*cells), **ARMS)


def test_a_level_may_be_named_as_the_event() -> None:
    frame = table(5, 9, 8, 4)
    words = frame.assign(y=np.where(frame["y"] == 1, "fell", "did not"))
    named = logistic_regression(words, event="fell", **ARMS).to_frame()
    pd.testing.assert_frame_equal(named, logistic_regression(frame, **ARMS).to_frame())


@settings(max_examples=examples(25))
@given(st.integers(0, 2**32 - 1))
def test_swaps_of_arms_and_of_the_event_mirror(seed: int) -> None:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"arm": np.repeat(["C", "E"], 30), "y": np.tile([0, 1], 30), "x": rng.normal(size=60)}
    ).assign(y=lambda each: rng.permutation(each["y"]))
    one = logistic_regression(frame, covariates=["x"], **ARMS).contrasts(limits="profile")
    swapped = logistic_regression(frame, covariates=["x"], **ARMS | {"reference": "E"}).contrasts(
        limits="profile"
    )
    other = logistic_regression(
        frame.assign(y=1 - frame["y"]).sample(frac=1, random_state=1), covariates=["x"], **ARMS
    ).contrasts(limits="profile")
    for mirrored in (swapped, other):
        assert mirrored["conf_low"][0] == pytest.approx(1 / one["conf_high"][0], rel=1e-7)
        assert mirrored["p_value"][0] == pytest.approx(one["p_value"][0], rel=1e-7)


def three_arms() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    arm = np.repeat(["C", "D", "E"], 40)
    age = rng.normal(size=120)
    risk = 1 / (1 + np.exp(-(-0.5 + 0.8 * (arm == "D") + 0.2 * (arm == "E") + age)))
    return pd.DataFrame({"arm": arm, "age": age, "y": (rng.random(120) < risk).astype(int)})


def test_the_ratio_test_of_an_arm_is_that_of_a_model_without_it() -> None:
    frame = three_arms()
    order = {"arm": ["C", "D", "E"]}
    found = logistic_regression(frame, **ARMS, order=order, covariates=["age"])
    tests = found.contrast_ratio_tests()
    for place, arm in enumerate(["D", "E"]):
        other = frame["arm"] == ("E" if arm == "D" else "D")
        matrix = np.column_stack([np.ones(len(frame)), other, frame["age"]]).astype(float)
        less = sm.GLM(frame["y"], matrix, family=sm.families.Binomial()).fit(tol=1e-12)
        fall = 2 * (found.log_likelihood - less.llf)
        assert tests["statistic"][place] == pytest.approx(fall, rel=1e-8)
    (low, high) = found.contrasts(limits="profile", conf_level=1 - tests["p_value"][0]).loc[
        0, ["conf_low", "conf_high"]
    ]
    assert min(abs(np.log(low)), abs(np.log(high))) == pytest.approx(0, abs=1e-6)


def test_of_two_arms_the_ratio_test_of_the_arm_is_that_of_all_arms() -> None:
    found = logistic_regression(table(3, 9, 7, 5), **ARMS)
    whole, each = found.likelihood_ratio_test(), found.contrast_ratio_tests()
    assert each["statistic"][0] == pytest.approx(whole["statistic"][0], rel=1e-12)
    assert found.infinite == ()
    assert logistic_regression(table(0, 9, 7, 5), **ARMS).infinite == ("arm[E]",)
