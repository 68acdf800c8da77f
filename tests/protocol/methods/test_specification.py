"""What each method says of what it reads: visits, baseline value and characteristics."""

from dataclasses import fields, replace
from typing import Any

import pytest

from tests.variations import specification_of
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.delta_grid import DeltaGrid
from trialkit.protocol.methods.logistic import Logistic
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.measured_outcome import MeasuredOutcome
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.outcome_kinds import KINDS
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.paired_proportion_comparison import PairedProportionComparison
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.subgroups import Subgroups

BOTH = {OutcomeType.CONTINUOUS, OutcomeType.BINARY}
NUMBERS, RISKS = {OutcomeType.CONTINUOUS}, {OutcomeType.BINARY}
RECURRENCES = {OutcomeType.RECURRENT_EVENTS}
COUNTS = {OutcomeType.COUNT} | RECURRENCES


LEVELS = {OutcomeType.ORDINAL}
OF_LEVELS = (
    Method.PROPORTIONAL_ODDS,
    Method.WIN_PROBABILITY,
    Method.WIN_ODDS,
    Method.WIN_RATIO,
    Method.NET_BENEFIT,
    Method.VAN_ELTEREN,
)


def measured(kind: OutcomeType, *asked: str) -> MeasuredOutcome:
    return MeasuredOutcome(
        kind=KINDS[kind], baseline="BL", time_point="W8", asked=asked or ("BL", "W4", "W8")
    )


@pytest.mark.parametrize(
    ("specification", "expected"),
    [
        (MarginComparison(method=Method.EQUIVALENCE, margin=2), ("W8",)),
        (Subgroups(by="a.b"), ("W8",)),
        (ProportionComparison(), ("W8",)),
        (StratifiedProportions(strata="a.b"), ("W8",)),
        (Logistic(covariates=("a.b",)), ("W8",)),
        (Logistic(covariates=("baseline", "a.b")), ("BL", "W8")),
        (PairedProportionComparison(method=Method.MCNEMAR), ("BL", "W8")),
    ],
)
def test_a_share_has_no_change_but_of_its_own_pairs_and_is_a_covariate_where_named(
    specification: Specification, expected: tuple[str, ...]
) -> None:
    assert specification.needed_visits(measured(OutcomeType.BINARY)) == expected


def test_the_same_method_reads_the_baseline_of_a_number() -> None:
    number = measured(OutcomeType.CONTINUOUS)
    assert Subgroups(by="a.b").needed_visits(number) == ("BL", "W8")
    assert MarginComparison(method=Method.EQUIVALENCE, margin=2).uses_baseline(number)
    final = MeanComparison(method=Method.WELCH_T, response=Response.FINAL)
    assert not final.uses_baseline(number)
    assert ResponderComparison(missing=MissingRule.NON_RESPONDER).uses_baseline(number)


def test_a_mixed_anova_takes_the_visits_that_are_asked_and_an_mmrm_any_after_baseline() -> None:
    outcome = measured(OutcomeType.CONTINUOUS, "BL", "W8")
    assert MixedAnova().needed_visits(outcome) == ("BL", "W8")
    assert Mmrm().one_of_visits(outcome) == ("W8",)
    assert Ancova().one_of_visits(outcome) == ()


def test_characteristics_are_named_by_the_options_that_say_so() -> None:
    number = KINDS[OutcomeType.CONTINUOUS]
    mixed = Mmrm(covariates=("baseline", "a.b"), covariates_by_visit=("a.c",), weights="a.w")
    assert mixed.baseline_items(number) == ("a.b", "a.c", "a.w")
    assert Mmrm(covariance_by="arm").baseline_items(number) == ()
    assert Mmrm(covariance_by="a.sex").baseline_items(number) == ("a.sex",)
    assert Subgroups(by="a.b", covariates=("a.c",)).baseline_items(number) == ("a.c", "a.b")
    assert MixedAnova().baseline_items(number) == ()


def test_shares_are_compared_as_they_are_whatever_the_covariates() -> None:
    share = KINDS[OutcomeType.BINARY]
    assert Subgroups(by="a.b", covariates=("a.c",)).baseline_items(share) == ("a.b",)
    assert StratifiedProportions(strata="a.b").baseline_items(share) == ("a.b",)


@pytest.mark.parametrize("method", SPECIFICATIONS)
def test_every_method_takes_the_kinds_that_it_is_for(method: Method) -> None:
    kind = SPECIFICATIONS[method]
    expected = {
        Method.RISK_DIFFERENCE: RISKS,
        Method.COCHRAN_MANTEL_HAENSZEL: RISKS,
        Method.LOGISTIC: RISKS,
        Method.STANDARDISED_RISKS: RISKS,
        Method.FACTORIAL_RISKS: RISKS,
        Method.MODIFIED_POISSON: RISKS,
        Method.LOG_BINOMIAL: RISKS,
        Method.GEE: RISKS,
        Method.GLMM: RISKS,
        Method.CROSSOVER_EVENTS: RISKS,
        Method.MCNEMAR: RISKS,
        Method.MCNEMAR_EXACT: RISKS,
        Method.SUBGROUPS: BOTH,
        Method.MULTIPLE_IMPUTATION: BOTH | {OutcomeType.COUNT},
        Method.NON_INFERIORITY: BOTH,
        Method.EQUIVALENCE: BOTH,
        Method.EXTERNAL: {*OutcomeType},
        Method.POISSON: COUNTS,
        Method.NEGATIVE_BINOMIAL: COUNTS,
        Method.EXACT_RATE_RATIO: COUNTS,
        **dict.fromkeys(OF_LEVELS, LEVELS),
        Method.CLUSTER_SUMMARIES: BOTH | {OutcomeType.COUNT},
        Method.CLUSTER_REGRESSION: BOTH,
        Method.CLUSTER_GEE: RISKS | {OutcomeType.COUNT},
        Method.CLUSTER_GLMM: RISKS | {OutcomeType.COUNT},
        Method.CLUSTER_COX: {OutcomeType.TIME_TO_EVENT},
        Method.COX: {OutcomeType.TIME_TO_EVENT},
        Method.LOG_RANK: {OutcomeType.TIME_TO_EVENT},
        Method.RESTRICTED_MEAN: {OutcomeType.TIME_TO_EVENT},
        Method.MILESTONE: {OutcomeType.TIME_TO_EVENT},
        Method.CUMULATIVE_INCIDENCE: {OutcomeType.TIME_TO_EVENT},
        Method.FINE_GRAY: {OutcomeType.TIME_TO_EVENT},
        **dict.fromkeys((Method.LWYY, Method.PWP, Method.MEAN_CUMULATIVE), RECURRENCES),
    }.get(method, NUMBERS)
    assert {each for each in OutcomeType if kind.takes(method, each)} == expected
    assert SPECIFICATIONS.keys() >= kind.WITHOUT_HEADLINE


def some(method: Method) -> Specification:
    """The method with as few options as it can have."""
    if method is Method.EXTERNAL:
        return specification_of(method)
    required: dict[str, Any] = {
        "margin": 2.0,
        "by": "a.b",
        "strata": "a.b",
        "missing": MissingRule.NON_RESPONDER,
        "arm": "A1",
        "deltas": DeltaGrid(first=0, last=2),
    }
    kind = SPECIFICATIONS[method]
    if method is Method.VAN_ELTEREN:
        required["strata"] = ("a.b",)
    known = {each.name for each in fields(kind)}
    options = {name: value for name, value in required.items() if name in known}
    return kind(method=method, **options)


@pytest.mark.parametrize("method", SPECIFICATIONS)
def test_a_method_without_a_headline_p_says_so_of_its_effect_too(method: Method) -> None:
    taken = next(each for each in OutcomeType if SPECIFICATIONS[method].takes(method, each))
    effect = some(method).effect(taken, 2)
    has_headline = effect is not None and effect.has_headline_p
    assert has_headline is (method not in SPECIFICATIONS[method].WITHOUT_HEADLINE)


@pytest.mark.parametrize("method", SPECIFICATIONS)
def test_who_lacks_the_value_adds_nothing_but_to_a_likelihood_of_several_visits(
    method: Method,
) -> None:
    """Equations without a likelihood suppose what complete cases do, whatever the visits."""
    likelihoods = {
        Method.MMRM, Method.CONSTRAINED_LONGITUDINAL, Method.GLMM, Method.CROSSOVER_MODEL,
        Method.MULTIPLE_IMPUTATION,
    }  # fmt: skip
    others = {
        Method.EXTERNAL: MissingAssumption.UNKNOWN,
        Method.TRIMMED_MEAN: MissingAssumption.STATED,
        Method.TIPPING_POINT: MissingAssumption.STATED,
    }
    specification = specification_of(method)
    kind = next(each for each in OutcomeType if type(specification).takes(method, each))
    several = replace(measured(kind), periods=(("BL", "W4"), ("W4", "W8")))
    expected = others.get(method, MissingAssumption.AS_OBSERVED)
    many = MissingAssumption.AT_RANDOM if method in likelihoods else expected
    assert specification.supposes_of_missing(several) is many
    if method is not Method.CROSSOVER_MODEL:
        one = measured(kind, "BL", "W8")
        assert specification.supposes_of_missing(one) is expected


def test_a_rule_is_an_assumption_and_a_margin_has_that_of_its_model() -> None:
    rule = ResponderComparison(missing=MissingRule.NON_RESPONDER)
    number = measured(OutcomeType.CONTINUOUS)
    assert rule.supposes_of_missing(number) is MissingAssumption.STATED
    held = MarginComparison(method=Method.EQUIVALENCE, margin=2, model=Mmrm())
    assert held.supposes_of_missing(number) is MissingAssumption.AT_RANDOM
    observed = MissingAssumption.AS_OBSERVED
    assert replace(held, model=Ancova()).supposes_of_missing(number) is observed
    assert replace(held, model=None).supposes_of_missing(number) is observed
