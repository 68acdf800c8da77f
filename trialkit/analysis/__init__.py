"""The statistics: tidy frame and column names in, frozen results out."""

from importlib import import_module
from sys import modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

__all__ = [
    "ImprovedBy",
    "ImprovedByShare",
    "ImputedAncova",
    "RankedOutcome",
    "Result",
    "Results",
    "Stat",
    "TimedOutcome",
    "VisitDistribution",
    "adjust_p_values",
    "analyse_imputations",
    "ancova",
    "bootstrap_difference",
    "cluster_regression",
    "cochran_mantel_haenszel",
    "compare_cluster_summaries",
    "compare_estimates_with_margin",
    "compare_means",
    "compare_means_with_margin",
    "compare_medians",
    "compare_paired",
    "compare_paired_proportions",
    "compare_proportions",
    "compare_proportions_in_subgroups",
    "compare_proportions_with_margin",
    "compare_responders",
    "compare_trimmed_means",
    "compare_wins",
    "complier_effect",
    "constrained_longitudinal",
    "cox_batch",
    "cox_regression",
    "crossover_events",
    "crossover_means",
    "crossover_mixed_model",
    "cumulative_incidence",
    "describe",
    "describe_categories",
    "diagnose_ancova",
    "diagnose_mixed_anova",
    "dose_response",
    "exact_rate_ratio",
    "factorial_means",
    "factorial_risks",
    "fill_baseline",
    "fine_gray",
    "generalised_estimating_equations",
    "gray_test",
    "imputation_deltas",
    "imputation_draws",
    "imputation_model",
    "impute",
    "intervals_of_events",
    "intracluster_correlation",
    "join_draws",
    "kaplan_meier",
    "keep_draws",
    "keep_imputations",
    "log_binomial",
    "log_rank",
    "log_rank_batch",
    "logistic_batch",
    "logistic_regression",
    "lwyy_regression",
    "mean_cumulative",
    "mixed_anova",
    "mixed_anova_batch",
    "mmrm",
    "mmrm_batch",
    "mmrm_resampled",
    "modified_poisson",
    "negative_binomial_batch",
    "negative_binomial_regression",
    "partially_nested",
    "poisson_batch",
    "poisson_regression",
    "pool_imputations",
    "pool_rubin",
    "pool_tables",
    "proportional_odds",
    "proportional_odds_batch",
    "pwp_regression",
    "quantile_regression",
    "random_intercept_model",
    "random_intercepts",
    "read_draws",
    "read_imputations",
    "rerandomisation_test",
    "restricted_mean",
    "sequential_imputations",
    "serial_gatekeeper",
    "standardised_risks",
    "subgroup_effects",
    "summarise_adherence",
    "summarise_harms",
    "tipping_point",
    "van_elteren",
]

_HOMES = {
    "ImprovedBy": "trialkit.analysis.proportions.responders",
    "ImprovedByShare": "trialkit.analysis.proportions.responders",
    "ImputedAncova": "trialkit.analysis.imputation.imputed_ancova",
    "RankedOutcome": "trialkit.analysis.ordinal.pairwise_wins",
    "Result": "trialkit.results.results",
    "Results": "trialkit.results.results",
    "Stat": "trialkit.results.vocabulary",
    "TimedOutcome": "trialkit.analysis.ordinal.pairwise_wins",
    "VisitDistribution": "trialkit.analysis.imputation.strategies",
    "adjust_p_values": "trialkit.analysis.linear.multiplicity",
    "analyse_imputations": "trialkit.analysis.imputation.analysing",
    "ancova": "trialkit.analysis.linear.ancova",
    "bootstrap_difference": "trialkit.analysis.resampling.bootstrap",
    "cluster_regression": "trialkit.analysis.clusters.cluster_regression",
    "cochran_mantel_haenszel": "trialkit.analysis.proportions.stratified_proportions",
    "compare_cluster_summaries": "trialkit.analysis.clusters.cluster_summaries",
    "compare_estimates_with_margin": "trialkit.analysis.margins.estimates",
    "compare_means": "trialkit.analysis.means.means",
    "compare_means_with_margin": "trialkit.analysis.margins.margins",
    "compare_medians": "trialkit.analysis.quantiles.median_difference",
    "compare_paired": "trialkit.analysis.means.paired_means",
    "compare_paired_proportions": "trialkit.analysis.proportions.paired_proportions",
    "compare_proportions": "trialkit.analysis.proportions.proportions",
    "compare_proportions_in_subgroups": "trialkit.analysis.proportions.proportion_subgroups",
    "compare_proportions_with_margin": "trialkit.analysis.margins.margins",
    "compare_responders": "trialkit.analysis.proportions.responders",
    "compare_trimmed_means": "trialkit.analysis.trimmed.trimmed_means",
    "compare_wins": "trialkit.analysis.ordinal.wins",
    "complier_effect": "trialkit.analysis.instrumental.complier_effect",
    "constrained_longitudinal": "trialkit.analysis.repeated.constrained_longitudinal",
    "cox_regression": "trialkit.analysis.survival.cox",
    "crossover_events": "trialkit.analysis.crossover.crossover_events",
    "crossover_means": "trialkit.analysis.crossover.crossover_means",
    "crossover_mixed_model": "trialkit.analysis.mixed.crossover",
    "cumulative_incidence": "trialkit.analysis.survival.cumulative_incidence",
    "describe": "trialkit.analysis.describing.descriptive",
    "describe_categories": "trialkit.analysis.describing.descriptive",
    "diagnose_ancova": "trialkit.analysis.diagnosing.diagnostics",
    "diagnose_mixed_anova": "trialkit.analysis.diagnosing.diagnostics",
    "dose_response": "trialkit.analysis.instrumental.dose_response",
    "exact_rate_ratio": "trialkit.analysis.counts.exact_rates",
    "factorial_means": "trialkit.analysis.factorial.factorial_means",
    "factorial_risks": "trialkit.analysis.factorial.factorial_risks",
    "fill_baseline": "trialkit.analysis.imputation.baseline",
    "fine_gray": "trialkit.analysis.survival.fine_gray",
    "generalised_estimating_equations": "trialkit.analysis.gee.estimating",
    "gray_test": "trialkit.analysis.survival.gray",
    "imputation_deltas": "trialkit.analysis.imputation.deltas",
    "imputation_draws": "trialkit.analysis.imputation.drawing",
    "imputation_model": "trialkit.analysis.imputation.model",
    "impute": "trialkit.analysis.imputation.imputing",
    "intervals_of_events": "trialkit.analysis.recurrent.event_log",
    "intracluster_correlation": "trialkit.analysis.clusters.cluster_correlation",
    "join_draws": "trialkit.analysis.imputation.draws",
    "kaplan_meier": "trialkit.analysis.survival.kaplan_meier",
    "keep_draws": "trialkit.analysis.imputation.keeping",
    "keep_imputations": "trialkit.analysis.imputation.keeping",
    "log_binomial": "trialkit.analysis.binary.relative_risks",
    "log_rank": "trialkit.analysis.survival.log_rank",
    "log_rank_batch": "trialkit.analysis.survival.batched_log_rank",
    "logistic_batch": "trialkit.analysis.binary.batched_logistic",
    "cox_batch": "trialkit.analysis.survival.batched_cox",
    "logistic_regression": "trialkit.analysis.binary.logistic",
    "lwyy_regression": "trialkit.analysis.recurrent.recurrent_models",
    "mean_cumulative": "trialkit.analysis.recurrent.mean_cumulative",
    "mixed_anova": "trialkit.analysis.anova.mixed_anova",
    "mixed_anova_batch": "trialkit.analysis.anova.batched_anova",
    "mmrm": "trialkit.analysis.repeated.fit",
    "mmrm_batch": "trialkit.analysis.repeated.batch",
    "mmrm_resampled": "trialkit.analysis.repeated.batch",
    "modified_poisson": "trialkit.analysis.binary.relative_risks",
    "negative_binomial_batch": "trialkit.analysis.counts.batched_counts",
    "negative_binomial_regression": "trialkit.analysis.counts.negative_binomial",
    "partially_nested": "trialkit.analysis.mixed.partially_nested",
    "poisson_batch": "trialkit.analysis.counts.batched_counts",
    "poisson_regression": "trialkit.analysis.counts.poisson",
    "pool_imputations": "trialkit.analysis.imputation.pooling",
    "pool_rubin": "trialkit.analysis.missing.rubin",
    "pool_tables": "trialkit.analysis.missing.rubin",
    "proportional_odds": "trialkit.analysis.ordinal.proportional_odds",
    "proportional_odds_batch": "trialkit.analysis.ordinal.batched_odds",
    "pwp_regression": "trialkit.analysis.recurrent.recurrent_models",
    "quantile_regression": "trialkit.analysis.quantiles.quantile_regression",
    "random_intercept_model": "trialkit.analysis.gee.random_intercept",
    "random_intercepts": "trialkit.analysis.mixed.random_intercepts",
    "read_draws": "trialkit.analysis.imputation.keeping",
    "read_imputations": "trialkit.analysis.imputation.keeping",
    "rerandomisation_test": "trialkit.analysis.resampling.rerandomisation",
    "restricted_mean": "trialkit.analysis.survival.restricted_mean",
    "sequential_imputations": "trialkit.analysis.imputation.sequential",
    "serial_gatekeeper": "trialkit.analysis.linear.multiplicity",
    "standardised_risks": "trialkit.analysis.binary.standardisation",
    "subgroup_effects": "trialkit.analysis.linear.subgroups",
    "summarise_adherence": "trialkit.analysis.describing.adherence",
    "summarise_harms": "trialkit.analysis.describing.harms",
    "tipping_point": "trialkit.analysis.imputation.tipping",
    "van_elteren": "trialkit.analysis.ordinal.van_elteren",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: no estimator loads what another needs."""
    if name not in _HOMES:
        raise AttributeError(
            f"module 'trialkit.analysis' has no attribute {name!r}",
            name=name,
            obj=modules[__name__],
        )
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
