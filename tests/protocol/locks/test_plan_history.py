"""What may be said of each analysis."""

from dataclasses import replace

from tests.protocol.locks.recorded import MADE_UP, NOBODY, SOME, broken_record, history, without
from trialkit.protocol.locks.plan_history import UNRECORDED
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.protocol import Protocol

FIRST, *_, LAST = [each.id for each in MADE_UP.plan.analyses]
EARLIER = without(MADE_UP, LAST)


def test_without_a_record_nothing_stands() -> None:
    assert not UNRECORDED.is_recorded
    assert UNRECORDED.standing(FIRST).lock is None
    assert not UNRECORDED.standing(FIRST).before_outcomes
    assert UNRECORDED.unlocked_changes == ()


def test_an_analysis_stands_since_the_lock_from_which_on_it_is_unchanged() -> None:
    told = history(MADE_UP, (EARLIER, NOBODY), (MADE_UP, SOME))

    assert told.standing(FIRST).is_original
    assert told.standing(FIRST).before_outcomes
    assert told.standing(LAST).lock == told.locks[1]
    assert not told.standing(LAST).is_original
    assert not told.standing(LAST).before_outcomes
    assert [each.lock.seq for each in told.amendments] == [2]
    assert told.unlocked_changes == ()


def test_one_that_was_taken_out_and_put_back_stands_since_it_came_back() -> None:
    told = history(MADE_UP, (MADE_UP, NOBODY), (EARLIER, NOBODY), (MADE_UP, SOME))
    assert told.standing(LAST).lock == told.locks[2]


def test_what_it_rests_on_counts_and_its_role_too() -> None:
    first, *others = MADE_UP.outcomes
    moved = replace(MADE_UP, outcomes=(replace(first, metric="another"), *others))
    assert history(moved, (MADE_UP, NOBODY)).standing(FIRST).lock is None

    def raised(protocol: Protocol) -> Protocol:
        analyses = tuple(
            replace(each, role=AnalysisRole.EXPLORATORY) if each.id == LAST else each
            for each in protocol.plan.analyses
        )
        return replace(protocol, plan=replace(protocol.plan, analyses=analyses))

    assert history(raised(MADE_UP), (MADE_UP, NOBODY)).standing(LAST).lock is None
    assert history(raised(MADE_UP), (MADE_UP, NOBODY)).standing(FIRST).is_original


def test_a_record_that_does_not_hold_together_shows_nothing() -> None:
    broken = broken_record()
    assert broken.problems == ("line 1: its content is not what was hashed",)
    assert not broken.is_recorded
    assert broken.standing(FIRST).lock is None
