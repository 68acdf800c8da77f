"""The statistics: tidy frame and column names in, frozen results out."""

from trialkit.analysis.anova.batched_anova import mixed_anova_batch
from trialkit.analysis.anova.mixed_anova import mixed_anova
from trialkit.analysis.describing.adherence import summarise_adherence
from trialkit.analysis.describing.descriptive import describe, describe_categories
from trialkit.analysis.describing.harms import summarise_harms
from trialkit.analysis.diagnosing.diagnostics import diagnose_ancova, diagnose_mixed_anova
from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.linear.multiplicity import adjust_p_values, serial_gatekeeper
from trialkit.analysis.linear.subgroups import subgroup_effects
from trialkit.analysis.margins.margins import (
    compare_means_with_margin,
    compare_proportions_with_margin,
)
from trialkit.analysis.means.means import compare_means
from trialkit.analysis.means.paired_means import compare_paired
from trialkit.analysis.missing.rubin import pool_rubin, pool_tables
from trialkit.analysis.mmrm.batch import mmrm_batch, mmrm_resampled
from trialkit.analysis.mmrm.fit import mmrm
from trialkit.analysis.proportions.paired_proportions import compare_paired_proportions
from trialkit.analysis.proportions.proportion_subgroups import compare_proportions_in_subgroups
from trialkit.analysis.proportions.proportions import compare_proportions
from trialkit.analysis.proportions.responders import ImprovedBy, ImprovedByShare, compare_responders
from trialkit.analysis.proportions.stratified_proportions import cochran_mantel_haenszel
from trialkit.analysis.resampling.bootstrap import bootstrap_difference
from trialkit.analysis.resampling.rerandomisation import rerandomisation_test
from trialkit.results.results import Result, Results
from trialkit.results.vocabulary import Stat

__all__ = [
    "ImprovedBy",
    "ImprovedByShare",
    "Result",
    "Results",
    "Stat",
    "adjust_p_values",
    "ancova",
    "bootstrap_difference",
    "cochran_mantel_haenszel",
    "compare_means",
    "compare_means_with_margin",
    "compare_paired",
    "compare_paired_proportions",
    "compare_proportions",
    "compare_proportions_in_subgroups",
    "compare_proportions_with_margin",
    "compare_responders",
    "describe",
    "describe_categories",
    "diagnose_ancova",
    "diagnose_mixed_anova",
    "mixed_anova",
    "mixed_anova_batch",
    "mmrm",
    "mmrm_batch",
    "mmrm_resampled",
    "pool_rubin",
    "pool_tables",
    "rerandomisation_test",
    "serial_gatekeeper",
    "subgroup_effects",
    "summarise_adherence",
    "summarise_harms",
]
