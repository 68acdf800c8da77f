"""Each method says for itself what it supposes of missing values, and one that holds another passes it on."""

import pytest

from tests.protocol.methods.test_specification import measured
from tests.variations import specification_of
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import MissingRank, MissingRule
from trialkit.protocol.methods.imputation import DrawMethod, ImputationStrategy, VarianceMeant
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.methods.suppositions import Supposition
from trialkit.protocol.methods.trimmed_mean import TrimmedMean


@pytest.mark.parametrize("method", list(SPECIFICATIONS))
def test_a_method_says_it_for_itself_or_by_the_model_it_is_one_of(method: Method) -> None:
    own = SPECIFICATIONS[method].__mro__
    before = own[: own.index(Specification)]
    assert any({"SUPPOSES", "supposes"} & set(vars(each)) for each in before)
    assert isinstance(specification_of(method).supposes, Supposition)


@pytest.mark.parametrize(
    ("method", "supposed"),
    [
        (Method.ANCOVA, Supposition.COMPLETE_CASES),
        (Method.MIXED_ANOVA, Supposition.COMPLETE_CASES),
        (Method.MMRM, Supposition.AT_RANDOM),
        (Method.CONSTRAINED_LONGITUDINAL, Supposition.AT_RANDOM),
        (Method.GLMM, Supposition.AT_RANDOM),
        (Method.GEE, Supposition.GIVEN_COVARIATES),
        (Method.CLUSTER_GLMM, Supposition.COMPLETE_CASES),
        (Method.COX, Supposition.CENSORED_AS_OTHERS),
        (Method.LWYY, Supposition.CENSORED_AS_OTHERS),
        (Method.RESTRICTED_MEAN, Supposition.CENSORED_AS_OTHERS),
        (Method.EXTERNAL, Supposition.OUTSIDE),
    ],
)
def test_what_methods_suppose(method: Method, supposed: Supposition) -> None:
    assert specification_of(method).supposes is supposed


def test_who_counts_as_not_improved_is_no_complete_case() -> None:
    rules = (MissingRule.NON_RESPONDER, MissingRule.OBSERVED_ONLY)
    found = [ResponderComparison(missing=each, improved_by=5).supposes for each in rules]
    assert found == [Supposition.FAILURE, Supposition.COMPLETE_CASES]


def test_of_trimmed_means_who_lacks_a_value_ranks_worst_and_gets_none() -> None:
    found = [TrimmedMean(missing=each).supposes for each in MissingRank]
    by_rule = dict(zip(MissingRank, found, strict=True))
    assert by_rule.pop(MissingRank.WORST) is Supposition.RANKED_WORST
    assert set(by_rule.values()) == {Supposition.COMPLETE_CASES}


def test_a_comparison_with_a_margin_supposes_what_its_model_does() -> None:
    alone = MarginComparison(method=Method.NON_INFERIORITY, margin=5)
    assert alone.supposes is Supposition.COMPLETE_CASES
    for model, supposed in (
        (Mmrm(), Supposition.AT_RANDOM),
        (Ancova(), Supposition.COMPLETE_CASES),
    ):
        held = MarginComparison(method=Method.NON_INFERIORITY, margin=5, model=model)
        assert held.supposes is supposed


def test_what_is_stated_by_the_plan_is_no_more_than_the_plan_says() -> None:
    stated = {each for each in Supposition if each.assumption is MissingAssumption.STATED}
    assert stated == {
        Supposition.FAILURE, Supposition.RANKED_WORST, Supposition.AS_REFERENCE,
        Supposition.LAST_MEAN, Supposition.SHIFTED,
    }  # fmt: skip
    random = {each for each in Supposition if each.assumption is MissingAssumption.AT_RANDOM}
    assert random == {Supposition.AT_RANDOM}


def test_an_imputation_supposes_what_its_strategy_says() -> None:
    expected = {
        ImputationStrategy.MISSING_AT_RANDOM: Supposition.AT_RANDOM,
        ImputationStrategy.JUMP_TO_REFERENCE: Supposition.AS_REFERENCE,
        ImputationStrategy.COPY_REFERENCE: Supposition.AS_REFERENCE,
        ImputationStrategy.COPY_INCREMENTS: Supposition.AS_REFERENCE,
        ImputationStrategy.LAST_MEAN: Supposition.LAST_MEAN,
    }
    assert {each: MultipleImputation(strategy=each).supposes for each in expected} == expected


def test_an_imputation_at_random_needs_something_that_tells_of_missing_values() -> None:
    one = measured(OutcomeType.CONTINUOUS, "BL", "W8")
    assert MultipleImputation().supposes_of(one) is Supposition.COMPLETE_CASES
    told = MultipleImputation(auxiliary=("a.b",))
    assert told.supposes_of(one) is Supposition.AT_RANDOM
    several = measured(OutcomeType.CONTINUOUS)
    assert MultipleImputation().supposes_of(several) is Supposition.AT_RANDOM
    jumping = MultipleImputation(strategy=ImputationStrategy.JUMP_TO_REFERENCE)
    assert jumping.supposes_of(one) is Supposition.AS_REFERENCE


def test_which_variance_is_meant_follows_from_the_draws() -> None:
    anchored = {DrawMethod.BAYES, DrawMethod.APPROXIMATE_BAYES}
    for draws in DrawMethod:
        given = {"samples": 20, "seed": 1} if draws.is_random else {}
        meant = MultipleImputation(draws=draws, **given).variance_meant
        assert (meant is VarianceMeant.INFORMATION_ANCHORED) is (draws in anchored)
    assert Ancova().variance_meant is None


def test_a_likelihood_of_one_visit_is_one_of_complete_cases() -> None:
    kind = OutcomeType.CONTINUOUS
    assert Mmrm().supposes_of(measured(kind)) is Supposition.AT_RANDOM
    assert Mmrm().supposes_of(measured(kind, "BL", "W8")) is Supposition.COMPLETE_CASES
