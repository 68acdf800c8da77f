"""Risks of a factorial trial; at the margin they are the models of binary_indo_rct.json."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.binary.trial_cases import EXPECTED
from tests.analysis.binary.trial_cases import FRAME as INDOMETHACIN
from tests.analysis.factorial.factorial_cases import FACTORS, made_up, one
from tests.conftest import examples
from trialkit.analysis.binary.standardisation import standardised_risks
from trialkit.analysis.factorial.factorial_risks import FactorialRisks, factorial_risks
from trialkit.errors import AnalysisError


def fit(frame: pd.DataFrame, **changed: Any) -> FactorialRisks:
    return factorial_risks(frame, **FACTORS | {"outcome": "e"} | changed)


@pytest.mark.parametrize(
    ("variance", "name"),
    [("model", "delta_model"), ("HC0", "delta_HC0"), ("HC3", "delta_HC3"), ("ye2023", "ye2023_se")],
)
def test_at_the_margin_it_is_the_standardised_risk_of_r(variance: str, name: str) -> None:
    found = factorial_risks(
        INDOMETHACIN, outcome="y", factors=["arm", "sod"],
        reference={"arm": "0_placebo", "sod": "0_no"}, covariates=["site", "risk", "age"],
        categories=["site"], order={"site": ["1_UM", "2_IU", "3_UK", "4_Case"]}, variance=variance,
    ).to_frame()  # fmt: skip
    row = one(found, "at the margin", "arm", measure="risk_difference")
    wanted = EXPECTED[name][0]
    se = wanted["rd"] if name == "ye2023_se" else wanted[0]["se"]
    low, high = EXPECTED["marginal_risk"]
    assert row["estimate"] == pytest.approx(high - low, rel=1e-8)
    assert row["se"] == pytest.approx(se, rel=1e-6)
    ratio = one(found, "at the margin", "arm", measure="odds_ratio")
    at = EXPECTED["logistic"]["names"].index("arm1_indomethacin")
    assert ratio["log_estimate"] == pytest.approx(EXPECTED["logistic"]["coef"][at], rel=1e-7)
    assert ratio["se"] == pytest.approx(EXPECTED["logistic"]["se"][at], rel=1e-6)


def test_the_cells_are_their_proportions() -> None:
    frame = made_up(5)
    found = fit(frame, variance="HC0")
    share = frame.groupby(["exercise", "education"])["e"].agg(["mean", "size", "sum"])
    cells = found.cell_risks()
    np.testing.assert_allclose(cells["estimate"], share["mean"], rtol=1e-9)
    np.testing.assert_allclose(
        cells["se"], np.sqrt(share["mean"] * (1 - share["mean"]) / share["size"]), rtol=1e-8
    )
    assert cells["events"].tolist() == share["sum"].tolist()
    mean = share["mean"]
    differences = mean["yes"] - mean["no"]
    table = found.to_frame()
    row = one(table, "interaction", "exercise x education", measure="risk_difference")
    assert row["estimate"] == pytest.approx(differences["yes"] - differences["no"], rel=1e-8)
    assert row["se"] == pytest.approx(np.sqrt((cells["se"] ** 2).sum()), rel=1e-8)


def test_odds_ratios_inside_are_those_of_statsmodels() -> None:
    frame = made_up(6)
    table = fit(frame, covariates=["x"]).to_frame()
    other = smf.logit("e ~ C(exercise) * C(education) + x", frame).fit(disp=0, tol=1e-12)
    for name, effect, factor, held in (
        ("C(exercise)[T.yes]", "inside the table", "exercise", "education = no"),
        ("C(education)[T.yes]", "inside the table", "education", "exercise = no"),
        ("C(exercise)[T.yes]:C(education)[T.yes]", "interaction", "exercise x education", ""),
    ):
        row = one(table, effect, factor, held=held, measure="odds_ratio")
        assert row["log_estimate"] == pytest.approx(other.params[name], rel=1e-6, abs=1e-8)
        assert row["se"] == pytest.approx(other.bse[name], rel=1e-6)
        assert row["p_value"] == pytest.approx(other.pvalues[name], rel=1e-5)


@settings(max_examples=examples(20))
@given(st.integers(0, 2**32 - 1))
def test_events_and_levels_mirror_and_inside_is_the_comparison_of_two_arms(seed: int) -> None:
    frame = made_up(seed)
    table = fit(frame, variance="HC0").to_frame()
    alone = standardised_risks(
        frame[frame["education"] == "yes"],
        outcome="e",
        arm="exercise",
        reference="no",
        variance="HC0",
    ).to_frame()
    for measure, at in (("risk_difference", 0), ("odds_ratio", 2)):
        row = one(table, "inside the table", "exercise", held="education = yes", measure=measure)
        for name in ("estimate", "se", "p_value"):
            assert row[name] == pytest.approx(alone[name][at], rel=1e-6, abs=1e-9)
    turned = fit(frame.assign(e=1 - frame["e"]), variance="HC0").to_frame()
    np.testing.assert_allclose(turned["se"], table["se"], rtol=1e-6)
    ratios = table["measure"] == "odds_ratio"
    np.testing.assert_allclose(
        turned["log_estimate"][ratios], -table["log_estimate"][ratios], rtol=1e-6, atol=1e-8
    )


def test_a_cell_without_events_has_no_odds_ratio_and_the_others_keep_theirs() -> None:
    frame = made_up(2)
    both = (frame["exercise"] == "yes") & (frame["education"] == "yes")
    table = fit(frame.assign(e=frame["e"] * ~both)).to_frame()
    ratios = table[table["measure"] == "odds_ratio"].set_index(["effect", "factor", "held"])
    lost = ratios.loc[("interaction", "exercise x education", "")]
    assert (lost["status"], lost["conf_low"], lost["conf_high"]) == ("not_estimable", 0, np.inf)
    assert "no finite odds ratio" in lost["note"]
    kept = ratios.loc[("inside the table", "exercise", "education = no")]
    whole = one(fit(frame).to_frame(), *kept.name[:2], held=kept.name[2], measure="odds_ratio")
    assert kept["estimate"] == pytest.approx(whole["estimate"], rel=1e-6)
    assert kept["se"] == pytest.approx(whole["se"], rel=1e-6)
    margin = ratios.loc[("at the margin", "exercise", "")]
    assert margin["status"] == "estimated"
    differences = table[table["measure"] == "risk_difference"]
    assert differences["note"].str.contains("a risk is 0 or 1").sum() == 5
    with pytest.raises(AnalysisError, match="no row used has the event"):
        fit(frame.assign(e=0))
    with pytest.raises(AnalysisError, match="nobody is in the cell"):
        fit(frame[~both])


def test_risks_that_do_not_vary_have_a_difference_without_limits() -> None:
    frame = made_up(2)
    frame = frame.assign(e=(frame["exercise"] == "yes").astype(int))
    table = fit(frame, variance="HC0").to_frame()
    row = one(table, "interaction", "exercise x education", measure="risk_difference")
    assert (row["estimate"], row["status"]) == (pytest.approx(0, abs=1e-9), "not_estimable")
    assert np.isnan(row[["se", "p_value", "conf_low"]].astype(float)).all()
    assert "do not vary" in row["note"]
