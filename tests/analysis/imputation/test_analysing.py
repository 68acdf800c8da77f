"""Any analysis may be carried out in every data set; many at once give what each gives alone."""

import numpy as np
import pandas as pd
import pytest

from tests.conftest import few_at_once
from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.deltas import imputation_deltas
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova, batched_ancova
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.analysis.linear.ancova import ancova
from trialkit.errors import AnalysisError

FILE = "rbmi_antidepressant.json"  # compared in test_rbmi.py
METHODS = (
    {"method": "conditional-mean-jackknife"},
    {"method": "conditional-mean-bootstrap", "draws": 5, "seed": 1},
    {"method": "approximate-bayes", "draws": 5, "seed": 1},
    {"method": "bootstrapped-maximum-likelihood", "draws": 3, "seed": 1},
)


@pytest.fixture(scope="module")
def model(trial, short):
    frame, events = trial(4)
    frame["site"] = np.where(frame["id"].isin([f"s{i:02d}" for i in range(17)]), "x", "y")
    return imputation_model(frame, covariates=["base"], events=events, **short)


def last_visit(frame):
    fit = ancova(
        frame[frame["visit"] == 3],
        outcome="y",
        arm="arm",
        reference="C",
        covariates=["base", "site"],
        order={"site": ["x", "y"]},
    )
    return fit.contrasts()


MANY = ImputedAncova(covariates=["base", "site"], visits=[3], order={"site": ["x", "y"]})


@pytest.mark.parametrize(
    ("method", "with_deltas"),
    few_at_once([(each, added) for added in (True, False) for each in METHODS[::-1]], 4),
    ids=str,
)
def test_many_at_once_are_each_alone(model, method, with_deltas):
    imputations = impute(imputation_draws(model, **method))
    deltas = imputation_deltas(imputations, delta={"E": [0, 1, 2]}) if with_deltas else None
    many = analyse_imputations(imputations, MANY, deltas=deltas)
    alone = analyse_imputations(imputations, last_visit, by=["contrast"], deltas=deltas)
    assert many.estimates[:, 0] == pytest.approx(alone.estimates[:, 0], rel=1e-9)
    if not imputations.draws.method.resamples_subjects:
        assert many.variances[:, 0] == pytest.approx(alone.variances[:, 0], rel=1e-9)
        assert np.array_equal(many.df[:, 0], alone.df[:, 0])
    one, other = pool_imputations(many).effects[0], pool_imputations(alone).effects[0]
    assert [one.estimate, one.se] == pytest.approx([other.estimate, other.se], rel=1e-8)


def test_adjusted_means_of_resamples_are_those_of_their_rows(model):
    draws = imputation_draws(model, method="conditional-mean-bootstrap", draws=4, seed=1)
    imputations = impute(draws)
    many = analyse_imputations(imputations, ImputedAncova(covariates=["base"], visits=[3]))

    def means(frame):
        fit = ancova(
            frame[frame["visit"] == 3], outcome="y", arm="arm", reference="C", covariates=["base"]
        )
        return fit.marginal_means()

    alone = analyse_imputations(imputations, means, by=["arm"])
    assert many.keys[1:] == ((3, "adjusted mean", "C"), (3, "adjusted mean", "E"))
    assert many.estimates[:, 1:] == pytest.approx(alone.estimates, rel=1e-9)


def test_the_frame_has_a_row_for_each_data_set_and_row(model):
    imputations = impute(imputation_draws(model, method="approximate-bayes", draws=3, seed=1))
    frame = analyse_imputations(imputations, ImputedAncova(visits=[2, 3])).to_frame()
    assert len(frame) == 3 * 2 * 3
    assert frame["imputation"].tolist() == [0] * 6 + [1] * 6 + [2] * 6
    assert frame["visit"].tolist() == [2, 2, 2, 3, 3, 3] * 3
    assert frame["df"].unique().tolist() == [28.0]


@pytest.mark.parametrize(
    ("analysis", "by", "message"),
    [
        (lambda f: f.describe(), (), "gives no column estimate, se"),
        (lambda f: 3.0, (), "must give a frame, got float"),
        (lambda f: pd.DataFrame({"estimate": [1.0, 2.0], "se": [1.0, 1.0]}), (), "several rows"),
        (
            lambda f: pd.DataFrame({"a": [f["y"].sum()], "estimate": [1.0], "se": [1.0]}),
            ("a",),
            "the analysis of imputation 1 has the rows",
        ),
    ],
)
def test_an_analysis_without_its_columns_is_refused(model, analysis, by, message):
    imputations = impute(imputation_draws(model, method="approximate-bayes", draws=3, seed=1))
    with pytest.raises(AnalysisError, match=message):
        analyse_imputations(imputations, analysis, by=by)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (ImputedAncova(visits=[9]), "visits must be among 1, 2, 3"),
        (ImputedAncova(visits=[]), "visits must be among"),
        (ImputedAncova(covariates="base"), "covariates must be a list"),
        (ImputedAncova(covariates=["nobody"]), "'nobody' is not a column"),
        (ImputedAncova(covariates=["visit"]), "'visit' changes from visit to visit"),
        (ImputedAncova(covariates=["base", "twice"]), "'twice' follows from"),
        (ImputedAncova(covariates=["flat"]), "'flat' is the same for all"),
        (ImputedAncova(covariates=["holes"]), "'holes' lacks a value"),
    ],
)
def test_a_model_that_cannot_be_is_refused(trial, short, asked, message):
    frame, events = trial(4)
    frame = frame.assign(
        twice=2 * frame["base"], flat=1.0, holes=frame["base"].where(frame["base"] > 9)
    )
    model = imputation_model(frame, covariates=["base"], events=events, **short)
    with pytest.raises(AnalysisError, match=message):
        batched_ancova(model.trial, asked)


def test_a_model_larger_than_its_subjects_is_refused(trial, short):
    frame, _ = trial(4, n=30, drop=0.0)
    frame["name"] = frame["id"]
    model = imputation_model(frame, covariates=["base"], **short)
    names = sorted(frame["id"].unique())
    asked = ImputedAncova(covariates=["name"], order={"name": names})
    with pytest.raises(AnalysisError, match="'name' follows from the columns before it"):
        batched_ancova(model.trial, asked)
