"""Predictions of every subject, against the normal distribution written out from the frame."""

import numpy as np
import pandas as pd
import pytest

from trialkit.analysis import mmrm
from trialkit.analysis.repeated.predictor import predict_unobserved


def predicted(fit):
    parts = fit.parts
    return predict_unobserved(
        parts.records,
        parts.design,
        parts.cohort,
        model=parts.model,
        at=parts.optimum.at,
        fitted=parts.fitted,
    )


def by_hand(fit, own, sigma, weights=None, columns=()):
    """Estimate, sd of a new value and se of the error at the visits one subject lacks."""
    own = own.sort_values("visit")
    design = []
    for row in own.itertuples():
        new = row.arm == "E1"
        design.append(
            [
                1.0,
                *(getattr(row, name) for name in columns),
                new,
                row.visit == 2,
                row.visit == 3,
                new and row.visit == 2,
                new and row.visit == 3,
            ]
        )
    x, y = np.array(design, dtype=float), own["y"].to_numpy()
    beta = fit.coefficients()["estimate"].to_numpy()
    phi = fit.parts.fitted.basis @ fit.parts.fitted.phi @ fit.parts.fitted.basis.T
    if weights is not None:
        sigma = sigma / np.sqrt(np.outer(weights, weights))
    seen, new = np.flatnonzero(~np.isnan(y)), np.flatnonzero(np.isnan(y))
    gain = sigma[np.ix_(new, seen)] @ np.linalg.inv(sigma[np.ix_(seen, seen)])
    spread = sigma[np.ix_(new, new)] - gain @ sigma[np.ix_(seen, new)]
    lever = x[new] - gain @ x[seen]
    error = spread + lever @ phi @ lever.T
    estimate = x[new] @ beta + gain @ (y[seen] - x[seen] @ beta)
    return np.column_stack([estimate, np.sqrt(np.diag(spread)), np.sqrt(np.diag(error))])


def agrees(found, frame, fit, sigma_of, **options):
    """Every subject with a gap has the predictions worked out by hand; how many there were."""
    table = found.to_frame()
    assert len(table) == int(frame["y"].isna().sum())
    for who in frame.loc[frame["y"].isna(), "id"].unique():
        own = frame[frame["id"] == who].sort_values("visit")
        mine = table[table["subject"] == who]
        assert list(mine["visit"]) == list(own.loc[own["y"].isna(), "visit"])
        weights = own["w"].to_numpy() if options.get("weighted") else None
        expected = by_hand(fit, own, sigma_of(own), weights, options.get("columns", ()))
        np.testing.assert_allclose(mine[["estimate", "sd", "se"]].to_numpy(), expected, rtol=1e-8)
    return len(table)


@pytest.fixture(scope="module")
def frame(trial):
    made = trial(n=36, visits=3, missing=0.2, seed=21)
    rng = np.random.default_rng(5)
    made["w"] = rng.choice([1.0, 2.0, 5.0], len(made))
    made["day"] = made["visit"] * 7.0 + rng.uniform(-2, 2, len(made))
    return made


def test_weights_and_covariates_are_those_of_the_subject(frame, trial_model):
    fit = mmrm(frame, **trial_model, covariates=("base",), weights="w", covariance="ar1")
    sigma = fit.covariance().to_numpy()
    assert agrees(predicted(fit), frame, fit, lambda _: sigma, weighted=True, columns=("base",))


def test_each_arm_may_have_its_own_covariance(frame, trial_model):
    fit = mmrm(frame, **trial_model, covariance="heterogeneous-ar1", covariance_by="arm")
    found = predicted(fit)
    assert agrees(found, frame, fit, lambda own: fit.covariance(own["arm"].iloc[0]).to_numpy())


def test_distances_are_those_of_the_subjects_own_times(frame, trial_model):
    fit = mmrm(frame, **trial_model, covariance="spatial-exponential", time="day")
    variance, rho = fit.covariance_parameters()["estimate"]

    def sigma_of(own):
        days = own["day"].to_numpy()
        return variance * rho ** np.abs(np.subtract.outer(days, days))

    assert agrees(predicted(fit), frame, fit, sigma_of)


def test_common_times_are_those_of_the_visits(frame, trial_model):
    fit = mmrm(frame, **trial_model, covariance="spatial-exponential", time="visit")
    sigma = fit.covariance().to_numpy()
    assert agrees(predicted(fit), frame, fit, lambda _: sigma)


def test_what_cannot_be_predicted_is_listed_with_its_reason(trial, trial_model):
    frame = trial(n=24, visits=3, missing=0, seed=2)
    frame["day"] = frame["visit"] * 7.0 + np.random.default_rng(5).uniform(-2, 2, len(frame))
    frame["changing"] = np.random.default_rng(6).normal(size=len(frame))
    at = frame.set_index(["id", "visit"])
    at.loc[[(3, 2), (5, 3), (5, 1)], "y"] = np.nan
    at.loc[[(3, 2)], "day"] = np.nan
    at.loc[[(5, 3)], "changing"] = np.nan
    fit = mmrm(
        at.reset_index(),
        **trial_model,
        covariates=("changing",),
        covariance="spatial-exponential",
        time="day",
    )
    found = predicted(fit)
    assert found.to_frame()[["subject", "visit"]].to_numpy().tolist() == [[5, 1]]
    pd.testing.assert_frame_equal(
        found.left_out,
        pd.DataFrame(
            {
                "subject": [3, 5],
                "visit": [2, 3],
                "reason": ["the time or group is missing", "a covariate or the arm is missing"],
            },
            dtype=object,
        ),
    )
