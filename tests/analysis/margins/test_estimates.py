"""Estimates of any model against a margin; for means margins.json of R, else the models' own limits."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.binary.logistic import logistic_regression
from trialkit.analysis.binary.standardisation import standardised_risks
from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.margins.estimates import (
    EstimatesAgainstMargin,
    compare_estimates_with_margin,
)
from trialkit.analysis.margins.margins import compare_means_with_margin
from trialkit.analysis.repeated.fit import mmrm
from trialkit.analysis.survival.cox import cox_regression
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "between"
CASE = json.loads((REFERENCE / "margins.json").read_text(encoding="utf-8"))
FRAME = pd.DataFrame(
    {"y": CASE["x"] + CASE["y"], "arm": ["EG"] * len(CASE["x"]) + ["CG"] * len(CASE["y"])}
)
WHO: dict[str, Any] = {"arm": "arm", "reference": "CG"}
ROWS = pd.DataFrame(
    {
        "arm": ["CG", "EG"] * 30,
        "x": np.random.default_rng(3).normal(size=60),
        "e": np.random.default_rng(4).integers(0, 2, 60),
        "t": np.random.default_rng(5).exponential(5, 60),
    }
)


def held(table: pd.DataFrame, **changed: Any) -> EstimatesAgainstMargin:
    asked = {
        "scale": "difference", "question": "non_inferiority", "margin": 1.5, "direction": "higher",
    }  # fmt: skip
    return compare_estimates_with_margin(table, **asked | changed)


@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_a_model_without_covariates_is_the_t_test_of_r(direction: str) -> None:
    table = ancova(FRAME, outcome="y", **WHO).contrasts()
    row = held(table, direction=direction).to_frame().iloc[0]
    statistic, p = CASE[f"student_{direction}"]
    assert row["statistic"] == pytest.approx(statistic, rel=1e-9)
    assert row["p_value"] == pytest.approx(p, rel=1e-8)
    own = compare_means_with_margin(
        FRAME, outcome="y", **WHO, question="non_inferiority", margin=1.5, direction=direction,
        method="student_t",
    ).to_frame().iloc[0]  # fmt: skip
    assert (row["conclusion"], row["shown"]) == (own["conclusion"], own["shown"])
    assert row["conf_low"] == pytest.approx(own["conf_low"], rel=1e-9)


@settings(max_examples=examples(60))
@given(
    st.floats(-3, 3), st.floats(0.05, 2), st.sampled_from([4.0, 30.0, np.inf]), st.floats(0.2, 3),
    st.tuples(st.sampled_from(["non_inferiority", "equivalence"]), st.sampled_from(["higher", "lower"])),
)  # fmt: skip
def test_p_and_limits_agree_and_a_ratio_is_its_logarithm(
    value: float, se: float, df: float, margin: float, asks: tuple[str, str]
) -> None:
    question, direction = asks
    table = pd.DataFrame({"contrast": ["B - A"], "estimate": [value], "se": [se], "df": [df]})
    asked = {"question": question, "direction": direction}
    row = held(table, margin=margin, **asked).to_frame().iloc[0]
    assert row["shown"] == (row["p_value"] < 0.025)
    ratio = table.assign(estimate=np.exp(value), log_estimate=value)
    bound = np.exp(-margin if direction == "higher" else margin)
    other = held(ratio, scale="hazard_ratio", margin=bound, **asked).to_frame().iloc[0]
    assert other["p_value"] == pytest.approx(row["p_value"], rel=1e-6, abs=1e-12)
    assert other["conf_low"] == pytest.approx(np.exp(row["conf_low"]), rel=1e-6)
    assert other["conclusion"] == row["conclusion"]
    # the mirror: arms exchanged, the other direction
    turned = {"higher": "lower", "lower": "higher"}[direction]
    mirror = held(table.assign(estimate=-value), margin=margin, question=question, direction=turned)
    assert mirror.contrasts[0].p_value == pytest.approx(row["p_value"], rel=1e-9, abs=1e-14)


def test_the_tables_of_models_are_taken_as_they_are() -> None:
    """Limits at 1 − 2 alpha are the models' own, whichever way the standard error is read."""
    logistic = logistic_regression(ROWS, outcome="e", **WHO, covariates=["x"])
    cox = cox_regression(ROWS, time="t", event="e", **WHO)
    risks = standardised_risks(
        ROWS, outcome="e", **WHO, covariates=["x"], conf_level=0.9
    ).to_frame()
    logs = ancova(ROWS.assign(t=ROWS["t"] + 1), outcome="t", **WHO, scale="log")
    for table, scale, ninety in (
        (logistic.contrasts(), "odds_ratio", logistic.contrasts(conf_level=0.9)),
        (cox.hazard_ratios(), "hazard_ratio", cox.hazard_ratios(conf_level=0.9)),
        (logs.contrasts(), "ratio", logs.contrasts(conf_level=0.9)),
        (risks.iloc[[1]], "risk_ratio", risks.iloc[[1]]),
    ):
        found = held(table, scale=scale, margin=0.5, alpha=0.05).to_frame().iloc[0]
        assert found["conf_low"] == pytest.approx(ninety["conf_low"].iloc[0], rel=1e-6), scale
        assert found["conf_high"] == pytest.approx(ninety["conf_high"].iloc[0], rel=1e-6), scale
    difference = risks.iloc[[0]]
    found = held(difference, scale="percentage_points", margin=0.2, alpha=0.05).to_frame().iloc[0]
    assert found["conf_low"] == pytest.approx(difference["conf_low"].iloc[0], rel=1e-9)


def test_the_words_name_the_arms_where_the_contrast_does() -> None:
    table = pd.DataFrame({"contrast": ["B / A", "a - b - c"], "estimate": 1.0, "se": 0.1})
    words = held(table).to_frame()["conclusion"]
    assert words[0].startswith("B is non-inferior to A")
    assert words[1].startswith("the experimental arm is non-inferior to the reference")


def test_what_cannot_be_held_against_a_margin_is_refused_in_words() -> None:
    table = pd.DataFrame({"contrast": ["B - A"], "estimate": [1.1], "se": [0.1], "df": [20.0]})
    limits = table.assign(conf_low=0.9, conf_high=1.5, conf_level=0.95)
    for data, asked, message in (
        (table, {"margin": 0}, "a number above 0"),
        (table, {"alpha": 0.5}, "alpha is one-sided"),
        (table, {"scale": "odds_ratio", "margin": 1.25}, "is below 1, such as 0.8"),
        (table, {"scale": "odds_ratio", "margin": 0.8, "direction": "lower"}, "is above 1"),
        (table, {"scale": "odds_ratio", "margin": 1}, "no difference"),
        (table, {"scale": "percentage_points"}, "0.1 is 10 %"),
        (table, {"scale": "probability"}, "has no margin here"),
        (table, {"scale": "odds_ratio", "margin": 0.8}, "conf_low"),
        (limits, {"scale": "odds_ratio", "margin": 0.8}, "not symmetric"),
        (
            limits.assign(adjustment="holm"),
            {"scale": "ratio", "margin": 0.8},
            "adjusted for several",
        ),
        (table.assign(se=0.0), {}, "nothing is to be held"),
        (table.assign(estimate=-1.0), {"scale": "ratio", "margin": 0.8}, "a ratio is above 0"),
        (table.assign(log_estimate=0.1), {}, "the table is of ratios"),
        (table.iloc[:0], {}, "has no row"),
        (table.drop(columns="contrast"), {}, "contrast"),
    ):
        with pytest.raises(AnalysisError, match=message):
            held(data, **asked)


def test_rows_of_one_contrast_keep_what_tells_them_apart() -> None:
    table = pd.DataFrame(
        {
            "visit": ["w6", "w12"],
            "contrast": "B - A",
            "scale": "x",
            "estimate": [1.0, 2],
            "se": 1.0,
            "df": 9.0,
        }
    )
    found = held(table).to_frame()
    assert list(found)[:4] == ["contrast", "visit", "scale", "estimate"]
    assert found["visit"].tolist() == ["w6", "w12"]
    assert found["scale"].tolist() == ["difference"] * 2


def test_the_mixed_model_of_repeated_measures_is_taken_visit_by_visit() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(30), 3),
            "visit": np.tile(["a", "b", "c"], 30),
            "arm": np.repeat(np.where(np.arange(30) % 2, "EG", "CG"), 3),
            "y": rng.normal(size=90) + np.repeat(rng.normal(size=30), 3),
        }
    )
    model = mmrm(
        frame, outcome="y", subject="id", visit="visit", arm="arm", reference="CG",
        order={"visit": ["a", "b", "c"], "arm": ["CG", "EG"]},
    )  # fmt: skip
    table = model.contrasts(conf_level=0.95)
    found = held(table).to_frame()
    np.testing.assert_allclose(found["conf_low"], table["conf_low"], rtol=1e-8)
    assert found["visit"].tolist() == table["visit"].tolist()
