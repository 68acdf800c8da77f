"""What is frozen or locked does not change by any door, and unlocking takes two."""

import itertools
import threading
from collections.abc import Callable

import pytest

from tests.evidence.world import cell, every_event, occasion, opened, row, small_history
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import Actor, entries
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.beginning import publish_definition
from trialkit.evidence.writing.holding import ask_to_unlock, hold, unfreeze, unlock
from trialkit.evidence.writing.redacting import redact

BEN = Actor(person="ben", printed_name="Ben Okoro", role="data manager")
IN_P1 = [
    cell("P1", "vas", "75", "80"),
    cell("P1", "vas", "75", ""),
    cell("P1", "note", "", "new"),
]
LOCKS = {
    "form": Reach(subject_id="P1", visit="week_0", form="pain"),
    "all numbers of the form": Reach(subject_id="P1", form="pain"),
    "form of all": Reach(form="pain"),
    "visit": Reach(subject_id="P1", visit="week_0"),
    "visit of all": Reach(visit="week_0"),
    "participant": Reach(subject_id="P1"),
}


def with_sites(store):
    small_history(store)
    where = {"form": "who", "visit": ""}
    return append(
        store,
        entries(
            [
                opened("who", ("subject_id", "site")),
                *(
                    said
                    for subject, site in (("P1", "N"), ("P2", "S"))
                    for said in (
                        row(subject, **where),
                        cell(subject, "site", "", site, **where),
                    )
                ),
            ]
        ),
        occasion(5),
    )


@pytest.mark.parametrize("name", LOCKS)
def test_nothing_that_is_locked_changes_by_any_door(kept, name):
    small_history(kept.store)
    hold(kept.store, LOCKS[name], HoldKind.LOCK, occasion(5), reason="reviewed")
    before = source_at(kept.store)[0].tables["pain"]

    for said, door in itertools.product(IN_P1, Door):
        with pytest.raises(EvidenceError, match=r"was locked by Ann Miller.*nothing was written"):
            append(kept.store, entries([row("P3", "week_6"), said]), occasion(6, door=door))

    assert source_at(kept.store)[0].tables["pain"].equals(before)
    assert verify(kept.store).holds


def test_what_is_beside_a_locked_form_goes_on(kept):
    small_history(kept.store)
    hold(kept.store, LOCKS["form"], HoldKind.LOCK, occasion(5))

    append(kept.store, entries([row("P1", "week_6"), cell("P2", "vas", "31", "32")]), occasion(6))

    assert source_at(kept.store)[0].tables["pain"].height == 3


def test_locked_form_gets_no_column_and_no_row(kept):
    small_history(kept.store)
    hold(kept.store, Reach(form="pain"), HoldKind.LOCK, occasion(5))

    for said in (opened(columns=("subject_id", "visit", "vas", "note", "side")), row("P3")):
        with pytest.raises(EvidenceError, match="was locked"):
            append(kept.store, entries([said]), occasion(6))


def test_site_is_locked_with_its_participants_and_whoever_would_come(kept):
    with_sites(kept.store)
    site = Reach(site="N")
    hold(kept.store, site, HoldKind.LOCK, occasion(6), site_item=("who", "site"))

    move = cell("P2", "site", "S", "N", form="who", visit="")
    for said in (IN_P1[0], move):
        with pytest.raises(EvidenceError, match="site N was locked"):
            append(kept.store, entries([said]), occasion(7))

    append(kept.store, entries([cell("P2", "vas", "31", "32")]), occasion(8))
    assert verify(kept.store).holds


def test_frozen_form_changes_by_an_answered_query_alone_until_it_is_unfrozen(kept):
    small_history(kept.store)
    placed = hold(kept.store, LOCKS["form"], HoldKind.FREEZE, occasion(5))

    with pytest.raises(EvidenceError, match="unfreeze it first, with a reason, or answer a query"):
        append(kept.store, entries(IN_P1[:1]), occasion(6, door=Door.IMPORT))
    append(kept.store, entries(IN_P1[:1]), occasion(7, door=Door.QUERY))
    unfreeze(kept.store, placed.seq, occasion(8), reason="too early")
    append(kept.store, entries([cell("P1", "vas", "80", "81")]), occasion(9))

    assert source_at(kept.store)[0].tables["pain"]["vas"][0] == "81"
    assert verify(kept.store).holds


def test_frozen_database_takes_no_new_definitions(kept):
    small_history(kept.store)
    hold(kept.store, Reach(), HoldKind.FREEZE, occasion(5))

    with pytest.raises(EvidenceError, match="the database was frozen"):
        publish_definition(kept.store, {"protocol.toml": "x"}, occasion(6))


def test_unlocking_takes_a_reason_and_a_second_person(kept):
    small_history(kept.store)
    placed = hold(kept.store, LOCKS["form"], HoldKind.LOCK, occasion(5))

    with pytest.raises(EvidenceError, match="needs a reason"):
        ask_to_unlock(kept.store, placed.seq, occasion(6), reason=" ")
    asked = ask_to_unlock(kept.store, placed.seq, occasion(6), reason="source was misread")
    with pytest.raises(EvidenceError, match="a second person"):
        unlock(kept.store, asked.seq, occasion(7))
    with pytest.raises(EvidenceError, match="asks for no unlocking"):
        unlock(kept.store, placed.seq - 1, occasion(7, author=BEN))
    with pytest.raises(EvidenceError, match="was locked"):
        append(kept.store, entries(IN_P1[:1]), occasion(8))

    unlock(kept.store, asked.seq, occasion(9, author=BEN))
    append(kept.store, entries(IN_P1[:1]), occasion(10))

    last = every_event(kept.store)["action"].to_list()[-4:]
    assert last == ["locked", "unlocking asked for", "unlocked", "changed"]
    with pytest.raises(EvidenceError, match="no lock of event"):
        unlock(kept.store, asked.seq, occasion(11, author=BEN))
    assert verify(kept.store).holds


def test_freeze_is_not_lifted_as_a_lock_nor_a_lock_as_a_freeze(kept):
    small_history(kept.store)
    frozen = hold(kept.store, LOCKS["form"], HoldKind.FREEZE, occasion(5))
    locked = hold(kept.store, LOCKS["form"], HoldKind.LOCK, occasion(6))

    with pytest.raises(EvidenceError, match="no freeze of event"):
        unfreeze(kept.store, locked.seq, occasion(7), reason="why not")
    with pytest.raises(EvidenceError, match="no lock of event"):
        ask_to_unlock(kept.store, frozen.seq, occasion(7), reason="why not")


@pytest.mark.parametrize(
    ("reach", "message"),
    [
        (Reach(subject_id="P9"), "nothing was entered there"),
        (Reach(form="pain", item="vas"), "no item"),
        (Reach(site="N"), "no form of this trial says"),
        (Reach(), "by its checklist"),
    ],
)
def test_what_cannot_be_locked_is_refused(kept, reach, message):
    head = small_history(kept.store)

    with pytest.raises(EvidenceError, match=message):
        hold(kept.store, reach, HoldKind.LOCK, occasion(5))

    assert every_event(kept.store).height == head.seq


def test_what_is_locked_is_not_locked_twice(kept):
    small_history(kept.store)
    hold(kept.store, LOCKS["form"], HoldKind.LOCK, occasion(5))

    with pytest.raises(EvidenceError, match="already"):
        hold(kept.store, LOCKS["form"], HoldKind.LOCK, occasion(6))


def test_identifier_can_be_redacted_under_a_lock(kept):
    small_history(kept.store)
    hold(kept.store, Reach(subject_id="P2"), HoldKind.LOCK, occasion(5))

    redact(kept.store, 7, occasion(6), reason="a name")

    assert source_at(kept.store)[0].tables["pain"]["note"].to_list() == ["", ""]
    assert verify(kept.store).holds


def test_lock_and_entry_at_once_come_one_after_the_other(kept):
    """Whichever is first: the entry is before the lock, or it is refused."""
    small_history(kept.store)
    for turn in range(6):
        visit = f"visit_{turn}"
        append(kept.store, entries([row("P1", visit)]), occasion(10 + turn))
        said: list[str] = []
        entry = entries([cell("P1", "vas", "", "5", visit=visit)])
        both, at = threading.Barrier(2), occasion(10 + turn)
        ways: tuple[Callable[[], object], ...] = (
            lambda entry=entry, at=at: append(kept.store, entry, at),
            lambda visit=visit, at=at: hold(kept.store, Reach(visit=visit), HoldKind.LOCK, at),
        )
        threads = [
            threading.Thread(target=attempt, args=(both, way, said))
            for way in (ways if turn % 2 else reversed(ways))
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        mine = [
            action
            for action, where in every_event(kept.store).select("action", "visit").iter_rows()
            if where == visit and action != EventAction.ROW_ADDED
        ]
        if said:
            assert "was locked" in said[0]
            assert mine == ["locked"]
        else:
            assert mine == ["filled", "locked"]
    assert verify(kept.store).holds


def attempt(both: threading.Barrier, way: Callable[[], object], said: list[str]) -> None:
    both.wait(10)
    try:
        way()
    except EvidenceError as error:
        said.append(str(error))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM hold",
        "UPDATE hold SET kind = 'freeze'",
        "UPDATE hold SET kept = '{}'",
        "INSERT INTO hold SELECT seq + 50, kind, subject_id, kept FROM hold",
    ],
)
def test_lock_that_was_changed_in_the_database_is_told(kept, statement):
    small_history(kept.store)
    hold(kept.store, LOCKS["form"], HoldKind.LOCK, occasion(5))
    assert not kept.by_force(statement, guarded=False)

    problems = verify(kept.store).problems

    assert {each.trace for each in problems} == {"projection edited"}
    assert "the freeze or lock of event" in problems[0].told


def test_entry_past_a_lock_that_was_taken_away_is_found_in_the_log(kept):
    small_history(kept.store)
    hold(kept.store, LOCKS["form"], HoldKind.LOCK, occasion(5))
    kept.by_force("DELETE FROM hold", guarded=False)
    append(kept.store, entries(IN_P1[:1]), occasion(6))

    traces = {each.trace: each.told for each in verify(kept.store).problems}

    assert set(traces) == {"past the rules", "projection edited"}
    assert "pain, P1, week_0, vas" in traces["past the rules"]


def test_harmed_lock_holds_and_says_why(kept):
    small_history(kept.store)
    hold(kept.store, LOCKS["form"], HoldKind.LOCK, occasion(5))
    kept.by_force("UPDATE hold SET kept = '{}'", guarded=False)

    with pytest.raises(EvidenceError, match="'verify' says what was changed"):
        append(kept.store, entries(IN_P1[:1]), occasion(6))
