"""A model fitted again to counted subjects is the model fitted to their rows."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis.repeated.batch import mmrm_resampled
from trialkit.analysis.repeated.fit import mmrm
from trialkit.analysis.repeated.refits import as_fitted, refitted
from trialkit.errors import AnalysisError


@pytest.fixture(scope="module")
def fit(antidepressant, antidepressant_model):
    return mmrm(antidepressant, **antidepressant_model)


def profile_means(fit, coefficients):
    """What all subjects are expected to have (subject, visit)."""
    return np.einsum("nd,md->nm", fit.parts.design.profiles, coefficients)


def test_the_fit_itself_gives_the_marginal_means(fit):
    found = as_fitted(fit)
    expected = profile_means(fit, found.coefficients[0])
    reported = fit.coefficients()["estimate"].to_numpy()
    for visit in range(4):
        rows = fit.parts.design.rows(np.arange(172), np.full(172, visit))
        assert expected[:, visit] == pytest.approx(rows @ reported, rel=1e-10)
    assert found.sigma[0, 0] == pytest.approx(fit.covariance(), rel=1e-12)


def test_everybody_once_is_the_fit(fit):
    found, first = refitted(fit, np.ones((1, 172))), as_fitted(fit)
    assert found.converged.all()
    assert found.coefficients == pytest.approx(first.coefficients, rel=1e-7)
    assert found.sigma == pytest.approx(first.sigma, rel=1e-6)


def test_leaving_out_and_doubling_are_fits_of_such_rows(fit, antidepressant, antidepressant_model):
    counts = np.ones((2, 172))
    counts[0, 5], counts[1, [7, 9]] = 0, (2, 3)
    found = refitted(fit, counts)
    names = np.array(fit.parts.records.subjects)
    for row, weights in enumerate(counts):
        times = pd.Series(weights, index=names).reindex(antidepressant["PATIENT"]).to_numpy()
        copies = [
            antidepressant[times > each].assign(PATIENT=lambda f, e=each: f["PATIENT"] * 10 + e)
            for each in range(3)
        ]
        alone = mmrm(pd.concat(copies), **antidepressant_model)
        assert found.sigma[row, 0] == pytest.approx(alone.covariance(), rel=1e-6)
        reported = alone.coefficients()["estimate"].to_numpy()
        rows = fit.parts.design.rows(np.arange(172), np.full(172, 3))
        ours = profile_means(fit, found.coefficients[row])[:, 3]
        assert ours == pytest.approx(rows @ reported, rel=1e-6)


def test_contrasts_are_those_of_the_resampled_model(fit):
    counts = 1 - np.eye(172)[:4]
    found = refitted(fit, counts)
    batch = mmrm_resampled(fit, counts)
    one, other = np.array([1.0, 0.0, 0.0]), np.array([1.0, 1.0, 0.0])
    difference = found.coefficients @ (other - one)
    assert difference == pytest.approx(batch.estimate[:, 0], rel=1e-7)


def test_each_group_keeps_its_covariance(antidepressant, antidepressant_model):
    own = mmrm(antidepressant, covariance_by="THERAPY", **antidepressant_model)
    first, found = as_fitted(own), refitted(own, np.ones((1, 172)))
    for at, group in enumerate(own.parts.records.groups):
        assert first.sigma[0, at] == pytest.approx(own.covariance(group), rel=1e-12)
    assert found.sigma == pytest.approx(first.sigma, rel=1e-6)


def test_visits_that_nearly_repeat_each_other_are_fitted_again(trial, trial_model):
    frame = trial(n=40, visits=2, missing=0.0)
    wide = frame["y"].to_numpy().reshape(-1, 2).copy()
    wide[:, 1] = wide[:, 0] + 1e-2 * wide[:, 1]
    fit = mmrm(frame.assign(y=wide.ravel()), **trial_model)
    assert fit.parts.model.root is not None
    found, first = refitted(fit, np.ones((1, 40))), as_fitted(fit)
    assert found.converged.all()
    assert found.sigma == pytest.approx(first.sigma, rel=1e-5)
    assert found.coefficients == pytest.approx(first.coefficients, rel=1e-6, abs=1e-8)


def test_a_subject_whose_loss_leaves_nothing_to_estimate_is_marked(trial, trial_model):
    frame = trial(n=12, visits=2, missing=0.0)
    frame.loc[(frame["arm"] == "C") & (frame["visit"] == 2) & (frame["id"] > 0), "y"] = np.nan
    fit = mmrm(frame, covariance="compound-symmetry", **trial_model)
    found = refitted(fit, np.stack([1 - np.eye(12)[0], 1 - np.eye(12)[1]]))
    assert found.converged.tolist() == [False, True]
    assert np.isnan(found.sigma[0]).all()
    assert np.isnan(found.coefficients[0]).all()


def test_weighted_rows_are_refused(trial, trial_model):
    frame = trial(missing=0.0).assign(w=lambda f: 1.0 + f["visit"])
    fit = mmrm(frame, weights="w", **trial_model)
    with pytest.raises(AnalysisError, match="weighted rows"):
        refitted(fit, np.ones((1, fit.n_subjects)))
