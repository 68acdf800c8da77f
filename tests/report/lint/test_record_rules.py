"""What is called planned needs evidence of when (R20)."""

from dataclasses import replace

from tests.protocol.locks.recorded import MADE_UP, NOBODY, SOME, broken_record, history, without
from tests.report.lint.evidence import ERROR, NOTE, WARNING, evidence_on, said_by
from trialkit.protocol.locks.plan_history import PlanHistory
from trialkit.report.lint.record_rules import planned_without_record

LAST = MADE_UP.plan.analyses[-1].id


def found(told: PlanHistory) -> list:
    return said_by(planned_without_record, replace(evidence_on(MADE_UP), history=told))


def test_a_plan_locked_before_any_outcome_and_not_changed_passes() -> None:
    assert found(history(MADE_UP, (MADE_UP, NOBODY))) == []


def test_no_record_a_broken_one_and_a_late_one() -> None:
    assert [severity for severity, _ in found(history(MADE_UP))] == [WARNING]
    assert [severity for severity, _ in found(broken_record())] == [ERROR]
    ((severity, said),) = found(history(MADE_UP, (MADE_UP, SOME)))
    assert severity is WARNING
    assert "outcomes were there already" in said


def test_an_analysis_in_no_lock_and_one_by_a_late_amendment() -> None:
    earlier = without(MADE_UP, LAST)
    ((severity, said),) = found(history(MADE_UP, (earlier, NOBODY)))
    assert severity is ERROR
    assert said.startswith(LAST)
    ((severity, said),) = found(history(MADE_UP, (earlier, NOBODY), (MADE_UP, SOME)))
    assert severity is NOTE
    assert "amendment" in said
    assert found(history(MADE_UP, (earlier, NOBODY), (MADE_UP, NOBODY))) == []
