"""What an analysis supposes of missing values is read from what was done."""

from dataclasses import replace

from tests.report.lint.evidence import evidence_on
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
from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.report.lint.missing_evidence import (
    has_answer,
    more_than_reference,
    not_counted,
    shares_of,
    supposed,
    why_not_counted,
)
from trialkit.results.vocabulary import Stat

PAIN = TRIAL.outcome("pain")
MODEL = analysis("model", SENSITIVITY, Mmrm())


def test_shares_and_differences_are_those_of_the_results() -> None:
    counts = (*missing("A0", 10, 1), *missing("A1", 0, 0), *difference(0.1, -0.1, 0.3))
    evidence = evidence_on(planned(PRIMARY), *counts)
    assert shares_of(PAIN, evidence) == {"A0": (1, 10)}
    ((arm, found),) = more_than_reference(PAIN, evidence)
    assert (arm, found[Stat.ESTIMATE].stat) == ("A1", 0.1)


def test_a_model_of_visits_supposes_missing_at_random_where_it_used_somebody_more() -> None:
    trial = planned(PRIMARY, MODEL)
    for counts, assumption in (
        ((25, 23), MissingAssumption.AT_RANDOM),
        ((22, 23), MissingAssumption.AS_OBSERVED),
        ((), MissingAssumption.AT_RANDOM),
    ):
        evidence = evidence_on(trial, *GAPS, *used("model", *counts))
        assert supposed(MODEL, PAIN, evidence) is assumption
        assert supposed(PRIMARY, PAIN, evidence) is MissingAssumption.AS_OBSERVED


def test_an_answer_to_complete_cases_is_none_to_itself() -> None:
    evidence = evidence_on(planned(PRIMARY, MODEL), *GAPS, *used("model", 25, 24))
    assert has_answer(PRIMARY, PAIN, evidence)
    assert not has_answer(MODEL, PAIN, evidence)
    assert why_not_counted(MODEL, PRIMARY, PAIN, evidence) == ""
    again = replace(MODEL, id="again")
    both = evidence_on(planned(MODEL, again), *GAPS, *used("model", 25, 24), *used("again", 25, 24))
    assert [*not_counted(MODEL, PAIN, both)] == ["again supposes the same"]
