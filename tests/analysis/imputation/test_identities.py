"""What must hold of imputation whatever the data are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.deltas import imputation_deltas
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.analysis.linear.ancova import ancova
from trialkit.protocol.methods.imputation import ImputationStrategy

ANALYSIS = ImputedAncova(covariates=("base",))
SEEDS = st.integers(1, 10_000)
METHODS = (
    {"method": "conditional-mean-jackknife"},
    {"method": "approximate-bayes", "draws": 4, "seed": 5},
)


def fitted(frame, events, short, **options):
    return imputation_model(frame, covariates=["base"], events=events, **{**short, **options})


def analysed(draws, deltas=None, **options):
    return analyse_imputations(impute(draws, **options), ANALYSIS, deltas=deltas)


@settings(max_examples=examples(5), deadline=None)
@given(seed=SEEDS, method=st.sampled_from(METHODS))
def test_without_events_every_strategy_is_missing_at_random(trial, short, seed, method):
    frame, _ = trial(seed)
    draws = imputation_draws(fitted(frame, None, short), **method)
    at_random = analysed(draws).estimates
    for strategy in ImputationStrategy:
        assert np.array_equal(analysed(draws, strategy=strategy.value).estimates, at_random)


@settings(max_examples=examples(5), deadline=None)
@given(seed=SEEDS, method=st.sampled_from(METHODS))
def test_an_arm_that_is_its_own_reference_is_imputed_at_random(trial, short, seed, method):
    draws = imputation_draws(fitted(*trial(seed), short), **method)
    at_random = analysed(draws, strategy="missing-at-random").estimates
    own = {"C": "C", "E": "E"}
    for strategy in ("jump-to-reference", "copy-reference", "copy-increments-in-reference"):
        found = analysed(draws, strategy=strategy, references=own).estimates
        assert found == pytest.approx(at_random, rel=1e-9, abs=1e-9)


@settings(max_examples=examples(5), deadline=None)
@given(seed=SEEDS)
def test_complete_data_are_an_analysis_of_covariance(trial, short, seed):
    frame, _ = trial(seed, drop=0.0, gaps=False)
    draws = imputation_draws(
        fitted(frame, None, short), method="approximate-bayes", draws=3, seed=seed
    )
    pooled = pool_imputations(analysed(draws))
    for visit in (1, 2, 3):
        alone = ancova(
            frame[frame["visit"] == visit],
            outcome="y",
            arm="arm",
            reference="C",
            covariates=["base"],
        )
        row = alone.contrasts().iloc[0]
        found = pooled.effect(visit, "difference", "E")
        assert [found.estimate, found.se] == pytest.approx([row["estimate"], row["se"]], rel=1e-9)
        df = alone.df
        assert found.df == pytest.approx((df + 1) / (df + 3) * df, rel=1e-9)
        means = alone.marginal_means().set_index("arm")
        for arm in ("C", "E"):
            mean = pooled.effect(visit, "adjusted mean", arm)
            ours, theirs = [mean.estimate, mean.se], means.loc[arm, ["estimate", "se"]].tolist()
            assert ours == pytest.approx(theirs, rel=1e-9)


@settings(max_examples=examples(5), deadline=None)
@given(seed=SEEDS, method=st.sampled_from(METHODS), size=st.floats(-20, 20))
def test_estimates_are_linear_in_delta(trial, short, seed, method, size):
    draws = imputation_draws(fitted(*trial(seed), short), **method)
    imputations = impute(draws)

    def at(delta):
        frame = imputation_deltas(imputations, delta={"E": [delta] * 3})
        return analyse_imputations(imputations, ANALYSIS, deltas=frame).estimates

    none, one = at(0.0), at(1.0)
    assert at(size) == pytest.approx(none + size * (one - none), rel=1e-8, abs=1e-8)


@settings(max_examples=examples(4), deadline=None)
@given(seed=SEEDS)
def test_swapping_the_arms_mirrors(trial, short, seed):
    frame, events = trial(seed)
    swapped = frame.assign(arm=frame["arm"].map({"C": "E", "E": "C"}))
    one = imputation_draws(fitted(frame, events, short))
    other = imputation_draws(fitted(swapped, events, short))
    for strategy in ("missing-at-random", "jump-to-reference", "last-mean-carried-forward"):
        first = pool_imputations(analysed(one, strategy=strategy))
        second = pool_imputations(
            analysed(other, strategy=strategy, references={"C": "E", "E": "E"})
        )
        for visit in (2, 3):
            a = first.effect(visit, "difference", "E")
            b = second.effect(visit, "difference", "E")
            assert [-b.estimate, b.se] == pytest.approx([a.estimate, a.se], rel=1e-5, abs=1e-6)


@settings(max_examples=examples(5), deadline=None)
@given(seed=SEEDS, method=st.sampled_from(METHODS))
def test_the_order_of_the_rows_does_not_matter(trial, short, seed, method):
    frame, events = trial(seed)
    shuffled = frame.sample(frac=1, random_state=seed)
    one = analysed(imputation_draws(fitted(frame, events, short), **method))
    order = {"visit": [1, 2, 3]}
    other = analysed(
        imputation_draws(fitted(shuffled, events[::-1], {**short, "order": order}), **method)
    )
    assert np.array_equal(one.estimates, other.estimates)


def test_rows_that_lack_are_values_that_are_missing(trial, short):
    frame, events = trial(3)
    one = analysed(imputation_draws(fitted(frame, events, short)))
    other = analysed(imputation_draws(fitted(frame.dropna(subset=["y"]), events, short)))
    assert np.array_equal(one.estimates, other.estimates)


def test_a_shift_and_a_scale_of_the_outcome_carry_over(trial, short):
    frame, events = trial(8)
    moved = frame.assign(y=100 + 10 * frame["y"])
    one = pool_imputations(analysed(imputation_draws(fitted(frame, events, short))))
    other = pool_imputations(analysed(imputation_draws(fitted(moved, events, short))))
    for a, b in zip(one.effects, other.effects, strict=True):
        assert b.se == pytest.approx(10 * a.se, rel=1e-6)
    a, b = (each.effect(3, "adjusted mean", "E").estimate for each in (one, other))
    assert b == pytest.approx(100 + 10 * a, rel=1e-6)
    assert isinstance(one.to_frame(), pd.DataFrame)
