"""Profile limits of hazard ratios against R's likelihood with offsets, and where Wald's do not exist."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.survival.trials import further, made_up, trial
from tests.conftest import examples
from trialkit.analysis.survival.cox import cox_regression
from trialkit.analysis.survival.profiled_ratios import profiled_ratio_table
from trialkit.errors import AnalysisError

MADE_UP = {"time": "time", "event": "event", "arm": "arm", "reference": 0}


def nobody_relapses():
    frame = trial("MASS_gehan").frame
    return frame.assign(status=np.where(frame["arm"] == "6-MP", 0, frame["status"]))


@pytest.mark.parametrize(
    ("name", "options", "key"),
    [
        ("survival_veteran", {"covariates": ("karno",)}, "profile_veteran"),
        ("MASS_gehan", {"ties": "breslow"}, "profile_gehan_breslow"),
    ],
)
def test_limits_and_test_are_those_of_rs_likelihood(name, options, key):
    case, expected = trial(name), further()[key]
    found = cox_regression(case.frame, **case.columns, reference=case.arms[0], **options)
    row = found.hazard_ratios(limits="profile").iloc[0]
    assert np.log([row["conf_low"], row["conf_high"]]) == pytest.approx(
        expected["limits"], rel=1e-8
    )
    assert row["statistic"] ** 2 == pytest.approx(expected["ratio"][0], rel=1e-9)
    wald = found.to_frame().iloc[0]
    assert (row["estimate"], row["se"]) == (wald["estimate"], wald["se"])
    assert row["note"] == ""


def test_without_an_event_in_an_arm_one_limit_is_finite_and_is_that_of_r():
    case, expected = trial("MASS_gehan"), further()["profile_without_event"]
    found = cox_regression(nobody_relapses(), **case.columns, reference="control")
    row = found.hazard_ratios(limits="profile").iloc[0]
    assert (row["estimate"], row["conf_low"], row["status"]) == (0, 0, "estimated")
    assert np.log(row["conf_high"]) == pytest.approx(expected["limits"][1], rel=1e-8)
    assert row["statistic"] ** 2 == pytest.approx(expected["ratio"][0], rel=1e-8)
    assert row["statistic"] < 0
    assert "profile" in row["note"]
    turned = cox_regression(nobody_relapses(), **case.columns, reference="6-MP")
    other = turned.hazard_ratios(limits="profile").iloc[0]
    assert (other["estimate"], other["conf_high"]) == (np.inf, np.inf)
    assert other["conf_low"] == pytest.approx(1 / row["conf_high"], rel=1e-6)


@settings(max_examples=examples(15))
@given(st.integers(0, 10_000), st.sampled_from(["efron", "breslow", "exact"]))
def test_the_likelihood_ratio_test_of_one_arm_is_the_models(seed, ties):
    found = cox_regression(made_up(seed, n=30), **MADE_UP, ties=ties)
    row = found.hazard_ratios(limits="profile").iloc[0]
    test = found.tests().set_index("test").loc["likelihood_ratio"]
    assert row["p_value"] == pytest.approx(test["p_value"], rel=1e-7)
    assert (row["p_value"] < 0.05) == (not row["conf_low"] <= 1 <= row["conf_high"])


def test_each_of_several_arms_has_its_own_with_the_other_left_free():
    frame = made_up(8, n=60, arms=3)
    found = cox_regression(frame, **MADE_UP, covariates=("x",))
    both = profiled_ratio_table(found.fit, 0, conf_level=0.9)
    assert both["contrast"].tolist() == ["1 - 0", "2 - 0"]
    assert (both["conf_low"] < both["estimate"]).all()
    wider = found.hazard_ratios(limits="profile", conf_level=0.95)
    assert (wider["conf_low"] < both["conf_low"]).all()
    wald = found.hazard_ratios(conf_level=0.9)
    assert both["conf_high"].tolist() == pytest.approx(wald["conf_high"].tolist(), rel=0.1)


def test_robust_errors_and_all_pairs_have_no_profile():
    frame = made_up(8, n=60, arms=3)
    with pytest.raises(AnalysisError, match="cannot be robust"):
        cox_regression(frame, **MADE_UP, robust=True).hazard_ratios(limits="profile")
    with pytest.raises(AnalysisError, match="reference alone"):
        cox_regression(frame, **MADE_UP).hazard_ratios(limits="profile", comparisons="all_pairs")
