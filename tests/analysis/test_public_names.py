"""Every public name of the statistics is the thing of its module, and nothing else is offered."""

import subprocess
import sys
from importlib import import_module

import pytest

import trialkit
from trialkit import analysis
from trialkit.analysis.anova.batched_anova import mixed_anova_batch
from trialkit.analysis.anova.mixed_anova import mixed_anova
from trialkit.analysis.binary.batched_logistic import logistic_batch
from trialkit.analysis.binary.logistic import logistic_regression
from trialkit.analysis.binary.relative_risks import log_binomial, modified_poisson
from trialkit.analysis.binary.standardisation import standardised_risks
from trialkit.analysis.clusters.cluster_correlation import intracluster_correlation
from trialkit.analysis.clusters.cluster_regression import cluster_regression
from trialkit.analysis.clusters.cluster_summaries import compare_cluster_summaries
from trialkit.analysis.counts.batched_counts import negative_binomial_batch, poisson_batch
from trialkit.analysis.counts.exact_rates import exact_rate_ratio
from trialkit.analysis.counts.negative_binomial import negative_binomial_regression
from trialkit.analysis.counts.poisson import poisson_regression
from trialkit.analysis.crossover.crossover_events import crossover_events
from trialkit.analysis.crossover.crossover_means import crossover_means
from trialkit.analysis.describing.adherence import summarise_adherence
from trialkit.analysis.describing.descriptive import describe, describe_categories
from trialkit.analysis.describing.harms import summarise_harms
from trialkit.analysis.diagnosing.diagnostics import diagnose_ancova, diagnose_mixed_anova
from trialkit.analysis.factorial.factorial_means import factorial_means
from trialkit.analysis.factorial.factorial_risks import factorial_risks
from trialkit.analysis.gee.estimating import generalised_estimating_equations
from trialkit.analysis.gee.random_intercept import random_intercept_model
from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.baseline import fill_baseline
from trialkit.analysis.imputation.deltas import imputation_deltas
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.draws import join_draws
from trialkit.analysis.imputation.imputed_ancova import ImputedAncova
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.keeping import (
    keep_draws,
    keep_imputations,
    read_draws,
    read_imputations,
)
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.analysis.imputation.sequential import sequential_imputations
from trialkit.analysis.imputation.strategies import VisitDistribution
from trialkit.analysis.imputation.tipping import tipping_point
from trialkit.analysis.instrumental.complier_effect import complier_effect
from trialkit.analysis.instrumental.dose_response import dose_response
from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.linear.multiplicity import adjust_p_values, serial_gatekeeper
from trialkit.analysis.linear.subgroups import subgroup_effects
from trialkit.analysis.margins.estimates import compare_estimates_with_margin
from trialkit.analysis.margins.margins import (
    compare_means_with_margin,
    compare_proportions_with_margin,
)
from trialkit.analysis.means.means import compare_means
from trialkit.analysis.means.paired_means import compare_paired
from trialkit.analysis.missing.rubin import pool_rubin, pool_tables
from trialkit.analysis.mixed.crossover import crossover_mixed_model
from trialkit.analysis.mixed.partially_nested import partially_nested
from trialkit.analysis.mixed.random_intercepts import random_intercepts
from trialkit.analysis.ordinal.batched_odds import proportional_odds_batch
from trialkit.analysis.ordinal.pairwise_wins import RankedOutcome, TimedOutcome
from trialkit.analysis.ordinal.proportional_odds import proportional_odds
from trialkit.analysis.ordinal.van_elteren import van_elteren
from trialkit.analysis.ordinal.wins import compare_wins
from trialkit.analysis.proportions.paired_proportions import compare_paired_proportions
from trialkit.analysis.proportions.proportion_subgroups import compare_proportions_in_subgroups
from trialkit.analysis.proportions.proportions import compare_proportions
from trialkit.analysis.proportions.responders import (
    ImprovedBy,
    ImprovedByShare,
    compare_responders,
)
from trialkit.analysis.proportions.stratified_proportions import cochran_mantel_haenszel
from trialkit.analysis.quantiles.median_difference import compare_medians
from trialkit.analysis.quantiles.quantile_regression import quantile_regression
from trialkit.analysis.recurrent.event_log import intervals_of_events
from trialkit.analysis.recurrent.mean_cumulative import mean_cumulative
from trialkit.analysis.recurrent.recurrent_models import lwyy_regression, pwp_regression
from trialkit.analysis.repeated.batch import mmrm_batch, mmrm_resampled
from trialkit.analysis.repeated.constrained_longitudinal import constrained_longitudinal
from trialkit.analysis.repeated.fit import mmrm
from trialkit.analysis.resampling.bootstrap import bootstrap_difference
from trialkit.analysis.resampling.rerandomisation import rerandomisation_test
from trialkit.analysis.survival.batched_cox import cox_batch
from trialkit.analysis.survival.batched_log_rank import log_rank_batch
from trialkit.analysis.survival.cox import cox_regression
from trialkit.analysis.survival.cumulative_incidence import cumulative_incidence
from trialkit.analysis.survival.fine_gray import fine_gray
from trialkit.analysis.survival.gray import gray_test
from trialkit.analysis.survival.kaplan_meier import kaplan_meier
from trialkit.analysis.survival.log_rank import log_rank
from trialkit.analysis.survival.restricted_mean import restricted_mean
from trialkit.analysis.trimmed.trimmed_means import compare_trimmed_means
from trialkit.results.results import Result, Results
from trialkit.results.vocabulary import Stat

THINGS = (
    sequential_imputations,
    read_imputations,
    read_draws,
    keep_imputations,
    keep_draws,
    fill_baseline,
    tipping_point,
    pool_imputations,
    join_draws,
    impute,
    imputation_model,
    imputation_draws,
    imputation_deltas,
    analyse_imputations,
    VisitDistribution,
    ImputedAncova,
    compare_medians, quantile_regression, compare_trimmed_means,
    complier_effect, dose_response,
    compare_estimates_with_margin,
    factorial_means, factorial_risks, crossover_means, crossover_events,
    compare_cluster_summaries, cluster_regression, intracluster_correlation,
    ImprovedBy, ImprovedByShare, Result, Results, Stat, adjust_p_values, ancova,
    bootstrap_difference, cochran_mantel_haenszel, compare_means, compare_means_with_margin,
    compare_paired, compare_paired_proportions, compare_proportions,
    compare_proportions_in_subgroups, compare_proportions_with_margin, compare_responders, describe,
    describe_categories, diagnose_ancova, diagnose_mixed_anova, mixed_anova, mixed_anova_batch,
    mmrm, mmrm_batch, mmrm_resampled, pool_rubin, pool_tables, rerandomisation_test,
    poisson_regression, negative_binomial_regression, exact_rate_ratio, negative_binomial_batch, poisson_batch,
    logistic_regression, modified_poisson, log_binomial, standardised_risks,
    generalised_estimating_equations, random_intercept_model,
    random_intercepts, partially_nested, crossover_mixed_model, constrained_longitudinal,
    proportional_odds, proportional_odds_batch, compare_wins, van_elteren, RankedOutcome, TimedOutcome,
    serial_gatekeeper, subgroup_effects, summarise_adherence, summarise_harms,
    cox_regression,
    cumulative_incidence, gray_test, fine_gray,
    mean_cumulative, lwyy_regression, pwp_regression,
    intervals_of_events,
    kaplan_meier, log_rank, log_rank_batch, restricted_mean, cox_batch, logistic_batch,
)  # fmt: skip


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> object:
    """The package as first imported, its names not yet looked up; afterwards all is as it was."""
    monkeypatch.setattr(trialkit, "analysis", analysis)
    monkeypatch.delitem(sys.modules, "trialkit.analysis")
    return import_module("trialkit.analysis")


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.__name__)
def test_a_public_name_is_the_thing_of_its_module(thing: type, fresh: object) -> None:
    assert fresh is not analysis
    assert getattr(fresh, thing.__name__) is thing


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.__name__)
def test_no_room_stands_in_its_place(thing: type) -> None:
    """All rooms are loaded here: one of the same name would be what a notebook gets."""
    assert getattr(analysis, thing.__name__) is thing


@pytest.mark.parametrize("thing", THINGS, ids=lambda thing: thing.__name__)
def test_it_stands_at_the_top_too(thing: type) -> None:
    assert getattr(trialkit, thing.__name__) is thing


def test_the_top_names_the_trial_and_every_estimator_once() -> None:
    of_a_trial = {"Protocol", "__version__", "load_protocol", "open", "run_trial"}
    assert len(set(trialkit.__all__)) == len(trialkit.__all__)
    assert set(trialkit.__all__) == of_a_trial | set(analysis.__all__)
    assert dir(trialkit) == sorted(trialkit.__all__)


def test_there_are_no_other_public_names() -> None:
    names = [thing.__name__ for thing in THINGS]
    assert sorted(analysis.__all__) == sorted(names)
    assert dir(analysis) == sorted(names)


def test_a_name_that_is_none_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"'trialkit.analysis' has no attribute 'annova'"):
        _ = analysis.annova


def test_a_name_that_the_top_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"'trialkit' has no attribute 'annova'"):
        _ = trialkit.annova


@pytest.mark.parametrize(
    ("name", "meant"),
    [("trialkit.kaplan_meir", "kaplan_meier"), ("trialkit.analysis.ancov", "ancova")],
)
def test_a_name_that_is_not_there_is_answered_with_the_nearest(name: str, meant: str) -> None:
    module, _, attribute = name.rpartition(".")
    code = f"import {module}; {module}.{attribute}"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert f"Did you mean: '{meant}'?" in ended.stderr
