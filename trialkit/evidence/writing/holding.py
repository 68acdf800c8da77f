"""Freezing and locking a form, a visit, a participant or a site, and lifting that again.

The database is locked by :mod:`trialkit.evidence.closing.locking_the_database`, which asks first what is open.
"""

from collections.abc import Mapping

import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.contents.what_is_there import refuse_nothing, with_subjects
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import LogEnd, Occasion, entries
from trialkit.evidence.log.reaches import Level, Reach
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.people.sight import sight_of
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.writing.appending import append_to
from trialkit.protocol.tables.canonical import canonical

_PLACING = {HoldKind.FREEZE: EventAction.FROZEN, HoldKind.LOCK: EventAction.LOCKED}


def hold(
    store: Store,
    reach: Reach,
    kind: HoldKind,
    occasion: Occasion,
    *,
    reason: str = "",
    site_item: tuple[str, str] = ("", ""),
) -> LogEnd:
    """Freeze or lock what the reach covers.

    ``site_item`` is the form and the item that say to which site a participant belongs; a site needs
    it, and its participants are those of now and whoever would be moved there.

    Raises :class:`EvidenceError` for what is held already, what nobody entered anything in, and for
    the lock of the database.
    """
    if reach.level is Level.DATABASE and kind is HoldKind.LOCK:
        raise EvidenceError("the database is locked by its checklist: lock_database")
    with store.by(occasion.author.person).writing() as connection:
        return place_hold(connection, reach, kind, occasion, reason=reason, site_item=site_item)


def place_hold(
    connection: sa.Connection,
    reach: Reach,
    kind: HoldKind,
    occasion: Occasion,
    *,
    reason: str,
    site_item: tuple[str, str] = ("", ""),
    more: Mapping[str, object] | None = None,
) -> LogEnd:
    """The same within a transaction of the caller's; ``more`` is said in the details of the event."""
    if reach.level is Level.ITEM:
        raise EvidenceError(
            "a form, a visit, a participant, a site or the database is held; no item"
        )
    if reach.site:
        reach = with_subjects(connection, reach, site_item)
    elif reach.level is not Level.DATABASE:
        refuse_nothing(connection, reach, sight_of(connection, occasion.author.person))
    details = {
        "site": reach.site, "subjects": list(reach.subjects), "site_item": list(site_item),
        **(more or {}),
    }  # fmt: skip
    event: dict[str, object] = {
        "action": _PLACING[kind], **reach.place, "details": canonical(details), "reason": reason,
    }  # fmt: skip
    return append_to(connection, entries([event]), occasion)


def unfreeze(store: Store, seq: int, occasion: Occasion, *, reason: str) -> LogEnd:
    """Lift the freeze that an event placed."""
    said = {"action": EventAction.UNFROZEN, "reason": reason}
    with store.by(occasion.author.person).writing() as connection:
        return _about(connection, seq, said, occasion)


def ask_to_unlock(store: Store, seq: int, occasion: Occasion, *, reason: str) -> LogEnd:
    """Say why the lock that an event placed should be lifted; another person does it."""
    said = {"action": EventAction.UNLOCK_ASKED, "reason": reason}
    with store.by(occasion.author.person).writing() as connection:
        return _about(connection, seq, said, occasion)


def unlock(store: Store, request: int, occasion: Occasion) -> LogEnd:
    """Lift a lock as another person asked; ``request`` is the event that asks, or the one that locked.

    Raises :class:`EvidenceError` where nobody asked, or the same person did.
    """
    person = occasion.author.person
    with store.by(person).writing() as connection:
        seq, lock = _asked(connection, request, by_other_than=person)
        said = {"action": EventAction.UNLOCKED, "details": canonical({"asked": seq})}
        return _about(connection, lock, said, occasion)


def _asked(connection: sa.Connection, named: int, *, by_other_than: str) -> tuple[int, int]:
    """The request that an event is, or the last one about the lock that it placed, and that lock."""
    found = connection.execute(
        sa.select(EVENT.c.seq, EVENT.c.about, EVENT.c.person)
        .where(EVENT.c.action == EventAction.UNLOCK_ASKED)
        .where((EVENT.c.seq == named) | (EVENT.c.about == named))
        .order_by(EVENT.c.seq.desc())
    ).all()
    if not found:
        raise EvidenceError(
            f"event {named} asks for no unlocking, and nobody asked to lift a lock of it; one person asks "
            "for it with --reason, and another one unlocks. 'trialkit store status' lists what was asked"
        )
    others = [each for each in found if each.person != by_other_than]
    request = (others or found)[0]
    return request.seq, request.about


def _about(
    connection: sa.Connection, seq: int, said: Mapping[str, object], occasion: Occasion
) -> LogEnd:
    """Append an event about the hold of another one, with the place that this names."""
    reach = Reach()
    place = connection.execute(
        sa.select(*(EVENT.c[name] for name in reach.place)).where(
            EVENT.c.seq == seq, EVENT.c.action.in_(_PLACING.values())
        )
    ).one_or_none()
    where = {} if place is None else dict(place._mapping)
    return append_to(connection, entries([{**said, **where, "about": seq}]), occasion)
