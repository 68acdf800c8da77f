"""Whole numbers of what has no amount are asked about, and nothing else is."""

import numpy as np
import pandas as pd
import pytest

import trialkit
from trialkit.analysis.frames.codes import refuse_codes
from trialkit.analysis.linear.linear_model import FactorColumn
from trialkit.errors import AnalysisError

THREE = np.array([1.0, 2.0, 3.0, np.nan, 2.0])


@pytest.mark.parametrize(
    "name",
    ["site", "Site", "SITEID", "site_id", "centre", "CenterNo", "study centre", "region", "race_cd",
     "stratum", "therapist code", "school", "trial_site_number"],
)  # fmt: skip
def test_a_name_of_groups_is_asked_about(name: str) -> None:
    with pytest.raises(AnalysisError, match=r"in whole numbers \(1, 2, 3\), which may be codes"):
        refuse_codes(THREE, name, parameter="covariates")


@pytest.mark.parametrize(
    "name",
    ["age", "site_volume", "classes", "blocks", "score", "baseline", "distance to site", "id", "no",
     "n_sites", "racetime", "wardrobe", "stateside", ""],
)  # fmt: skip
def test_what_may_be_an_amount_is_not(name: str) -> None:
    refuse_codes(THREE, name, parameter="covariates")


@pytest.mark.parametrize(
    "values",
    [[0.0, 1.0, 1.0, np.nan], [1.5, 2.0, 3.0], [], [np.nan]],
    ids=["two values", "not whole", "none", "missing"],
)
def test_two_values_or_parts_are_no_codes(values: list[float]) -> None:
    refuse_codes(np.array(values), "site", parameter="covariates")


def people() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "who": [f"P{each // 2}" for each in range(60)],
            "when": np.tile(["W4", "W8"], 30),
            "arm": pd.Categorical(np.repeat(["CG", "EG"], 30), categories=["CG", "EG"], ordered=True),
            "site": np.repeat(np.tile([1, 2, 3, 4, 5, 6], 5), 2),
            "score": rng.normal(size=60),
        }
    )  # fmt: skip


def test_the_message_says_what_to_write_and_that_is_accepted() -> None:
    frame = people()
    options = {"outcome": "score", "arm": "arm", "reference": "CG", "covariates": ("site",)}
    with pytest.raises(AnalysisError) as caught:
        trialkit.ancova(frame, **options)
    said = str(caught.value)
    assert "covariates='site' is written in whole numbers (1, 2, 3, 4, 5, …)" in said
    assert "pass order={'site': [1, 2, 3, …]} or make the column text" in said
    levels = sorted(set(frame["site"]))
    stated = trialkit.ancova(frame, **options, order={"site": levels})
    assert stated.to_frame().set_index("term").loc["site", "df_num"] == len(levels) - 1
    text = frame.assign(site="S" + frame["site"].astype(str))
    order = {"site": [f"S{each}" for each in levels]}
    as_text = trialkit.ancova(text, **options, order=order)
    assert as_text.contrasts()["estimate"][0] == pytest.approx(stated.contrasts()["estimate"][0])
    amount = trialkit.ancova(
        frame.rename(columns={"site": "site_volume"}), **{**options, "covariates": ("site_volume",)}
    )
    assert amount.to_frame().set_index("term").loc["site_volume", "df_num"] == 1  # fmt: skip


def test_it_is_asked_wherever_covariates_are_read() -> None:
    frame = people()
    options = {"outcome": "score", "arm": "arm", "reference": "CG", "covariates": ("site",)}
    visits = {"subject": "who", "visit": "when", "order": {"when": ["W4", "W8"]}}
    for call in (
        lambda: trialkit.mmrm(frame, **options, **visits),
        lambda: trialkit.rerandomisation_test(frame, **options, replicates=99, rng=np.random.default_rng(1)),
        lambda: trialkit.logistic_regression(frame.assign(score=frame["score"] > 0), **options),
        lambda: trialkit.quantile_regression(frame, **options),
    ):  # fmt: skip
        with pytest.raises(AnalysisError, match="which may be codes"):
            call()


def test_categories_are_a_statement_too() -> None:
    fit = trialkit.quantile_regression(
        people(), outcome="score", arm="arm", reference="CG", covariates=("site",), categories=("site",)
    )  # fmt: skip
    assert isinstance(fit.rows.covariates[0], FactorColumn)
