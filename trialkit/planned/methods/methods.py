"""Every method that a plan can name: the cards, in the order in which lists name them."""

from typing import Any

from trialkit.planned.methods.ancova import ANCOVA
from trialkit.planned.methods.bootstrap import BOOTSTRAP
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.cluster_comparisons import (
    CLUSTER_INTERCEPTS,
    CLUSTER_MEANS,
    CLUSTER_REGRESSION,
    PARTIALLY_NESTED,
)
from trialkit.planned.methods.cluster_models import CLUSTER_COX, CLUSTER_GEE, CLUSTER_GLMM
from trialkit.planned.methods.complier_effect import COMPLIER_EFFECT
from trialkit.planned.methods.constrained_longitudinal import CONSTRAINED_LONGITUDINAL
from trialkit.planned.methods.cox import COX
from trialkit.planned.methods.crossover_comparisons import (
    CROSSOVER_DIFFERENCE,
    CROSSOVER_EVENTS,
    CROSSOVER_MODEL,
)
from trialkit.planned.methods.cumulative_incidence import CUMULATIVE_INCIDENCE
from trialkit.planned.methods.exact_rates import EXACT_RATE_RATIO
from trialkit.planned.methods.external import EXTERNAL
from trialkit.planned.methods.factorial import FACTORIAL, FACTORIAL_RISKS
from trialkit.planned.methods.fine_gray import FINE_GRAY
from trialkit.planned.methods.gee import GEE
from trialkit.planned.methods.glmm import GLMM
from trialkit.planned.methods.log_binomial import LOG_BINOMIAL
from trialkit.planned.methods.log_rank import LOG_RANK
from trialkit.planned.methods.logistic import LOGISTIC
from trialkit.planned.methods.margin_comparison import margin_comparison
from trialkit.planned.methods.mean_comparison import MEAN_COMPARISON
from trialkit.planned.methods.mean_cumulative import MEAN_CUMULATIVE
from trialkit.planned.methods.milestone import MILESTONE
from trialkit.planned.methods.mixed_anova import MIXED_ANOVA
from trialkit.planned.methods.mmrm import MMRM
from trialkit.planned.methods.modified_poisson import MODIFIED_POISSON
from trialkit.planned.methods.multiple_imputation import multiple_imputation
from trialkit.planned.methods.negative_binomial import NEGATIVE_BINOMIAL
from trialkit.planned.methods.odds_comparison import ODDS_COMPARISON
from trialkit.planned.methods.pair_comparison import PAIR_COMPARISON
from trialkit.planned.methods.paired_proportion_comparison import PAIRED_PROPORTION_COMPARISON
from trialkit.planned.methods.poisson import POISSON
from trialkit.planned.methods.proportion_comparison import PROPORTION_COMPARISON
from trialkit.planned.methods.quantile_difference import QUANTILE_DIFFERENCE
from trialkit.planned.methods.recurrent_models import LWYY, PWP
from trialkit.planned.methods.rerandomisation import RERANDOMISATION
from trialkit.planned.methods.responders import RESPONDERS
from trialkit.planned.methods.restricted_mean import RESTRICTED_MEAN
from trialkit.planned.methods.standardised_risks import STANDARDISED_RISKS
from trialkit.planned.methods.stratified_proportions import STRATIFIED_PROPORTIONS
from trialkit.planned.methods.stratified_ranks import STRATIFIED_RANKS
from trialkit.planned.methods.subgroups import SUBGROUPS
from trialkit.planned.methods.tipping_point import TIPPING_POINT
from trialkit.planned.methods.trimmed_mean import TRIMMED_MEAN
from trialkit.planned.methods.within_arms import WITHIN_ARMS
from trialkit.protocol.methods.specification import Specification

MULTIPLE_IMPUTATION = multiple_imputation(lambda specification: card_of(specification).carry_out)
MARGIN_COMPARISON = margin_comparison(lambda specification: card_of(specification).carry_out)

METHODS: tuple[MethodCard[Any], ...] = (
    MIXED_ANOVA,
    ANCOVA,
    SUBGROUPS,
    MMRM,
    CONSTRAINED_LONGITUDINAL,
    MULTIPLE_IMPUTATION,
    TIPPING_POINT,
    MEAN_COMPARISON,
    WITHIN_ARMS,
    PAIRED_PROPORTION_COMPARISON,
    RERANDOMISATION,
    COMPLIER_EFFECT,
    QUANTILE_DIFFERENCE,
    TRIMMED_MEAN,
    BOOTSTRAP,
    PROPORTION_COMPARISON,
    STRATIFIED_PROPORTIONS,
    LOGISTIC,
    STANDARDISED_RISKS,
    MODIFIED_POISSON,
    LOG_BINOMIAL,
    GEE,
    GLMM,
    POISSON,
    NEGATIVE_BINOMIAL,
    EXACT_RATE_RATIO,
    ODDS_COMPARISON,
    PAIR_COMPARISON,
    STRATIFIED_RANKS,
    RESPONDERS,
    MARGIN_COMPARISON,
    CLUSTER_MEANS,
    CLUSTER_REGRESSION,
    CLUSTER_INTERCEPTS,
    PARTIALLY_NESTED,
    FACTORIAL,
    FACTORIAL_RISKS,
    CROSSOVER_DIFFERENCE,
    CROSSOVER_MODEL,
    CROSSOVER_EVENTS,
    CLUSTER_GEE,
    CLUSTER_GLMM,
    CLUSTER_COX,
    COX,
    LOG_RANK,
    RESTRICTED_MEAN,
    MILESTONE,
    CUMULATIVE_INCIDENCE,
    FINE_GRAY,
    LWYY,
    PWP,
    MEAN_CUMULATIVE,
    EXTERNAL,
)
_BY_SPECIFICATION = {card.specification: card for card in METHODS}


def card_of(specification: Specification) -> MethodCard[Any]:
    """The card of the method that a specification asks for."""
    return _BY_SPECIFICATION[type(specification)]
