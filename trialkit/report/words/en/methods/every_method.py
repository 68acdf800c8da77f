"""The words of every method of a plan in English."""

from collections.abc import Mapping
from types import MappingProxyType

from trialkit.protocol.methods.method import Method
from trialkit.report.words.en.methods import (
    ancova,
    bootstrap,
    cluster_comparisons,
    constrained_longitudinal,
    cox,
    exact_rates,
    external,
    gee,
    glmm,
    log_binomial,
    log_rank,
    logistic,
    margin_comparison,
    mean_comparison,
    mixed_anova,
    mmrm,
    modified_poisson,
    negative_binomial,
    odds_comparison,
    pair_comparison,
    paired_proportion_comparison,
    poisson,
    proportion_comparison,
    quantile_difference,
    rerandomisation,
    responders,
    standardised_risks,
    stratified_proportions,
    stratified_ranks,
    subgroups,
    within_arms,
)
from trialkit.report.words.language.method_words import AnyWords

_ALL: tuple[AnyWords, ...] = (
    mixed_anova.WORDS,
    ancova.WORDS,
    mmrm.WORDS,
    constrained_longitudinal.WORDS,
    mean_comparison.WORDS,
    within_arms.WORDS,
    paired_proportion_comparison.WORDS,
    rerandomisation.WORDS,
    quantile_difference.WORDS,
    bootstrap.WORDS,
    proportion_comparison.WORDS,
    stratified_proportions.WORDS,
    logistic.WORDS,
    standardised_risks.WORDS,
    modified_poisson.WORDS,
    log_binomial.WORDS,
    gee.WORDS,
    glmm.WORDS,
    poisson.WORDS,
    negative_binomial.WORDS,
    exact_rates.WORDS,
    odds_comparison.WORDS,
    pair_comparison.WORDS,
    stratified_ranks.WORDS,
    responders.WORDS,
    subgroups.WORDS,
    margin_comparison.WORDS,
    cluster_comparisons.MEANS_WORDS,
    cluster_comparisons.MODEL_WORDS,
    cluster_comparisons.INTERCEPTS_WORDS,
    cluster_comparisons.NESTED_WORDS,
    cox.WORDS,
    log_rank.WORDS,
    external.WORDS,
)
METHODS: Mapping[Method, AnyWords] = MappingProxyType(
    {method: words for words in _ALL for method in words.names}
)
"""What says each method; the words of one specification serve all its methods."""
