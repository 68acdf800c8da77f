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
    cumulative_incidence,
    exact_rates,
    external,
    factorial,
    fine_gray,
    gee,
    glmm,
    log_binomial,
    log_rank,
    logistic,
    lwyy,
    margin_comparison,
    mean_comparison,
    mean_cumulative,
    milestone,
    mixed_anova,
    mmrm,
    modified_poisson,
    negative_binomial,
    odds_comparison,
    pair_comparison,
    paired_proportion_comparison,
    poisson,
    proportion_comparison,
    pwp,
    quantile_difference,
    rerandomisation,
    responders,
    restricted_mean,
    standardised_risks,
    stratified_proportions,
    stratified_ranks,
    subgroups,
    within_arms,
)
from trialkit.report.words.language.method_words import AnyWords

_OWN: tuple[AnyWords, ...] = (
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
    cluster_comparisons.MEANS_WORDS,
    cluster_comparisons.MODEL_WORDS,
    cluster_comparisons.INTERCEPTS_WORDS,
    cluster_comparisons.NESTED_WORDS,
    factorial.WORDS,
    factorial.RISK_WORDS,
    cox.WORDS,
    log_rank.WORDS,
    restricted_mean.WORDS,
    milestone.WORDS,
    cumulative_incidence.WORDS,
    fine_gray.WORDS,
    lwyy.WORDS,
    pwp.WORDS,
    mean_cumulative.WORDS,
    external.WORDS,
)
_MODELS: Mapping[Method, AnyWords] = MappingProxyType(
    {method: words for words in _OWN for method in words.names}
)
"""What says a method that estimates by itself."""
METHODS: Mapping[Method, AnyWords] = MappingProxyType(
    {**_MODELS, **dict.fromkeys(margin_comparison.NAMES, margin_comparison.words(_MODELS))}
)
"""What says each method; the words of one specification serve all its methods."""
