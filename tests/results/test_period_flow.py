"""The periods of a sequence are what was stated of them: there and back, and they add up."""

from dataclasses import replace

import pytest

from trialkit.planned.counts.period_participation import state_periods
from trialkit.planned.task.stating import Statement
from trialkit.results.effect import Status
from trialkit.results.lookup import ResultIndex, Shelf
from trialkit.results.period_flow import (
    PeriodCounts,
    PeriodStage,
    faults_of_periods,
    period_of,
    read_periods,
)
from trialkit.results.results import Result, Results

FIRST = PeriodCounts(
    period="P1",
    begun=11,
    not_begun={"Declined": 1},
    again=0,
    completed=8,
    not_completed={"Moved: far, away": 2, "Ill": 1},
)
SECOND = PeriodCounts(
    period="P2", begun=7, not_begun={"Ill": 2}, again=1, completed=7, not_completed={}
)
UNKNOWN = PeriodCounts(
    period="P2", begun=None, not_begun={}, again=1, completed=6, not_completed={"Ill": 3}
)
EVERYBODY = PeriodCounts(period="P1", begun=5, not_begun={}, again=0, completed=5, not_completed={})


def stated(**sequences: tuple[PeriodCounts, ...]) -> tuple[Result, ...]:
    statement = Statement(analysis_id=Shelf.FLOW, method="descriptive")
    return tuple(state_periods(statement, sequences))


@pytest.mark.parametrize("second", [SECOND, UNKNOWN])
def test_what_is_stated_is_read(second: PeriodCounts) -> None:
    index = ResultIndex(Results(rows=stated(AB=(FIRST, second), BA=(EVERYBODY, second))))
    assert read_periods(index, "AB") == (FIRST, second)
    assert read_periods(index, "BA") == (EVERYBODY, second)
    assert read_periods(index, "CARE") == ()


def test_a_reason_of_the_other_sequence_counts_nobody() -> None:
    term = PeriodStage.NOT_BEGUN.because("P1", "Declined")
    rows = stated(AB=(FIRST,), BA=(EVERYBODY,))
    assert [(row.arm, row.stat) for row in rows if row.term == term] == [("AB", 1), ("BA", 0)]


def test_a_beginning_that_nothing_records_is_not_collected() -> None:
    rows = stated(AB=(FIRST, UNKNOWN))
    (row,) = (row for row in rows if row.term == PeriodStage.BEGUN.of("P2"))
    assert row.status is Status.NOT_COLLECTED
    assert not [row for row in rows if row.term == PeriodStage.NOT_BEGUN.of("P2")]


@pytest.mark.parametrize("second", [SECOND, UNKNOWN])
def test_what_adds_up_has_no_fault(second: PeriodCounts) -> None:
    assert faults_of_periods((FIRST, second), 12) == ()


def test_what_does_not_add_up_is_said_with_its_period() -> None:
    assert faults_of_periods((FIRST,), 13) == ("period P1: 13 came to it, but 12 are counted",)
    lost = replace(SECOND, completed=6)
    assert faults_of_periods((FIRST, lost), 12) == (
        "period P2: 7 began, but 6 completed it or did not",
        "period P2: 9 came to it, but 8 are counted",
    )


@pytest.mark.parametrize("stage", tuple(PeriodStage))
def test_a_term_tells_its_period(stage: PeriodStage) -> None:
    assert period_of(stage.of("P2")) == "P2"
    assert period_of(stage.because("P2", "Moved: far, away")) == "P2"
    assert period_of("lost: Moved, P2") == ""
