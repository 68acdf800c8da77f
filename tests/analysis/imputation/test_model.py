"""The imputation model is the mixed model of what the events leave."""

import numpy as np
import pytest

from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.repeated.fit import mmrm
from trialkit.errors import AnalysisError

FILE = "rbmi_antidepressant.json"  # compared in test_rbmi.py


def test_values_after_an_event_are_left_out_unless_at_random(trial, short):
    frame, events = trial(4)
    events.loc[len(events) + 99] = ["s00", 2, "jump-to-reference"]
    model = imputation_model(frame, covariates=["base"], events=events, **short)
    left = frame.assign(y=frame["y"].mask((frame["id"] == "s00") & (frame["visit"] > 1)))
    alone = mmrm(left, covariates=["base"], **short)
    assert model.fit.log_likelihood == pytest.approx(alone.log_likelihood, rel=1e-12)
    kept = imputation_model(
        frame, covariates=["base"], events=events.assign(strategy="missing-at-random"), **short
    )
    whole = mmrm(frame, covariates=["base"], **short)
    assert kept.fit.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-12)


def test_the_table_counts_by_arm_and_visit(trial, short):
    frame, events = trial(4)
    events.loc[len(events) + 99] = ["s00", 2, "jump-to-reference"]
    table = imputation_model(frame, covariates=["base"], events=events, **short).to_frame()
    row = table[(table["arm"] == "C") & (table["visit"] == 2)].iloc[0]
    here = frame[(frame["arm"] == "C") & (frame["visit"] == 2)]
    assert row["n"] == len(here)
    assert row["observed"] == here["y"].notna().sum() == row["used"] + 1
    assert row["missing"] == here["y"].isna().sum()


def test_subjects_without_any_value_are_imputed_from_their_covariates(trial, short):
    frame, events = trial(4)
    frame.loc[frame["id"] == "s02", "y"] = np.nan
    model = imputation_model(frame, covariates=["base"], events=events, **short)
    assert model.fit.n_subjects == 29
    assert len(model.analysed) == 29
    draws = imputation_draws(model)
    assert draws.n_draws == 31
    # without the subject that the model did not use the model is the same
    gone = list(model.trial.subjects).index("s02")
    assert draws.sigma[gone + 1] == pytest.approx(draws.sigma[0], rel=1e-6)


@pytest.mark.parametrize(
    "structure", ["toeplitz", "heterogeneous-ar1", "compound-symmetry", "ante-dependence"]
)
def test_other_structures_are_those_of_the_mixed_model(trial, short, structure):
    frame, events = trial(4)
    model = imputation_model(
        frame, covariates=["base"], events=events, covariance=structure, method="ml", **short
    )
    draws = imputation_draws(model)
    alone = mmrm(
        frame,
        covariates=["base"],
        covariance=structure,
        method="ml",
        inference="satterthwaite",
        **short,
    )
    assert draws.sigma[0, 1] == pytest.approx(alone.covariance(), rel=1e-9)


def test_weights_of_times_are_refused_and_texts_for_lists(trial, short):
    frame, events = trial(4)
    with pytest.raises(AnalysisError, match="covariates='base' must be a sequence"):
        imputation_model(frame, covariates="base", events=events, **short)
    with pytest.raises(AnalysisError, match="reference='X' is not a level"):
        imputation_model(frame, events=events, **{**short, "reference": "X"})


def test_the_title_says_what_the_model_is(antidepressant_model):
    assert antidepressant_model.title == (
        "Imputation model of CHANGE: unstructured covariance, reml, 172 of 172 subjects with values"
    )
