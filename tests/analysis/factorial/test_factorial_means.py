"""Means of a factorial trial against lm and emmeans in factorial_simulated.json."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.factorial.factorial_cases import EXPECTED, FACTORS, FRAME, made_up, one
from tests.conftest import examples
from trialkit.analysis.factorial.factorial_means import FactorialMeans, factorial_means
from trialkit.analysis.linear.ancova import ancova
from trialkit.errors import AnalysisError


def fit(frame: pd.DataFrame, **changed: Any) -> FactorialMeans:
    return factorial_means(frame, **FACTORS | {"outcome": "y"} | changed)


REFERENCE_FIT = fit(FRAME, covariates=["base"])
EFFECTS = REFERENCE_FIT.to_frame()


def is_emmeans(row: pd.Series, wanted: dict[str, Any]) -> None:
    for ours, theirs in (
        ("estimate", "estimate"), ("se", "SE"), ("df", "df"), ("conf_low", "lower.CL"),
        ("conf_high", "upper.CL"), ("statistic", "t.ratio"), ("p_value", "p.value"),
    ):  # fmt: skip
        assert row[ours] == pytest.approx(wanted[theirs], rel=1e-8), ours


def test_the_margins_and_the_interaction_are_those_of_lm() -> None:
    for model, effect, factor in (
        ("margins", "at the margin", "exercise"),
        ("margins", "at the margin", "education"),
        ("interaction", "interaction", "exercise x education"),
    ):
        name = "exerciseyes:educationyes" if effect == "interaction" else f"{factor}yes"
        at = [each["_row"] for each in EXPECTED[model]["coef"]].index(name)
        wanted, row = EXPECTED[model]["coef"][at], one(EFFECTS, effect, factor)
        assert row["estimate"] == pytest.approx(wanted["Estimate"], rel=1e-8)
        assert row["se"] == pytest.approx(wanted["Std. Error"], rel=1e-8)
        assert row["statistic"] == pytest.approx(wanted["t value"], rel=1e-8)
        assert row["p_value"] == pytest.approx(wanted["Pr(>|t|)"], rel=1e-7)
        limits = row[["conf_low", "conf_high"]].astype(float)
        np.testing.assert_allclose(limits, EXPECTED[model]["ci"][at], rtol=1e-8)


def test_inside_the_table_and_averaged_are_those_of_emmeans() -> None:
    for factor, other in (("exercise", "education"), ("education", "exercise")):
        for wanted in EXPECTED[f"simple_effects_{factor}"]:
            is_emmeans(
                one(EFFECTS, "inside the table", factor, held=f"{other} = {wanted[other]}"), wanted
            )
    is_emmeans(one(EFFECTS, "averaged inside", "exercise"), EXPECTED["equal_weight_main"][0])


def test_the_cells_are_those_of_emmeans() -> None:
    found = REFERENCE_FIT.cell_means().set_index(["exercise", "education"])
    for wanted in EXPECTED["cell_means"]:
        row = found.loc[(wanted["exercise"], wanted["education"])]
        for ours, theirs in (
            ("estimate", "emmean"), ("se", "SE"), ("df", "df"), ("conf_low", "lower.CL"), ("conf_high", "upper.CL"),
        ):  # fmt: skip
            assert row[ours] == pytest.approx(wanted[theirs], rel=1e-8)
    assert found["n"].sum() == 157
    assert "n = 157" in REFERENCE_FIT.title


def test_the_interaction_test_is_statsmodels_in_two_by_three_with_robust_errors() -> None:
    frame = made_up(3, n=90).assign(education=lambda each: np.arange(90) // 2 % 3)
    asked: dict[str, Any] = {"reference": {"exercise": "no", "education": 0}, "covariates": ["x"]}
    other = smf.ols("y ~ C(exercise) * C(education) + x", frame).fit()
    ours = fit(frame, **asked).interaction_test()
    test = other.f_test(
        "C(exercise)[T.yes]:C(education)[T.1] = 0, C(exercise)[T.yes]:C(education)[T.2] = 0"
    )
    assert (ours.df_num, ours.df_den) == (2, other.df_resid)
    assert ours.statistic == pytest.approx(float(test.fvalue), rel=1e-9)
    robust = smf.ols("y ~ C(exercise) + C(education) + x", frame).fit(cov_type="HC3")
    row = one(fit(frame, robust="HC3", **asked).to_frame(), "at the margin", "exercise")
    assert row["se"] == pytest.approx(robust.bse["C(exercise)[T.yes]"], rel=1e-9)


@settings(max_examples=examples(20))
@given(st.integers(0, 2**32 - 1))
def test_a_cell_against_another_is_ancova_and_the_interaction_the_difference(seed: int) -> None:
    frame = made_up(seed)
    table = fit(frame).to_frame()
    cells = frame.assign(arm=frame["exercise"] + frame["education"])
    order = {"arm": ["nono", "noyes", "yesno", "yesyes"]}
    pairs = ancova(cells, outcome="y", arm="arm", reference="nono", order=order).contrasts()
    row = one(table, "inside the table", "exercise", held="education = no")
    assert row["estimate"] == pytest.approx(pairs["estimate"][1], rel=1e-8)
    assert row["p_value"] == pytest.approx(pairs["p_value"][1], rel=1e-6)
    inside = table[(table["effect"] == "inside the table") & (table["factor"] == "exercise")]
    low, high = inside["estimate"]
    interaction = one(table, "interaction", "exercise x education")["estimate"]
    assert interaction == pytest.approx(high - low, rel=1e-8, abs=1e-10)
    assert one(table, "averaged inside", "exercise")["estimate"] == pytest.approx((low + high) / 2)
    turned = fit(
        frame.sample(frac=1, random_state=1), reference={"exercise": "yes", "education": "no"},
        factors=["education", "exercise"],
    ).to_frame()  # fmt: skip
    mirrored = one(turned, "interaction", "education x exercise")
    assert mirrored["estimate"] == pytest.approx(-interaction, rel=1e-7, abs=1e-10)


def test_what_has_no_table_is_refused_in_words() -> None:
    frame = made_up(1)
    gone = frame[~((frame["exercise"] == "yes") & (frame["education"] == "no"))]
    for data, asked, message in (
        (gone, {}, "nobody is in the cell exercise = yes, education = no"),
        (frame, {"factors": ["exercise"], "reference": {"exercise": "no"}}, "must name 2 to 4"),
        (frame, {"reference": {"exercise": "no"}}, "must give the reference level of each factor"),
        (frame, {"reference": "no"}, "must give the reference level of each factor"),
        (frame, {"reference": {"exercise": "No", "education": "no"}}, "is not a level of"),
        (frame.assign(y=1.0), {}, "reproduces the outcome exactly"),
        (frame.assign(exercise="no"), {}, "holds 'no'"),
    ):
        with pytest.raises(AnalysisError, match=message):
            fit(data, **asked)
    frame.loc[0, "education"] = None
    assert fit(frame).excluded["reason"].tolist() == ["education is missing"]
