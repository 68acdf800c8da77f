"""The statistics: tidy frame and column names in, frozen results out."""

from trialkit.analysis.adherence import summarise_adherence
from trialkit.analysis.ancova import ancova
from trialkit.analysis.batched_anova import mixed_anova_batch
from trialkit.analysis.bootstrap import bootstrap_difference
from trialkit.analysis.descriptive import describe, describe_categories
from trialkit.analysis.diagnostics import diagnose_ancova, diagnose_mixed_anova
from trialkit.analysis.harms import summarise_harms
from trialkit.analysis.margins import compare_means_with_margin, compare_proportions_with_margin
from trialkit.analysis.means import compare_means
from trialkit.analysis.mixed_anova import mixed_anova
from trialkit.analysis.multiplicity import adjust_p_values, serial_gatekeeper
from trialkit.analysis.paired_means import compare_paired
from trialkit.analysis.paired_proportions import compare_paired_proportions
from trialkit.analysis.plan import carry_out
from trialkit.analysis.proportion_subgroups import compare_proportions_in_subgroups
from trialkit.analysis.proportions import compare_proportions
from trialkit.analysis.repeated.batch import mmrm_batch, mmrm_resampled
from trialkit.analysis.repeated.fit import mmrm
from trialkit.analysis.rerandomisation import rerandomisation_test
from trialkit.analysis.responders import ImprovedBy, ImprovedByShare, compare_responders
from trialkit.analysis.results import Result, Results
from trialkit.analysis.rubin import pool_rubin, pool_tables
from trialkit.analysis.stratified_proportions import cochran_mantel_haenszel
from trialkit.analysis.subgroups import subgroup_effects
from trialkit.analysis.vocabulary import Stat

__all__ = [
    "ImprovedBy",
    "ImprovedByShare",
    "Result",
    "Results",
    "Stat",
    "adjust_p_values",
    "ancova",
    "bootstrap_difference",
    "carry_out",
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
