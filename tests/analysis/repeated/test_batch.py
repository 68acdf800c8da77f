"""Many data sets at once against one by one."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.conftest import few_at_once
from trialkit.analysis.repeated.batch import MmrmBatch, mmrm_batch, mmrm_resampled
from trialkit.analysis.repeated.fit import mmrm
from trialkit.errors import AnalysisError

NUMBERS = ("estimate", "se", "df", "statistic", "p_value", "conf_low", "conf_high")


def simulated(sets, *, n=60, visits=3, arms=2, seed=1):
    rng = np.random.default_rng(seed)
    arm = np.arange(n) % arms
    base = rng.normal(50, 10, (sets, n, 1))
    root = np.eye(visits) + 0.6 * np.tri(visits)
    y = rng.normal(size=(sets, n, visits)) @ root.T + 0.05 * base + 0.3 * arm[:, None]
    last = rng.integers(1, visits + 3, (sets, n, 1))
    y = np.where(np.arange(visits) < last, y, np.nan)
    return y, arm, base


def one(y, arm, base, **options):
    n, visits = y.shape
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), visits),
            "visit": np.tile(np.arange(visits), n),
            "arm": np.repeat(arm, visits),
            "base": np.repeat(base, visits),
            "y": y.ravel(),
        }
    )
    return mmrm(frame, outcome="y", subject="id", visit="visit", arm="arm", reference=0, **options)


@pytest.mark.parametrize(
    ("structure", "inference", "method"),
    [
        ("unstructured", "kenward-roger-linear", "reml"),
        ("unstructured", "satterthwaite", "ml"),
        ("heterogeneous-toeplitz", "kenward-roger-linear", "reml"),
        ("ante-dependence", "satterthwaite", "reml"),
        ("compound-symmetry", "kenward-roger-linear", "reml"),
        ("heterogeneous-ar1", "satterthwaite", "ml"),
    ],
)
@pytest.mark.parametrize("by_visit", few_at_once([False, True], 1))
def test_each_set_is_fitted_as_if_alone(structure, inference, method, by_visit):
    y, arm, base = simulated(6, arms=3)
    options = {"covariance": structure, "inference": inference, "method": method}
    kind = "covariates_by_visit" if by_visit else "covariates"

    found = mmrm_batch(y, arm=arm, **{kind: base}, **options)

    assert found.converged.all()
    for at in range(len(y)):
        fit = one(y[at], arm, base[at, :, 0], **{kind: ("base",)}, **options)
        table = fit.contrasts()
        for name in NUMBERS:
            scale = np.abs(table["se"]) if name in ("estimate", "conf_low", "conf_high") else 1
            error = (getattr(found, name)[at].ravel() - table[name]) / scale
            assert np.max(np.abs(error)) < 1e-5 * (50 if name == "df" else 1)
        assert found.log_likelihood[at] == pytest.approx(fit.log_likelihood, abs=1e-7)
        np.testing.assert_allclose(found.covariance[at, 0], fit.covariance(), rtol=1e-4, atol=1e-5)


def test_a_set_that_cannot_be_fitted_is_marked():
    y, arm, _ = simulated(5)
    y[2, arm == 1, 2] = np.nan

    found = mmrm_batch(y, arm=arm)

    assert found.converged.tolist() == [True, True, False, True, True]
    assert np.isnan(found.estimate[2]).all()
    assert set(found.to_frame()["data_set"]) == {0, 1, 3, 4}
    assert "of which 1 could not be fitted" in found.title


def test_the_jackknife_is_a_fit_without_each_subject(trial, trial_model):
    frame = trial(n=20, visits=3, seed=4)
    fit = mmrm(frame, **trial_model, covariates_by_visit=("base",))

    found = mmrm_resampled(fit, 1 - np.eye(20), inference="kenward-roger-linear")

    for left_out in range(0, 20, 6):
        alone = mmrm(
            frame[frame["id"] != left_out], **trial_model, covariates_by_visit=("base",)
        ).contrasts()
        np.testing.assert_allclose(found.estimate[left_out].ravel(), alone["estimate"], rtol=1e-6)
        np.testing.assert_allclose(found.se[left_out].ravel(), alone["se"], rtol=1e-6)
        np.testing.assert_allclose(found.df[left_out].ravel(), alone["df"], rtol=1e-5)


def test_a_bootstrap_is_a_fit_of_copied_subjects(trial, trial_model):
    frame = trial(n=30, visits=3, seed=4).assign(w=lambda x: 1 + (x["visit"] == 2))
    fit = mmrm(frame, **trial_model, weights="w", covariance_by="arm", covariance="ar1")
    counts = np.random.default_rng(3).multinomial(30, np.full(30, 1 / 30), size=3)

    found = mmrm_resampled(fit, counts)

    for row, count in enumerate(counts):
        copies = [
            frame[frame["id"] == who].assign(id=1000 * who + copy)
            for who, times in enumerate(count)
            for copy in range(times)
        ]
        again = mmrm(
            pd.concat(copies),
            **trial_model,
            weights="w",
            covariance_by="arm",
            covariance="ar1",
            inference="satterthwaite",
        )
        table = again.contrasts()
        np.testing.assert_allclose(found.estimate[row].ravel(), table["estimate"], rtol=1e-6)
        np.testing.assert_allclose(found.df[row].ravel(), table["df"], rtol=1e-5)
        assert found.log_likelihood[row] == pytest.approx(again.log_likelihood, abs=1e-7)


def test_arms_may_differ_from_set_to_set():
    y, arm, base = simulated(3)
    arms = np.stack([arm, arm[::-1], arm])
    found = mmrm_batch(y, arm=arms, covariates=base[0])
    alone = one(y[1], arms[1], base[0, :, 0], covariates=("base",)).contrasts()
    np.testing.assert_allclose(found.estimate[1].ravel(), alone["estimate"], rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"outcomes": np.zeros((3, 4))}, "shape"),
        ({"arm": np.zeros(60, dtype=int)}, "two or more"),
        ({"arm": np.ones(3, dtype=int)}, "arm must have the shape"),
        ({"covariates": np.ones((60, 1))}, "same value everywhere"),
        ({"covariates": np.ones((5, 60, 1)) * np.nan}, "finite"),
        ({"covariates": np.ones((4, 60, 1))}, "for 4 data sets"),
        ({"inference": "kenward-roger"}, "take inference"),
        ({"method": "ml"}, "does not go with"),
        ({"covariance": "spatial-exponential"}, "no times"),
    ],
)
def test_arrays_that_do_not_fit(change, words):
    y, arm, _ = simulated(5)
    given = {"outcomes": y, "arm": arm, **change}
    outcomes = given.pop("outcomes")
    with pytest.raises(AnalysisError, match=words):
        mmrm_batch(outcomes, **given)


def test_counts_that_do_not_fit(trial, trial_model):
    fit = mmrm(trial(n=20, visits=3), **trial_model)
    for counts in (np.ones((2, 19)), -np.ones((2, 20)), np.ones(20)):
        with pytest.raises(AnalysisError, match="counts"):
            mmrm_resampled(fit, counts)


@pytest.mark.parametrize("value", [0.0, 7.0, np.nan])
def test_sets_in_which_nothing_varies_are_marked(value):
    made = mmrm_batch(np.full((3, 20, 4), value), arm=np.arange(20) % 2)
    assert not made.converged.any()
    assert np.isnan(made.p_value).all()
    assert made.to_frame().empty


def test_the_table_has_a_row_for_each_contrast_of_a_set_that_was_fitted():
    sets, arms, visits = 3, 2, 2
    columns = ("estimate", "se", "df", "statistic", "p_value", "conf_low", "conf_high")
    numbers = {
        name: 100.0 * place + np.arange(12.0).reshape(sets, arms, visits)
        for place, name in enumerate(columns)
    }
    made = MmrmBatch(
        **numbers,
        covariance=np.zeros((3, 1, 2, 2)),
        log_likelihood=np.zeros(3),
        converged=np.array([True, False, True]),
    )
    table = made.to_frame()
    assert list(table) == ["data_set", "arm", "visit", *columns]
    # arms are numbered from the reference, which is 0
    assert table[["data_set", "arm", "visit"]].to_numpy().tolist() == [
        [at, arm, visit] for at in (0, 2) for arm in (1, 2) for visit in (0, 1)
    ]
    expected = [*range(4), *range(8, 12)]
    for place, name in enumerate(columns):
        assert table[name].tolist() == [100.0 * place + each for each in expected]
    assert made.n_converged == 2
    assert made.title == "MMRM of 3 data sets, of which 1 could not be fitted"


def least_squares(x, y):
    beta, *_ = np.linalg.lstsq(x, y, rcond=None)
    left = y - x @ beta
    variance = left @ left / (len(y) - x.shape[1])
    return beta[1:3], np.sqrt(variance * np.diag(np.linalg.inv(x.T @ x))[1:3])


def test_complete_sets_give_the_least_squares_of_each_visit():
    rng = np.random.default_rng(3)
    y, arm = rng.normal(size=(4, 30, 3)), np.arange(30) % 3
    base, both = rng.normal(size=(30, 1)), rng.normal(size=(4, 30, 1))
    y = y + 0.5 * base + arm[:, None] * np.array([0.0, 1.0, 2.0])
    common = mmrm_batch(y, arm=arm, covariates_by_visit=base, conf_level=0.8)
    own = mmrm_batch(y, arm=arm, covariates_by_visit=both, conf_level=0.8)
    for at in range(4):
        for visit in range(3):
            for found, number in ((common, base[:, 0]), (own, both[at, :, 0])):
                x = np.column_stack([np.ones(30), arm == 1, arm == 2, number]).astype(float)
                estimate, se = least_squares(x, y[at, :, visit])
                np.testing.assert_allclose(found.estimate[at, :, visit], estimate, rtol=1e-6)
                np.testing.assert_allclose(found.se[at, :, visit], se, rtol=1e-5)
                np.testing.assert_allclose(found.df[at, :, visit], 26, rtol=1e-4)
                reach = stats.t.ppf(0.9, 26) * se
                np.testing.assert_allclose(
                    found.conf_high[at, :, visit], estimate + reach, rtol=1e-4, atol=1e-6
                )


def test_times_of_their_own_cannot_be_resampled(trial, trial_model):
    frame = trial(n=20, visits=3).assign(day=lambda x: x["visit"] + 0.01 * x["id"] * x["visit"])
    fit = mmrm(
        frame,
        **trial_model,
        covariance="spatial-exponential",
        time="day",
        inference="satterthwaite",
    )
    with pytest.raises(AnalysisError, match="cannot be resampled"):
        mmrm_resampled(fit, np.ones((2, 20)))


def test_visits_that_nearly_repeat_each_other_are_resampled_as_they_are():
    """A model that is fitted in the coordinates of whitening is fitted again in those of its visits."""
    random = np.random.default_rng(1)
    arm = np.arange(40) % 2
    first = random.normal(size=40) + arm
    y = np.column_stack([first, first + 1e-2 * random.normal(size=40)])
    y[::7, 1] = np.nan
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(40), 2),
            "visit": np.tile([1, 2], 40),
            "arm": np.repeat(np.array(["C", "E"])[arm], 2),
            "y": y.ravel(),
        }
    )
    fit = mmrm(
        frame,
        outcome="y",
        subject="id",
        visit="visit",
        arm="arm",
        reference="C",
        inference="satterthwaite",
    )
    assert fit.parts.model.root is not None
    found = mmrm_resampled(fit, np.ones((1, 40)))
    alone = fit.contrasts()
    assert found.estimate[0, 0] == pytest.approx(alone["estimate"].to_numpy(), rel=1e-6)
    assert found.se[0, 0] == pytest.approx(alone["se"].to_numpy(), rel=1e-5)
