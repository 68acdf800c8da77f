"""Draws: which subjects count, whose numbers are whose, and what stops them."""

import numpy as np
import pytest

from trialkit.analysis.imputation.drawing import BLOCK, imputation_draws
from trialkit.analysis.imputation.draws import join_draws
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.resamples import left_out, sampled, strata_of, stream
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.imputation import DrawMethod

FILE = "rbmi_antidepressant.json"  # compared in test_rbmi.py
RANDOM = ("conditional-mean-bootstrap", "approximate-bayes", "bootstrapped-maximum-likelihood")


@pytest.fixture(scope="module")
def model(trial, short):
    frame, events = trial(4)
    frame["site"] = frame["id"].str[-1].isin(["1", "2", "3", "4"]).map({True: "x", False: "y"})
    return imputation_model(frame, covariates=["base"], events=events, strata=["site"], **short)


def test_the_jackknife_leaves_out_each_subject_once(model):
    draws = imputation_draws(model)
    assert np.array_equal(draws.counts, left_out(30))
    assert draws.seed is None
    assert "31 draws" in draws.title


@pytest.mark.parametrize("method", RANDOM)
def test_parts_put_together_are_the_whole_to_the_last_bit(model, method):
    draws = 2 * BLOCK + 9
    given = {"method": method, "draws": draws, "seed": 7}
    whole = imputation_draws(model, **given)
    parts = [
        imputation_draws(model, part=part, **given)
        for part in (range(BLOCK, whole.n_draws), range(BLOCK))
    ]
    again = join_draws(parts)
    for name in ("coefficients", "sigma", "numbers", "counts"):
        one, other = getattr(whole, name), getattr(again, name)
        assert one is other is None or np.array_equal(one, other)


@pytest.mark.parametrize("method", [*RANDOM, "bayes"])
def test_a_seed_gives_the_same_draws_and_another_seed_others(model, method):
    one, same, other = (
        imputation_draws(model, method=method, draws=8, seed=seed) for seed in (1, 1, 2)
    )
    assert np.array_equal(one.sigma, same.sigma)
    assert not np.isclose(one.sigma[-1], other.sigma[-1]).all()
    assert "seed 1" in one.title


def test_a_bootstrap_stays_within_arms_and_strata(model):
    strata = strata_of(model)
    assert len(np.unique(strata)) == 4
    for number in range(20):
        counts = sampled(strata, stream(3, number))
        for each in range(4):
            assert counts[strata == each].sum() == (strata == each).sum()
    draws = imputation_draws(model, method="conditional-mean-bootstrap", draws=5, seed=3)
    assert (draws.counts.sum(axis=1) == 30).all()
    assert (draws.counts[0] == 1).all()
    assert (draws.counts[1:].max(axis=1) > 1).all()


def test_draws_of_the_posterior_impute_everybody(model):
    draws = imputation_draws(model, method="approximate-bayes", draws=5, seed=3)
    assert draws.counts is None
    assert draws.n_draws == 5
    assert draws.method is DrawMethod.APPROXIMATE_BAYES


def test_samples_that_cannot_be_fitted_are_drawn_anew_and_counted(trial, short):
    # a category of few subjects, which many bootstrap samples lack
    frame, _ = trial(4, n=30, drop=0.0, gaps=False)
    frame["rare"] = frame["id"].isin(["s10", "s11"]).map({True: "yes", False: "no"})
    model = imputation_model(
        frame, covariates=["rare"], **{**short, "order": {"rare": ["no", "yes"]}}
    )
    with pytest.raises(AnalysisError, match=r"could not be fitted to \d+ bootstrap samples"):
        imputation_draws(model, method="approximate-bayes", draws=20, seed=1)
    draws = imputation_draws(model, method="approximate-bayes", draws=20, seed=1, most_failed=1.0)
    assert draws.n_failed > 0
    assert np.isfinite(draws.sigma).all()
    assert "drawn anew" in draws.title


def test_a_subject_who_cannot_be_spared_is_named(trial, short):
    frame, _ = trial(4, n=30, drop=0.0, gaps=False)
    frame["rare"] = (frame["id"] == "s11").map({True: "yes", False: "no"})
    model = imputation_model(
        frame, covariates=["rare"], **{**short, "order": {"rare": ["no", "yes"]}}
    )
    with pytest.raises(AnalysisError, match="without subject 's11'"):
        imputation_draws(model)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"method": "jackknife"}, "method='jackknife' is not known"),
        ({"seed": 1}, "a jackknife is not random"),
        ({"draws": 7}, "a jackknife of 30 subjects has 30 draws, not 7"),
        ({"method": "bayes", "draws": 10}, "a seed"),
        ({"method": "bayes", "draws": 10, "seed": True}, "a seed"),
        ({"method": "bayes", "draws": 10, "seed": 1, "part": range(10)}, "not in parts"),
        ({"method": "bayes", "draws": 10, "seed": 1, "thin": 0}, "burn_in and thin must be 1"),
        ({"method": "approximate-bayes", "seed": 1}, "needs draws, 2 or more, got None"),
        ({"method": "approximate-bayes", "seed": 1, "draws": 1}, "2 or more, got 1"),
        (
            {"method": "bootstrapped-maximum-likelihood", "seed": 1, "draws": 9, "nested": 1},
            "nested must be 2",
        ),
        (
            {"method": "approximate-bayes", "seed": 1, "draws": 99, "part": range(3, 99)},
            "must start at a multiple of 64",
        ),
    ],
)
def test_calls_that_mean_nothing_are_refused(model, given, message):
    with pytest.raises(AnalysisError, match=message):
        imputation_draws(model, **given)


def test_parts_of_other_draws_are_not_joined(model):
    one = imputation_draws(model, method="approximate-bayes", draws=4, seed=1)
    other = imputation_draws(model, method="approximate-bayes", draws=4, seed=2)
    with pytest.raises(AnalysisError, match="cannot be joined"):
        join_draws([one, other])
    with pytest.raises(AnalysisError, match="stands in two"):
        join_draws([one, one])
    with pytest.raises(AnalysisError, match="no draws"):
        join_draws([])


def test_the_table_tells_how_the_covariance_varies(model):
    table = imputation_draws(model, method="approximate-bayes", draws=40, seed=1).to_frame()
    assert len(table) == 2 * 6
    assert (table.loc[table["visit"] == table["with_visit"], "sd"] > 0).all()
