"""The freezes and locks that stand, read from the store and kept in it, and who asked to lift one."""

from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.database.tables_of_control import HOLD
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import of_actions
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.reading import events, some_at_once
from trialkit.evidence.log.rights import Right
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.people.gate import permit_somewhere
from trialkit.evidence.people.sight import sight_of
from trialkit.evidence.standing.holds import CONTROLLING, Hold, HoldKind, HoldsState


def held(connection: sa.Connection, events: pl.DataFrame) -> HoldsState:
    """The holds that these events could meet, and what was asked about them."""
    state = HoldsState()
    if not _any(connection):
        return state
    control = of_actions(events, CONTROLLING)
    for some in some_at_once(list(dict.fromkeys(["", *events["subject_id"]]))):
        _load(connection, HOLD.c.subject_id.in_(["", *some]), state)
    if not control.is_empty():
        _load(connection, HOLD.c.seq.in_(control["about"].to_list()), state)
        _asked(connection, state)
    return state


def all_holds(connection: sa.Connection) -> HoldsState:
    """Every hold that stands."""
    state = HoldsState()
    _load(connection, sa.true(), state)
    return state


def seen_holds(store: Store) -> tuple[Hold, ...]:
    """Those of what the store's person sees."""
    with store.reading() as connection:
        permit_somewhere(connection, store.person, Right.READ_LOG)
        sight = sight_of(connection, store.person)
        held = all_holds(connection).holds.values()
    return tuple(each for each in held if sight.sees_place(each.reach.form, each.reach.of_whom))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockRequest:
    """One person asked to lift a lock that stands, and no other one has lifted it."""

    seq: int
    lock: Hold
    printed_name: str
    at: str
    reason: str

    @property
    def told(self) -> str:
        """In words: which, by whom, when, why."""
        why = f": {self.reason}" if self.reason else ""
        return (
            f"to unlock {self.lock.reach.told} (locked by event {self.lock.seq}) was asked by "
            f"{self.printed_name} at {self.at} (event {self.seq}){why}"
        )


def unlock_requests(store: Store) -> tuple[UnlockRequest, ...]:
    """Those that wait for a second person, of the locks that the store's person sees."""
    locks = {each.seq: each for each in seen_holds(store) if each.kind is HoldKind.LOCK}
    found = []
    with store.reading() as connection:
        for some in some_at_once(list(locks)):
            asked = (EVENT.c.action == EventAction.UNLOCK_ASKED.value, EVENT.c.about.in_(some))
            for batch in events(connection, *asked):
                found += [
                    UnlockRequest(
                        seq=each["seq"],
                        lock=locks[each["about"]],
                        printed_name=each["printed_name"],
                        at=each["at"],
                        reason=each["reason"] or "",
                    )
                    for each in batch.iter_rows(named=True)
                ]
    return tuple(sorted(found, key=lambda each: each.seq))


def write_holds(connection: sa.Connection, before: frozenset[int], state: HoldsState) -> None:
    """Keep what events made of the holds that stood before."""
    if gone := before - state.holds.keys():
        connection.execute(HOLD.delete().where(HOLD.c.seq.in_(sorted(gone))))
    if fresh := state.holds.keys() - before:
        connection.execute(HOLD.insert(), [state.holds[seq].record for seq in sorted(fresh)])


def _any(connection: sa.Connection) -> bool:
    return connection.execute(sa.select(HOLD.c.seq).limit(1)).first() is not None


def _load(connection: sa.Connection, where: sa.ColumnElement[bool], state: HoldsState) -> None:
    for seq, kind, kept in connection.execute(
        sa.select(HOLD.c.seq, HOLD.c.kind, HOLD.c.kept).where(where)
    ):
        state.holds[seq] = _read(seq, kind, kept)


def _read(seq: int, kind: str, kept: str) -> Hold:
    """A hold as the store kept it."""
    told = kept_object(kept, of=f"the hold of event {seq}")
    try:
        form, item = told["site_item"]
        reach = Reach(**told["place"], site=told["site"], subjects=tuple(told["subjects"]))
        return Hold(
            seq=seq,
            kind=HoldKind(kind),
            reach=reach,
            printed_name=told["printed_name"],
            at=told["at"],
            site_item=(form, item),
        )
    except (KeyError, TypeError, ValueError):
        raise EvidenceError(
            f"the hold of event {seq}: is not as the store wrote it; 'verify' says what was changed"
        ) from None


def _asked(connection: sa.Connection, state: HoldsState) -> None:
    found = connection.execute(
        sa.select(EVENT.c.seq, EVENT.c.about, EVENT.c.person).where(
            EVENT.c.action == EventAction.UNLOCK_ASKED.value, EVENT.c.about.in_(list(state.holds))
        )
    )
    state.asked.update((seq, (about, person)) for seq, about, person in found)
