import pytest

from tests.evidence.world import cell, every_event, occasion, small_history
from tests.evidence.writing.test_holding import LOCKS
from trialkit.errors import EvidenceError
from trialkit.evidence.log.events import entries
from trialkit.evidence.standing.control import ControlState, touched_control
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.standing.standing_holds import all_holds, held
from trialkit.evidence.writing.holding import hold


def test_replayed_holds_are_those_that_are_kept(kept):
    small_history(kept.store)
    hold(kept.store, LOCKS["form"], HoldKind.LOCK, occasion(5))
    hold(kept.store, LOCKS["participant"], HoldKind.FREEZE, occasion(6))
    state = ControlState()

    assert list(state.replay(every_event(kept.store))) == []

    with kept.store.reading() as connection:
        assert state.holds.holds == all_holds(connection).holds
        assert list(state.differing(connection)) == []


def test_holds_of_other_participants_are_not_looked_at(kept):
    small_history(kept.store)
    hold(kept.store, LOCKS["form"], HoldKind.LOCK, occasion(5))
    touched = [
        entries([cell(subject, "vas", "", "5")]).with_row_index("seq") for subject in ("P1", "P2")
    ]

    with kept.store.reading() as connection:
        assert [len(held(connection, each).holds) for each in touched] == [1, 0]


def test_what_is_locked_is_refused_before_anything_is_written(kept):
    head = small_history(kept.store)
    hold(kept.store, LOCKS["form"], HoldKind.LOCK, occasion(5))
    log = every_event(kept.store)

    with kept.store.reading() as connection:
        control = touched_control(connection, log)
    with pytest.raises(EvidenceError, match="was locked"):
        control.carry_out(log.filter(log["seq"] == head.seq))
