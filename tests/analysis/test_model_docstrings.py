"""Every estimator of a linear model names its estimand, its source and the file it is checked with."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from trialkit.analysis import mmrm, mmrm_batch, mmrm_resampled
from trialkit.analysis.anova.batched_anova import mixed_anova_batch
from trialkit.analysis.anova.mixed_anova import mixed_anova
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
from trialkit.analysis.diagnosing.diagnostics import diagnose_ancova, diagnose_mixed_anova
from trialkit.analysis.factorial.factorial_means import factorial_means
from trialkit.analysis.factorial.factorial_risks import factorial_risks
from trialkit.analysis.gee.estimating import generalised_estimating_equations
from trialkit.analysis.gee.random_intercept import random_intercept_model
from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputing import impute
from trialkit.analysis.imputation.model import imputation_model
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.analysis.imputation.sequential import sequential_imputations
from trialkit.analysis.imputation.tipping import tipping_point
from trialkit.analysis.instrumental.complier_effect import complier_effect
from trialkit.analysis.instrumental.dose_response import dose_response
from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.linear.subgroups import subgroup_effects
from trialkit.analysis.margins.estimates import compare_estimates_with_margin
from trialkit.analysis.mixed.crossover import crossover_mixed_model
from trialkit.analysis.mixed.partially_nested import partially_nested
from trialkit.analysis.mixed.random_intercepts import random_intercepts
from trialkit.analysis.ordinal.batched_odds import proportional_odds_batch
from trialkit.analysis.ordinal.proportional_odds import proportional_odds
from trialkit.analysis.ordinal.van_elteren import van_elteren
from trialkit.analysis.ordinal.wins import compare_wins
from trialkit.analysis.quantiles.median_difference import compare_medians
from trialkit.analysis.quantiles.quantile_regression import quantile_regression
from trialkit.analysis.repeated.constrained_longitudinal import constrained_longitudinal
from trialkit.analysis.trimmed.trimmed_means import compare_trimmed_means

ROOT = Path(__file__).parents[2]
ESTIMATORS = [
    imputation_model,
    imputation_draws,
    impute,
    analyse_imputations,
    pool_imputations,
    tipping_point,
    sequential_imputations,
    compare_medians,
    compare_trimmed_means,
    quantile_regression,
    complier_effect,
    dose_response,
    compare_estimates_with_margin,
    factorial_means,
    factorial_risks,
    crossover_means,
    crossover_events,
    compare_cluster_summaries,
    cluster_regression,
    intracluster_correlation,
    proportional_odds,
    proportional_odds_batch,
    compare_wins,
    van_elteren,
    generalised_estimating_equations,
    random_intercept_model,
    random_intercepts,
    partially_nested,
    crossover_mixed_model,
    constrained_longitudinal,
    logistic_regression,
    modified_poisson,
    log_binomial,
    standardised_risks,
    ancova,
    mixed_anova_batch,
    diagnose_ancova,
    diagnose_mixed_anova,
    mixed_anova,
    subgroup_effects,
    poisson_regression,
    negative_binomial_regression,
    exact_rate_ratio,
    negative_binomial_batch,
    poisson_batch,
]


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda each: each.__name__)
def test_every_estimator_names_its_source_and_its_check(estimator: Callable[..., object]) -> None:
    text = inspect.getdoc(estimator) or ""
    assert re.search(r"^Estimand$", text, re.MULTILINE)
    assert re.search(r"^Reference$", text, re.MULTILINE)
    checked = re.search(r"Checked against\s+``(.+?)``", text)
    assert checked, "no reference values named"
    assert (ROOT / checked[1]).read_text(encoding="utf-8").strip()


@pytest.mark.parametrize(
    "estimator", [mmrm, mmrm_batch, mmrm_resampled], ids=lambda each: each.__name__
)
def test_the_mixed_model_names_files_that_are_there(estimator: Callable[..., object]) -> None:
    text = inspect.getdoc(estimator) or ""
    for heading in ("Estimand", "Reference", "Checked against"):
        assert f"*{heading}*" in text
    checked = re.search(r"\*Checked against\*\s+``(.+?)``", text)
    assert checked, "no reference values named"
    assert (ROOT / checked[1]).read_text(encoding="utf-8").strip()
    assert "Raises :class:`AnalysisError` for" in text


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda each: each.__name__)
def test_the_file_it_is_checked_with_is_opened_by_the_tests_of_its_module(
    estimator: Callable[..., object],
) -> None:
    checked = re.search(r"Checked against\s+``(.+?)``", inspect.getdoc(estimator) or "")
    assert checked
    module = inspect.getmodule(estimator)
    assert module
    *rooms, name = module.__name__.split(".")[1:]
    tests = ROOT.joinpath("tests", *rooms, f"test_{name}.py")
    assert Path(checked[1]).stem in tests.read_text(encoding="utf-8")


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda each: each.__name__)
def test_every_estimator_says_what_it_takes_and_what_it_refuses(
    estimator: Callable[..., object],
) -> None:
    text = inspect.getdoc(estimator) or ""
    assert re.search(r"^Raises (``AnalysisError`` for|nothing:)", text, re.MULTILINE)
    assert re.search(r"\bshape\b|\brow\b", text), "neither rows nor shapes are described"


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda each: each.__name__)
def test_every_module_names_its_method_page(estimator: Callable[..., object]) -> None:
    text = inspect.getdoc(inspect.getmodule(estimator)) or ""
    pages = re.findall(r"``(docs/methods/[\w-]+\.md)``", text)
    assert pages
    assert all((ROOT / page).is_file() for page in pages)
