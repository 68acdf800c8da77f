"""A cross-sectional outcome imputed as R's mice imputes it, within the Monte Carlo error of its ten data sets."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.pooling import pool_imputations

MI = Path(__file__).parents[2] / "reference" / "mi"
VISITS = ["VIS1", "VIS2", "VIS3", "VIS4"]
COVARIATES = ["RACE", "SEX", "FEV1_BL"]
ORDER = {"RACE": ["Asian", "Black or African American", "White"], "SEX": ["Male", "Female"]}


@pytest.fixture(scope="module")
def observed():
    """What mice had: values that are the same in all ten data sets; the others it made up."""
    imputed = pd.read_csv(MI / "fev_wide_imputed_m10.csv")
    wide = imputed[imputed[".imp"] == 1].set_index("USUBJID")
    spread = imputed.groupby("USUBJID", sort=False)[VISITS].std(ddof=0)
    return wide.assign(**wide[VISITS].where(spread.loc[wide.index] < 1e-9)).reset_index()


@pytest.mark.slow
def test_the_effect_at_the_last_visit_is_that_of_mice(observed):
    kept = ["USUBJID", "ARMCD", *COVARIATES]
    long = observed.melt(kept, VISITS, var_name="visit", value_name="FEV1")
    assert 0.2 < long["FEV1"].isna().mean() < 0.5
    model = imputation_model(
        long,
        outcome="FEV1",
        subject="USUBJID",
        visit="visit",
        arm="ARMCD",
        reference="PBO",
        covariates_by_visit=COVARIATES,
        order={**ORDER, "visit": VISITS, "ARMCD": ["PBO", "TRT"]},
    )
    draws = imputation_draws(model, method="approximate-bayes", draws=400, seed=2)
    analysis = ImputedAncova(covariates=COVARIATES, visits=["VIS4"], order=ORDER)
    analyses = analyse_imputations(impute(draws), analysis)
    found = pool_imputations(analyses).effect("VIS4", "difference", "TRT")
    between = analyses.estimates[:, 0].std(ddof=1)
    told = json.loads((MI / "mice_fev_vis4_pool.json").read_text(encoding="utf-8"))
    (mice,) = [each for each in told["summary"] if each["term"] == "ARMCDTRT"]
    # ten data sets leave an estimate uncertain by a tenth of the variance between them
    error = between * np.sqrt(1 / 10 + 1 / 400)
    assert abs(found.estimate - mice["estimate"]) < 3 * error
    assert found.se == pytest.approx(mice["std.error"], rel=0.2)
    assert 3 * error < 1.5
