"""What each method and option of a plan says of its effect, by hand from docs/methods."""

import pytest

from tests.variations import specification_of
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.cluster_comparisons import (
    ClusterCovarianceModel,
    ClusterIntercepts,
    ClusterMeansComparison,
    PartiallyNested,
)
from trialkit.protocol.methods.cluster_models import ClusterCox, ClusterGee, ClusterGlmm
from trialkit.protocol.methods.cluster_options import SummaryScale
from trialkit.protocol.methods.comparisons import (
    Alternative,
    MissingRule,
    Standardiser,
    TwoGroupEstimate,
)
from trialkit.protocol.methods.complier_effect import ComplierEffect
from trialkit.protocol.methods.constrained_longitudinal import ConstrainedLongitudinal
from trialkit.protocol.methods.cox import Cox
from trialkit.protocol.methods.crossover_comparisons import (
    CrossoverDifference,
    CrossoverModel,
    CrossoverPreference,
)
from trialkit.protocol.methods.cumulative_incidence import IncidenceComparison
from trialkit.protocol.methods.delta_grid import DeltaGrid
from trialkit.protocol.methods.exact_rates import ExactRateComparison
from trialkit.protocol.methods.factorial import FactorialComparison, FactorialRiskComparison
from trialkit.protocol.methods.fine_gray import SubdistributionHazards
from trialkit.protocol.methods.gee import Gee
from trialkit.protocol.methods.glmm import Glmm
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment, OutcomeScale
from trialkit.protocol.methods.log_binomial import LogBinomialRegression
from trialkit.protocol.methods.log_rank import LogRank
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.lwyy import Lwyy
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.mean_cumulative import MeanCumulativeComparison, MeanNumbers
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.milestone import Milestone
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.modified_poisson import ModifiedPoisson
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.negative_binomial import NegativeBinomialComparison
from trialkit.protocol.methods.odds_comparison import OddsComparison
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.pair_comparison import PairComparison
from trialkit.protocol.methods.paired_proportion_comparison import PairedProportionComparison
from trialkit.protocol.methods.poisson import PoissonComparison
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.pwp import Pwp
from trialkit.protocol.methods.quantile_difference import QuantileDifference
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.restricted_mean import RestrictedMean
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.methods.standardised_risks import StandardisedRiskComparison
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.stratified_ranks import StratifiedRanks
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.methods.time_to_event import RestrictedContrast
from trialkit.protocol.methods.tipping_point import TippingPoint
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.results.effect import Effect, Interval, IntervalKind, Scale

LOG = OutcomeScale.LOG
PAIRS = Comparisons.ALL_PAIRS
CHANGE, FINAL = Response.CHANGE, Response.FINAL
LESS, GREATER = Alternative.LESS, Alternative.GREATER
ADJUST = ContrastAdjustment
NUMBER, EVENT, LEVEL = OutcomeType.CONTINUOUS, OutcomeType.BINARY, OutcomeType.ORDINAL
TIME = OutcomeType.TIME_TO_EVENT
COUNT = OutcomeType.COUNT
RECURRENT = OutcomeType.RECURRENT_EVENTS


def mean(method: Method, **options: object) -> MeanComparison:
    return MeanComparison(method=method, **options)  # type: ignore[arg-type]


# specification, kind of outcome, arms: scale, interval, headline p, one-sided p, what adjusts p,
# what g is divided by
EXPECTED = [
    *(
        (each, NUMBER, 3, "difference", "pointwise", True, False, "", "")
        for each in (
            ClusterMeansComparison(),
            ClusterCovarianceModel(),
            ClusterIntercepts(),
            PartiallyNested(),
            FactorialComparison(),
            CrossoverDifference(),
            CrossoverModel(),
        )
    ),
    (FactorialRiskComparison(), EVENT, 4, "percentage_points", "pointwise", True, False, "", ""),
    (CrossoverPreference(), EVENT, 2, "odds_ratio", "exact", True, False, "", ""),
    (Ancova(), NUMBER, 2, "difference", "pointwise", True, False, "", ""),
    (Ancova(scale=LOG), NUMBER, 2, "ratio", "pointwise", True, False, "", ""),
    (Ancova(adjustment=ADJUST.BONFERRONI), NUMBER, 3, "difference", "simultaneous Bonferroni of 2", True, False, "bonferroni", ""),
    (Ancova(adjustment=ADJUST.HOLM), NUMBER, 4, "difference", "simultaneous Bonferroni of 3", True, False, "holm", ""),
    (Ancova(adjustment=ADJUST.DUNNETT), NUMBER, 3, "difference", "simultaneous Dunnett of 2", True, False, "dunnett", ""),
    (Ancova(adjustment=ADJUST.DUNNETT), NUMBER, 2, "difference", "pointwise", True, False, "", ""),
    (Ancova(adjustment=ADJUST.TUKEY, comparisons=PAIRS), NUMBER, 3, "difference", "simultaneous Tukey of 3", True, False, "tukey", ""),
    (Ancova(adjustment=ADJUST.TUKEY, comparisons=PAIRS), NUMBER, 4, "difference", "simultaneous Tukey of 6", True, False, "tukey", ""),
    (Ancova(adjustment=ADJUST.HOLM, comparisons=PAIRS, scale=LOG), NUMBER, 3, "ratio", "simultaneous Bonferroni of 3", True, False, "holm", ""),
    (Ancova(comparisons=PAIRS), NUMBER, 3, "difference", "pointwise", True, False, "", ""),
    (MixedAnova(), NUMBER, 3, "difference", "pointwise", True, False, "", "pooled SD of the change"),
    (MixedAnova(adjustment=ADJUST.DUNNETT), NUMBER, 3, "difference", "simultaneous Dunnett of 2", True, False, "dunnett", "pooled SD of the change"),
    (MixedAnova(adjustment=ADJUST.HOLM), NUMBER, 3, "difference", "simultaneous Bonferroni of 2", True, False, "holm", "pooled SD of the change"),
    (Mmrm(), NUMBER, 3, "difference", "pointwise", True, False, "", ""),
    (ConstrainedLongitudinal(), NUMBER, 3, "difference", "pointwise", True, False, "", ""),
    (MultipleImputation(), NUMBER, 3, "difference", "pointwise", True, False, "", ""),
    (Mmrm(response=FINAL), NUMBER, 2, "difference", "pointwise", True, False, "", ""),
    (Subgroups(by="site"), NUMBER, 2, "difference", "pointwise", False, False, "", ""),
    (Subgroups(by="site"), EVENT, 2, "percentage_points", "pointwise", False, False, "", ""),
    (mean(Method.WELCH_T), NUMBER, 2, "difference", "pointwise", True, False, "", "pooled SD of the change"),
    (mean(Method.WELCH_T, alternative=LESS), NUMBER, 2, "difference", "one-sided", True, True, "", "pooled SD of the change"),
    (mean(Method.STUDENT_T, response=FINAL), NUMBER, 2, "difference", "pointwise", True, False, "", "pooled SD of the final value"),
    (mean(Method.STUDENT_T, standardiser=Standardiser.REFERENCE), NUMBER, 2, "difference", "pointwise", True, False, "", "reference SD of the change"),
    (mean(Method.WELCH_T, standardiser=Standardiser.AVERAGE, response=FINAL), NUMBER, 2, "difference", "pointwise", True, False, "", "average SD of the final value"),
    (mean(Method.MANN_WHITNEY), NUMBER, 2, "difference", "exact", True, False, "", ""),
    (mean(Method.MANN_WHITNEY, alternative=GREATER), NUMBER, 2, "difference", "one-sided", True, True, "", ""),
    (mean(Method.MANN_WHITNEY_ASYMPTOTIC), NUMBER, 2, "difference", "pointwise", True, False, "", ""),
    (mean(Method.MANN_WHITNEY_CORRECTED), NUMBER, 2, "difference", "pointwise", True, False, "", ""),
    (mean(Method.PERMUTATION), NUMBER, 2, "difference", "", True, False, "", ""),
    (mean(Method.PERMUTATION, alternative=LESS), NUMBER, 2, "difference", "", True, True, "", ""),
    (Rerandomisation(), NUMBER, 2, "difference", "", True, False, "", ""),
    (Rerandomisation(alternative=GREATER), NUMBER, 2, "difference", "", True, True, "", ""),
    (ComplierEffect(), NUMBER, 2, "difference", "pointwise", True, False, "", ""),
    (TrimmedMean(), NUMBER, 3, "difference", "pointwise", True, False, "", ""),
    (QuantileDifference(quantile=0.75), NUMBER, 3, "difference", "pointwise", True, False, "", ""),
    (Bootstrap(), NUMBER, 2, "difference", "pointwise", False, False, "", ""),
    (Bootstrap(estimator=TwoGroupEstimate.MEDIAN_DIFFERENCE), NUMBER, 2, "difference", "pointwise", False, False, "", ""),
    (Bootstrap(estimator=TwoGroupEstimate.MEAN_RATIO), NUMBER, 2, "ratio", "pointwise", False, False, "", ""),
    (Bootstrap(estimator=TwoGroupEstimate.HEDGES_G), NUMBER, 2, "standardised_difference", "pointwise", False, False, "", "pooled SD of the change"),
    (Bootstrap(estimator=TwoGroupEstimate.PROBABILITY_OF_SUPERIORITY), NUMBER, 2, "probability", "pointwise", False, False, "", ""),
    (ProportionComparison(), EVENT, 2, "percentage_points", "pointwise", True, False, "", ""),
    (PoissonComparison(), COUNT, 2, "rate_ratio", "pointwise", True, False, "", ""),
    (NegativeBinomialComparison(), COUNT, 3, "rate_ratio", "pointwise", True, False, "", ""),
    (ExactRateComparison(), COUNT, 2, "rate_ratio", "exact", True, False, "", ""),
    (Logistic(), EVENT, 3, "odds_ratio", "pointwise", True, False, "", ""),
    (StandardisedRiskComparison(), EVENT, 2, "percentage_points", "pointwise", True, False, "", ""),
    (ModifiedPoisson(), EVENT, 2, "risk_ratio", "pointwise", True, False, "", ""),
    (LogBinomialRegression(), EVENT, 2, "risk_ratio", "pointwise", True, False, "", ""),
    (ClusterMeansComparison(), EVENT, 2, "percentage_points", "pointwise", True, False, "", ""),
    (ClusterMeansComparison(), COUNT, 2, "rate_ratio", "pointwise", True, False, "", ""),
    (ClusterMeansComparison(scale=SummaryScale.RATIO), EVENT, 2, "risk_ratio", "pointwise", True, False, "", ""),
    (ClusterMeansComparison(scale=SummaryScale.RATIO), NUMBER, 2, "ratio", "pointwise", True, False, "", ""),
    (ClusterCovarianceModel(), EVENT, 2, "percentage_points", "pointwise", True, False, "", ""),
    (ClusterGee(), EVENT, 2, "odds_ratio", "pointwise", True, False, "", ""),
    (ClusterGee(), COUNT, 2, "rate_ratio", "pointwise", True, False, "", ""),
    (ClusterGlmm(), EVENT, 2, "odds_ratio", "pointwise", True, False, "", ""),
    (ClusterGlmm(), COUNT, 2, "rate_ratio", "pointwise", True, False, "", ""),
    (ClusterCox(), TIME, 2, "hazard_ratio", "pointwise", True, False, "", ""),
    (Gee(), EVENT, 2, "odds_ratio", "pointwise", True, False, "", ""),
    (Glmm(), EVENT, 2, "odds_ratio", "pointwise", True, False, "", ""),
    (StratifiedProportions(strata="site"), EVENT, 2, "percentage_points", "pointwise", True, False, "", ""),
    (ResponderComparison(missing=MissingRule.NON_RESPONDER), NUMBER, 2, "percentage_points", "pointwise", True, False, "", ""),
    (MarginComparison(method=Method.NON_INFERIORITY, margin=1), NUMBER, 2, "difference", "pointwise", True, True, "", ""),
    (MarginComparison(method=Method.EQUIVALENCE, margin=0.1), EVENT, 2, "percentage_points", "pointwise", True, True, "", ""),
    (MarginComparison(method=Method.NON_INFERIORITY, margin=1.2, model=PoissonComparison()), COUNT, 2, "rate_ratio", "pointwise", True, True, "", ""),
    (MarginComparison(method=Method.NON_INFERIORITY, margin=0.8, model=StandardisedRiskComparison(), scale=Scale.RISK_RATIO), EVENT, 2, "risk_ratio", "pointwise", True, True, "", ""),
    (OddsComparison(), LEVEL, 2, "odds_ratio", "pointwise", True, False, "", ""),
    (PairComparison(method=Method.WIN_PROBABILITY), LEVEL, 2, "win_probability", "pointwise", True, False, "", ""),
    (PairComparison(method=Method.WIN_ODDS), LEVEL, 2, "win_odds", "pointwise", True, False, "", ""),
    (PairComparison(method=Method.WIN_RATIO), LEVEL, 2, "win_ratio", "pointwise", True, False, "", ""),
    (PairComparison(method=Method.NET_BENEFIT), LEVEL, 2, "net_benefit", "pointwise", True, False, "", ""),
    (StratifiedRanks(strata=("site",)), LEVEL, 2, "probability", "pointwise", True, False, "", ""),
    (Cox(), TIME, 3, "hazard_ratio", "pointwise", True, False, "", ""),
    (LogRank(), TIME, 2, "hazard_ratio", "pointwise", True, False, "", ""),
    (RestrictedMean(), TIME, 2, "difference", "pointwise", True, False, "", ""),
    (RestrictedMean(contrast=RestrictedContrast.RATIO), TIME, 3, "ratio", "pointwise", True, False, "", ""),
    (Milestone(), TIME, 2, "event_free_points", "pointwise", True, False, "", ""),
    (IncidenceComparison(), TIME, 2, "percentage_points", "pointwise", True, False, "", ""),
    (SubdistributionHazards(), TIME, 3, "subdistribution_hazard_ratio", "pointwise", True, False, "", ""),
    (Lwyy(), RECURRENT, 3, "rate_ratio", "pointwise", True, False, "", ""),
    (Pwp(), RECURRENT, 2, "hazard_ratio", "pointwise", True, False, "", ""),
    (MeanCumulativeComparison(), RECURRENT, 2, "difference", "pointwise", True, False, "", ""),
    (MeanCumulativeComparison(compare=MeanNumbers.RATIO), RECURRENT, 2, "ratio", "pointwise", True, False, "", ""),
    (specification_of(Method.EXTERNAL), NUMBER, 2, "difference", "pointwise", True, False, "", ""),
]  # fmt: skip
NO_CONTRAST = [
    TippingPoint(arm="A1", deltas=DeltaGrid(first=0, last=2)),
    mean(Method.ONE_WAY_ANOVA),
    mean(Method.WELCH_ANOVA),
    mean(Method.KRUSKAL_WALLIS),
    WithinArms(method=Method.PAIRED_T),
    WithinArms(method=Method.SIGNED_RANK),
    PairedProportionComparison(method=Method.MCNEMAR),
    PairedProportionComparison(method=Method.MCNEMAR_EXACT),
]


def said(effect: Effect) -> tuple[object, ...]:
    interval = "" if effect.interval is None else str(effect.interval)
    standardised = "" if effect.standardised_by is None else effect.standardised_by.value
    return (
        effect.scale.value, interval, effect.has_headline_p, effect.one_sided,
        effect.p_adjusted_by, standardised,
    )  # fmt: skip


@pytest.mark.parametrize(("specification", "outcome", "arms", "expected"), [
    (specification, outcome, arms, tuple(expected))
    for specification, outcome, arms, *expected in EXPECTED
])  # fmt: skip
def test_a_specification_says_what_its_effect_is(
    specification: Specification, outcome: OutcomeType, arms: int, expected: tuple[object, ...]
) -> None:
    effect = specification.effect(outcome, arms)
    assert effect is not None
    assert said(effect) == expected


@pytest.mark.parametrize("specification", NO_CONTRAST)
def test_tests_of_all_arms_and_changes_within_arms_contrast_no_arms(
    specification: Specification,
) -> None:
    assert specification.effect(NUMBER, 3) is None


def test_every_method_of_the_plan_stands_in_these_tables() -> None:
    named = {each[0].method for each in EXPECTED} | {each.method for each in NO_CONTRAST}
    assert named == set(SPECIFICATIONS)


def test_terms_name_each_comparison_once_the_later_arm_first() -> None:
    assert Effect(scale=Scale.DIFFERENCE).terms(("CG", "A", "B")) == ("A - CG", "B - CG")
    pairs = Effect(scale=Scale.RATIO, all_pairs=True, sign="/")
    assert pairs.terms(("CG", "A", "B")) == ("A / CG", "B / CG", "B / A")


def test_no_effect_is_one_for_ratios_and_a_half_for_a_probability() -> None:
    nulls = {scale: scale.null_value for scale in Scale}
    assert nulls[Scale.RATIO] == nulls[Scale.RISK_RATIO] == nulls[Scale.HAZARD_RATIO] == 1
    assert nulls[Scale.WIN_ODDS] == nulls[Scale.WIN_RATIO] == 1
    assert nulls[Scale.PROBABILITY] == nulls[Scale.WIN_PROBABILITY] == 0.5
    assert nulls[Scale.NET_BENEFIT] == 0
    assert [each for each in Scale if each.of_better] == [
        Scale.WIN_PROBABILITY, Scale.WIN_ODDS, Scale.WIN_RATIO, Scale.NET_BENEFIT,
    ]  # fmt: skip
    assert nulls[Scale.DIFFERENCE] == nulls[Scale.STANDARDISED_DIFFERENCE] == 0


def test_only_simultaneous_intervals_say_of_how_many() -> None:
    assert str(Interval(IntervalKind.TUKEY, 3)) == "simultaneous Tukey of 3"
    assert str(Interval(IntervalKind.POINTWISE, 3)) == "pointwise"


def test_g_is_two_sided_and_its_own_whatever_the_contrast_is() -> None:
    contrast = MixedAnova(adjustment=ADJUST.DUNNETT).effect(NUMBER, 3)
    g = contrast.standardised()
    assert (g.scale, str(g.interval)) == (Scale.STANDARDISED_DIFFERENCE, "pointwise")
    assert g.standardised_by is contrast.standardised_by
