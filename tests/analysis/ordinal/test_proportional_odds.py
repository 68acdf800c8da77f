"""Proportional odds against R's clm: ordinal_licorice_pain.json, ordinal_pgic_simulated.json."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.miscmodels.ordinal_model import OrderedModel

from tests.analysis.ordinal.scale_cases import CASES, from_counts, read
from tests.conftest import examples
from trialkit.analysis.binary.logistic import logistic_regression
from trialkit.analysis.ordinal.proportional_odds import ProportionalOdds, proportional_odds
from trialkit.errors import AnalysisError

BOTH = pytest.mark.parametrize(
    ("case", "model"),
    [(case, model) for case in CASES for model in ("proportional_odds", "adjusted")],
)


def fit(case: str, model: str) -> ProportionalOdds:
    expected, frame = read(case)
    covariates = CASES[case] if model == "adjusted" else {}
    return proportional_odds(
        frame, outcome="y", arm="arm", reference=expected["arms"][0], **covariates
    )


@BOTH
def test_it_is_clm(case: str, model: str) -> None:
    wanted, found = read(case)[0][model], fit(case, model)
    thresholds, table = found.thresholds(), found.coefficients()
    np.testing.assert_allclose(thresholds["estimate"], wanted["thresholds"], rtol=1e-9)
    np.testing.assert_allclose(table["estimate"], np.atleast_1d(wanted["beta"]), rtol=1e-9)
    np.testing.assert_allclose([*thresholds["se"], *table["se"]], wanted["se"], rtol=1e-9)
    assert found.log_likelihood == pytest.approx(wanted["loglik"], rel=1e-12)
    ratio = found.to_frame()["estimate"][0]
    assert ratio == pytest.approx(np.atleast_1d(wanted["odds_ratio"])[0], rel=1e-10)
    test = found.likelihood_ratio_test().iloc[0]
    assert (test["statistic"], test["df"]) == (pytest.approx(wanted["lr_arm"], rel=1e-9), 1)
    profile = found.coefficients(limits="profile")[["conf_low", "conf_high"]]
    np.testing.assert_allclose(profile, wanted["profile_ci"], atol=2e-5)  # R interpolates
    assert found.nominal_test()["term"].tolist() == wanted["nominal_rows"][1:]


@pytest.mark.parametrize("case", CASES)
def test_levels_and_counts_are_those_of_the_file(case: str) -> None:
    expected, found = read(case)[0], fit(case, "proportional_odds")
    assert [str(level) for level in found.levels] == expected["levels"]
    counts = found.counts_by_level()
    for row in expected["counts"]:
        own = counts.loc[row["_row"]].tolist()
        assert own == [row[level] for level in expected["levels"]]


@pytest.mark.parametrize("case", CASES)
def test_the_nominal_model_of_the_arm_is_the_saturated_one(case: str) -> None:
    found = fit(case, "proportional_odds")
    counts = found.counts_by_level().to_numpy().astype(float)
    saturated = float(np.sum(counts * np.log(counts / counts.sum(axis=1, keepdims=True))))
    test = found.nominal_test().iloc[0]
    assert test["statistic"] == pytest.approx(2 * (saturated - found.log_likelihood), rel=1e-9)
    assert test["df"] == 3
    assert test["note"] == ""


@BOTH
def test_statsmodels_has_the_same_likelihood(case: str, model: str) -> None:
    found = fit(case, model)
    _, frame = read(case)
    other = OrderedModel(
        pd.Series(pd.Categorical(frame["y"], ordered=True)),
        found.design.matrix[:, 1:],
        distr="logit",
    ).fit(method="bfgs", disp=0, gtol=1e-8, maxiter=1000)
    assert found.log_likelihood == pytest.approx(other.llf, rel=1e-10)
    p = len(found.coefficients())
    np.testing.assert_allclose(found.coefficients()["estimate"], other.params[:p], atol=1e-5)


ARMS: dict[str, Any] = {"outcome": "y", "arm": "arm", "reference": "C"}


def test_two_levels_are_a_logistic_model() -> None:
    frame = from_counts({"C": [9, 6], "E": [4, 11]})
    found = proportional_odds(frame, **ARMS)
    logistic = logistic_regression(frame, **ARMS)
    for limits in ("wald", "profile"):
        columns = ["estimate", "se", "conf_low", "conf_high", "p_value"]
        np.testing.assert_allclose(
            found.contrasts(limits=limits)[columns],
            logistic.contrasts(limits=limits)[columns],
            rtol=1e-8,
        )
    assert found.nominal_test()["note"][0] == "two levels have one threshold"


@settings(max_examples=examples(25))
@given(
    st.lists(st.integers(1, 9), min_size=4, max_size=4),
    st.lists(st.integers(1, 9), min_size=4, max_size=4),
)
def test_swaps_mirror_and_the_scale_turned_over_inverts(c: list[int], e: list[int]) -> None:
    frame = from_counts({"C": c, "E": e})
    one = proportional_odds(frame, **ARMS).contrasts(limits="profile").iloc[0]
    swapped = proportional_odds(frame, **ARMS | {"reference": "E"}).contrasts(limits="profile")
    turned = proportional_odds(
        frame.assign(y=3 - frame["y"]).sample(frac=1, random_state=1), **ARMS
    ).contrasts(limits="profile")
    for other in (swapped, turned):
        row = other.iloc[0]
        assert row["estimate"] == pytest.approx(1 / one["estimate"], rel=1e-8)
        assert row["conf_low"] == pytest.approx(1 / one["conf_high"], rel=1e-7)
        assert row["se"] == pytest.approx(one["se"], rel=1e-8)


def test_words_need_their_order_and_empty_levels_go() -> None:
    frame = from_counts({"C": [5, 3, 0, 4], "E": [2, 6, 0, 7]})
    words = ["worse", "same", "odd", "better"]
    named = frame.assign(y=[words[level] for level in frame["y"]])
    with pytest.raises(AnalysisError, match="nobody stated the order"):
        proportional_odds(named, **ARMS)
    found = proportional_odds(named, order={"y": words}, **ARMS)
    assert found.levels == ("worse", "same", "better")
    assert found.thresholds()["threshold"].tolist() == ["worse | same", "same | better"]
    plain = proportional_odds(frame, **ARMS)
    assert found.to_frame()["estimate"][0] == pytest.approx(plain.to_frame()["estimate"][0])


def test_levels_that_the_arm_tells_apart_are_refused() -> None:
    apart = from_counts({"C": [5, 3, 0], "E": [0, 0, 6]})
    with pytest.raises(AnalysisError, match=r"tells levels of the outcome apart.*compare_wins"):
        proportional_odds(apart, **ARMS)


def test_one_level_only_is_refused() -> None:
    with pytest.raises(AnalysisError, match="one level of 'y', 2"):
        proportional_odds(pd.DataFrame({"arm": list("CCEE"), "y": [2, 2, 2, 2]}), **ARMS)


def test_where_an_arm_lacks_a_level_the_nominal_test_may_have_none_and_says_so() -> None:
    found = proportional_odds(from_counts({"C": [5, 3, 0, 4], "E": [2, 6, 3, 7]}), **ARMS)
    test = found.nominal_test().iloc[0]
    assert np.isnan(test["statistic"]) == bool(test["note"])


def test_missing_values_are_told() -> None:
    frame = from_counts({"C": [5, 3, 2], "E": [2, 6, 4]}).astype({"y": float})
    frame.loc[0, "y"] = np.nan
    found = proportional_odds(frame, **ARMS)
    assert found.excluded["reason"].tolist() == ["y is missing"]
    assert found.n == 21
