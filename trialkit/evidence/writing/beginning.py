"""The first events of a store: which it is, and by which definitions it is filled in."""

import hashlib
import uuid
from collections.abc import Mapping

import sqlalchemy as sa

from trialkit.evidence.contents.moments import in_force
from trialkit.evidence.database.opening import Store
from trialkit.evidence.database.tables_revision import HEAD
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import LogEnd, Occasion, entries
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.log.tables import DEFINITION
from trialkit.evidence.writing.appending import append_to
from trialkit.protocol.tables.canonical import canonical


def begin(store: Store, *, trial: str, occasion: Occasion, is_open: bool = False) -> LogEnd:
    """Give an empty store its identity: its first event, which makes its author the first person.

    That person alone may do anything until others are granted a role; in an open store, whoever
    reaches it may, but for granting.
    """
    with store.by(occasion.author.person).writing() as connection:
        return begin_in(connection, trial=trial, occasion=occasion, is_open=is_open)


def begin_in(
    connection: sa.Connection, *, trial: str, occasion: Occasion, is_open: bool = False
) -> LogEnd:
    """The same within a transaction of the caller's."""
    said = {"store": str(uuid.uuid4()), "trial": trial, "version": int(HEAD)}
    details = canonical({**said, "is_open": 1} if is_open else said)
    first = entries([{"action": EventAction.BEGAN, "details": details}])
    return append_to(connection, first, occasion)


def publish_definition(store: Store, files: Mapping[str, str], occasion: Occasion) -> str:
    """Keep a version of protocol and forms, and give its SHA-256; one that is there stays as it is."""
    with store.by(occasion.author.person).writing() as connection:
        return publish_in(connection, files, occasion)


def publish_in(connection: sa.Connection, files: Mapping[str, str], occasion: Occasion) -> str:
    """The same within a transaction of the caller's."""
    written, sha256 = canonical(dict(files)), digest_of(files)
    known = connection.execute(
        sa.select(DEFINITION.c.seq).where(DEFINITION.c.sha256 == sha256)
    ).one_or_none()
    if known is None:
        seq = head_of(connection).seq + 1
        details = canonical({"sha256": sha256})
        append_to(
            connection, entries([{"action": EventAction.DEFINED, "details": details}]), occasion
        )
        connection.execute(DEFINITION.insert().values(sha256=sha256, files=written, seq=seq))
    return sha256


def put_in_force(connection: sa.Connection, files: Mapping[str, str], occasion: Occasion) -> str:
    """The same of the version that holds from now on, which may be one that held before."""
    before = head_of(connection).seq
    sha256 = publish_in(connection, files, occasion)
    if head_of(connection).seq == before and sha256 != in_force(connection, None):
        details = canonical({"sha256": sha256})
        again = entries([{"action": EventAction.DEFINED, "details": details}])
        append_to(connection, again, occasion)
    return sha256


def digest_of(files: Mapping[str, str]) -> str:
    """The SHA-256 by which a version of the definitions is known."""
    return hashlib.sha256(canonical(dict(files)).encode()).hexdigest()
