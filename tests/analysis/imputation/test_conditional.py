"""Imputed values by formulas written out for one subject after the other."""

from dataclasses import replace

import numpy as np
import pytest

from trialkit.analysis.imputation.conditional import expected_means, subjects_alike
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.protocol.methods.imputation import DrawMethod


def supposed_by_hand(strategy, own, reference, covariances, first):
    """Mean and covariance of one subject, element by element as in Carpenter, Roger and Kenward."""
    m = len(own)
    sigma, sigma_reference = covariances
    early, late = np.arange(first), np.arange(first, m)
    if strategy == "missing-at-random":
        return own, sigma
    if strategy == "copy-reference":
        return reference, sigma_reference
    if strategy == "last-mean-carried-forward":
        return np.concatenate([own[early], np.full(len(late), own[first - 1])]), sigma
    if strategy == "jump-to-reference":
        mean = np.concatenate([own[early], reference[late]])
    else:
        change = reference[late] - reference[first - 1]
        mean = np.concatenate([own[early], own[first - 1] + change])
    r11 = sigma_reference[np.ix_(early, early)]
    r21 = sigma_reference[np.ix_(late, early)]
    r22 = sigma_reference[np.ix_(late, late)]
    t11 = sigma[np.ix_(early, early)]
    inverse = np.linalg.inv(r11)
    joined = np.zeros((m, m))
    joined[np.ix_(early, early)] = t11
    joined[np.ix_(late, early)] = r21 @ inverse @ t11
    joined[np.ix_(early, late)] = joined[np.ix_(late, early)].T
    joined[np.ix_(late, late)] = r22 - r21 @ inverse @ (r11 - t11) @ inverse @ r21.T
    return mean, joined


@pytest.mark.parametrize("by_arm", [False, True])
@pytest.mark.parametrize(
    "strategy",
    [
        "missing-at-random",
        "jump-to-reference",
        "copy-reference",
        "copy-increments-in-reference",
        "last-mean-carried-forward",
    ],
)
def test_conditional_means_are_those_of_each_subject_alone(trial, short, strategy, by_arm):
    frame, events = trial(4, n=60, visits=4)
    frame.loc[(frame["id"] == "s13") & (frame["visit"] == 2), "y"] = np.nan  # a gap, then dropout
    frame.loc[(frame["id"] == "s13") & (frame["visit"] == 4), "y"] = np.nan
    events = events[events["id"] != "s13"]
    events.loc[len(events) + 99] = ["s13", 4, "jump-to-reference"]
    model = imputation_model(
        frame, covariates=["base"], events=events, covariance_by_arm=by_arm, **short
    )
    draws = imputation_draws(model)
    imputations = impute(draws, strategy=strategy)
    whole = imputations.outcomes(slice(None))
    trial_of = draws.trial
    affected = imputations.affected
    for number in (0, 7):
        for i in np.flatnonzero(trial_of.missing.any(axis=1)):
            arm, y = trial_of.arm[i], trial_of.outcome[i]
            profile = draws.profiles[i].copy()
            own = draws.coefficients[number] @ profile
            profile[1] = 0.0
            reference = draws.coefficients[number] @ profile
            sigma, sigma_reference = draws.sigma[number, arm], draws.sigma[number, 0]
            mean, covariance = own, sigma
            if affected.first[i] < 4 and strategy != "missing-at-random":
                mean, covariance = supposed_by_hand(
                    strategy, own, reference, (sigma, sigma_reference), affected.first[i]
                )
            gone, seen = np.isnan(y), ~np.isnan(y)
            slope = covariance[np.ix_(gone, seen)] @ np.linalg.inv(covariance[np.ix_(seen, seen)])
            expected = mean[gone] + slope @ (y[seen] - mean[seen])
            assert whole[number, i, gone] == pytest.approx(expected, rel=1e-9, abs=1e-9)
            assert np.array_equal(whole[number, i, seen], y[seen])


def test_random_values_have_the_mean_and_spread_of_the_conditional_distribution(trial, short):
    frame, events = trial(4, n=40)
    model = imputation_model(frame, covariates=["base"], events=events, **short)
    same = imputation_draws(model).some(slice(0, 1))
    held = replace(  # the fit to everybody, drawn many times
        same,
        method=DrawMethod.APPROXIMATE_BAYES,
        coefficients=np.repeat(same.coefficients, 1000, axis=0),
        sigma=np.repeat(same.sigma, 1000, axis=0),
        counts=None,
        numbers=np.arange(1000),
        seed=1,
    )
    values = impute(held).values(slice(None))
    expected = impute(same).values(slice(None))[0]
    error = values.std(axis=0) / np.sqrt(1000)
    assert (np.abs(values.mean(axis=0) - expected) < 4.5 * error).all()
    trial_of = same.trial
    who = next(i for i in range(40) if trial_of.missing[i].tolist() == [False, False, True])
    place = int(trial_of.missing.ravel()[: who * 3 + 2].sum())
    sigma = same.sigma[0, 0]
    left = sigma[2, 2] - sigma[2, :2] @ np.linalg.inv(sigma[:2, :2]) @ sigma[:2, 2]
    assert values[:, place].var() == pytest.approx(left, rel=0.2)


def test_subjects_are_alike_where_arm_gaps_event_and_strategy_are(trial, short):
    frame, events = trial(4)
    model = imputation_model(frame, covariates=["base"], events=events, **short)
    draws = imputation_draws(model)
    groups = subjects_alike(draws, model.trial.affected)
    together = np.concatenate([each.subjects for each in groups])
    missing = model.trial.missing.any(axis=1)
    assert sorted(together) == np.flatnonzero(missing).tolist()
    for each in groups:
        assert (model.trial.missing[each.subjects] == each.missing).all()
        assert (model.trial.arm[each.subjects] == each.arm).all()


def test_means_in_the_reference_arm_differ_by_the_effect_of_the_arm_alone(trial, short):
    frame, events = trial(4)
    draws = imputation_draws(imputation_model(frame, covariates=["base"], events=events, **short))
    means = expected_means(draws, (0, 0))
    step = means.own - means.reference
    of_arm = draws.trial.arm == 1
    assert not step[:, ~of_arm].any()
    effect = draws.coefficients[:, None, :, 1]
    assert step[:, of_arm] == pytest.approx(
        np.broadcast_to(effect, step[:, of_arm].shape), abs=1e-12
    )
