"""Imputed data sets: what stays, what is filled, and copies of resampled subjects."""

import numpy as np
import pytest

from trialkit.analysis.imputation import imputing
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.errors import AnalysisError

FILE = "rbmi_antidepressant.json"  # compared in test_rbmi.py
RANDOM = {"method": "approximate-bayes", "draws": 6, "seed": 2}
NESTED = {"method": "bootstrapped-maximum-likelihood", "draws": 6, "nested": 3, "seed": 2}


@pytest.fixture(scope="module")
def model(trial, short):
    frame, events = trial(4)
    return imputation_model(frame, covariates=["base"], events=events, **short)


def test_observed_values_stay_and_missing_ones_are_filled(model):
    imputations = impute(imputation_draws(model, **RANDOM))
    whole = imputations.outcomes(slice(None))
    seen = ~model.trial.missing
    assert np.isfinite(whole).all()
    assert (whole[:, seen] == model.trial.outcome[seen]).all()
    assert len(np.unique(whole[:, ~seen])) == 6 * int((~seen).sum())


def test_a_data_set_is_the_frame_with_the_values(model):
    imputations = impute(imputation_draws(model, **RANDOM))
    frame = imputations.data_set(4)
    whole = imputations.outcomes(slice(4, 5))[0]
    assert np.array_equal(frame["y"].to_numpy().reshape(30, 3), whole)
    assert frame.columns.tolist() == ["id", "visit", "arm", "base", "y"]
    with pytest.raises(AnalysisError, match="imputations 0 to 5, and not 6"):
        imputations.data_set(6)


def test_chunks_are_the_values_whatever_their_size(model, monkeypatch):
    imputations = impute(imputation_draws(model, **RANDOM))
    together = imputations.values(slice(None))
    monkeypatch.setattr(imputing, "_AT_ONCE", 200)
    chunks = list(imputations.chunks())
    assert [each.stop - each.start for each, _ in chunks] == [2, 2, 2]
    assert np.array_equal(np.concatenate([values for _, values in chunks]), together)


def test_all_strategies_share_the_random_numbers_of_a_draw(model):
    draws = imputation_draws(model, **RANDOM)
    one = impute(draws, strategy="jump-to-reference").values(slice(None))
    other = impute(draws, strategy="missing-at-random").values(slice(None))
    table = impute(draws).to_frame()
    shift = (one - other).std(axis=0)
    own = model.trial.arm[np.nonzero(model.trial.missing)[0]] == 0
    assert shift[own] == pytest.approx(0, abs=1e-12)
    assert (shift[~own] > 0).any()
    assert table["n_missing"].sum() == model.trial.missing.sum()


def test_a_bootstrap_sample_has_its_subjects_as_often_as_it_drew_them(model):
    draws = imputation_draws(model, method="conditional-mean-bootstrap", draws=3, seed=4)
    imputations = impute(draws)
    subjects, outcomes = imputations.sample(2)
    assert np.array_equal(np.bincount(subjects, minlength=30), draws.counts[2])
    assert np.array_equal(outcomes, imputations.outcomes(slice(2, 3))[0][subjects])
    frame = imputations.data_set(2)
    assert frame["id"].nunique() == len(subjects)
    assert frame["arm"].tolist() == [
        ("C", "E")[model.trial.arm[i]] for i in subjects for _ in range(3)
    ]


def test_copies_of_a_subject_are_imputed_apart_and_counted_by_their_mean(model):
    draws = imputation_draws(model, **NESTED)
    imputations = impute(draws)
    assert imputations.n_imputations == 18
    means = imputations.outcomes(slice(None)).reshape(6, 3, 30, 3)
    for number in (0, 4, 17):
        draw, within = divmod(number, 3)
        subjects, outcomes = imputations.sample(number)
        for i in np.unique(subjects):
            own = outcomes[subjects == i]
            assert own.mean(axis=0) == pytest.approx(means[draw, within, i], rel=1e-12)
            if len(own) > 1 and model.trial.missing[i].any():
                assert (own.std(axis=0) > 0).tolist() == model.trial.missing[i].tolist()


def test_conditional_means_vary_with_the_parameters_alone(model):
    draws = imputation_draws(model)
    values = impute(draws).values(slice(0, 2))
    again = impute(draws).values(slice(1, 2))
    assert np.array_equal(values[1:], again)


def test_references_by_arm_and_unknown_ones(model):
    draws = imputation_draws(model)
    other = impute(draws, references={"C": "E", "E": "E"})
    assert other.references == (1, 1)
    assert impute(draws).references == (0, 0)
    with pytest.raises(AnalysisError, match="references name the arm 'X'"):
        impute(draws, references={"E": "X"})
    with pytest.raises(AnalysisError, match="the strategy 'jump' is not known"):
        impute(draws, strategy="jump")
