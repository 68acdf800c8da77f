"""The freezes and locks that stand, read from the store and kept in it."""

import polars as pl
import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.database.tables_of_control import HOLD
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import of_actions
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.reading import some_at_once
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
