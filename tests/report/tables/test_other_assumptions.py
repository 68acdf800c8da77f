"""What an analysis supposes of missing values is read from what was done."""

from dataclasses import replace

import pytest

from tests.report.lint.test_missing_rules import (
    GAPS,
    PRIMARY,
    SENSITIVITY,
    TRIAL,
    analysis,
    difference,
    missing,
    planned,
    used,
)
from tests.report.rows import result
from trialkit.protocol.methods.imputation import ImputationStrategy
from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.tables.other_assumptions import MissingInOutcome
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result, Results
from trialkit.results.vocabulary import Stat

PAIN = TRIAL.outcome("pain")
MODEL = analysis("model", SENSITIVITY, Mmrm())


def of(protocol: Protocol, *rows: Result) -> MissingInOutcome:
    return MissingInOutcome(protocol=protocol, index=ResultIndex(Results(rows=rows)), outcome=PAIN)


def test_shares_and_differences_are_those_of_the_results() -> None:
    found = of(
        planned(PRIMARY), *missing("A0", 10, 1), *missing("A1", 0, 0), *difference(0.1, -0.1, 0.3)
    )
    assert found.shares == {"A0": (1, 10)}
    ((arm, rows),) = found.more_than_reference
    assert (arm, rows[Stat.ESTIMATE].stat) == ("A1", 0.1)


def test_a_model_of_visits_supposes_missing_at_random_where_it_used_somebody_more() -> None:
    for counts, assumption in (
        ((25, 23), MissingAssumption.AT_RANDOM),
        ((22, 23), MissingAssumption.AS_OBSERVED),
        ((), MissingAssumption.AT_RANDOM),
    ):
        found = of(planned(PRIMARY, MODEL), *GAPS, *used("model", *counts))
        assert found.supposed(MODEL) is assumption
        assert found.supposed(PRIMARY) is MissingAssumption.AS_OBSERVED


def test_an_answer_to_complete_cases_is_none_to_itself() -> None:
    found = of(planned(PRIMARY, MODEL), *GAPS, *used("model", 25, 24))
    assert found.has_answer(PRIMARY)
    assert not found.has_answer(MODEL)
    assert found.why_not_counted(MODEL, PRIMARY) == ""
    again = replace(MODEL, id="again")
    both = of(planned(MODEL, again), *GAPS, *used("model", 25, 24), *used("again", 25, 24))
    assert [*both.not_counted(MODEL)] == ["again supposes the same"]


@pytest.mark.parametrize(
    ("note", "assumption"),
    [
        ("jump-to-reference: 2; missing-at-random: 1", MissingAssumption.STATED),
        ("missing-at-random: 3", MissingAssumption.AT_RANDOM),
    ],
)
def test_an_imputation_as_in_the_reference_arm_supposes_that_of_values_it_imputed_so(
    note: str, assumption: MissingAssumption
) -> None:
    """Where nobody had the event all was imputed at random, whatever the plan says of it."""
    jump = MultipleImputation(strategy=ImputationStrategy.JUMP_TO_REFERENCE)
    other = analysis("jump", SENSITIVITY, jump)
    imputed = result(
        Stat.N_IMPUTED, 3, analysis_id="jump", visit="V2", arm="A1", term="imputed", note=note
    )
    own = replace(MODEL, id="model", role=AnalysisRole.PRIMARY)
    found = of(planned(own, other), *GAPS, imputed, *used("model", 25, 24), *used("jump", 25, 25))
    assert found.supposed(other) is assumption
    assert found.has_answer(own) is (assumption is MissingAssumption.STATED)


def test_an_imputation_at_random_of_one_follow_up_supposes_what_its_covariates_do() -> None:
    imputation = analysis("imputed", SENSITIVITY, MultipleImputation())
    one = [each for each in GAPS if each.visit == "V2"]
    found = of(planned(PRIMARY, imputation), *one, *used("imputed", 25, 25))
    assert [*found.not_counted(PRIMARY)] == ["imputed supposes the same"]
    told = replace(imputation, specification=MultipleImputation(auxiliary=("demographics.age",)))
    assert of(planned(PRIMARY, told), *one, *used("imputed", 25, 25)).has_answer(PRIMARY)
    several = of(planned(PRIMARY, imputation), *GAPS, *used("imputed", 25, 25))
    assert several.has_answer(PRIMARY)
