"""A store that an earlier trialkit made is taken to the tables of this one; its log stays as it is.

All of it is one transaction: the revisions, the tables that are filled from the log, the event that
says so, and a look at the whole store afterwards. Whatever ends it, the store is of the one revision
or of the other.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import sqlalchemy as sa

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store, carry_out
from trialkit.evidence.database.table_listing import (
    TableListing,
    application_of,
    listed,
    listing,
    owner_of,
)
from trialkit.evidence.database.tables_revision import HEAD, MARK, mark_of, newer
from trialkit.evidence.database.verifying_guards import revision_in_log, table_differences
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.engine_refusals import PATIENCE_SECONDS
from trialkit.evidence.log.events import LogEnd, Occasion, entries
from trialkit.evidence.log.problems import Problem
from trialkit.evidence.people.sight import sight_of
from trialkit.evidence.verifying.verifying import verified
from trialkit.evidence.writing.appending import append_past_the_gate, append_to
from trialkit.evidence.writing.rebuilding import rebuild
from trialkit.protocol.tables.canonical import canonical

_LISTED = 8
_UNMARKED = ("0002", "0001")
"""The revisions of stores that say nothing of their revision, the newest first."""
_PERMITTED = "event_is_permitted"
"""The trigger of a server that asks what the writer of an event may: the owner has no role in a trial."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablesMigration:
    """What lies between a store and the tables of this trialkit."""

    start: str
    """The revision that it has."""
    is_marked: bool
    steps: tuple[str, ...]
    """What each revision after it brings, in words with its number; none where nothing is to be done."""
    rebuilds: bool
    """Whether tables are filled from the log."""
    others: tuple[str, ...]
    """What trialkit did not make and leaves as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MigratedTables:
    """What became of it."""

    head: LogEnd
    problems: tuple[Problem, ...]
    """What a look at the whole store found, which was there before."""
    is_written: bool


def tables_migration(store: Store) -> TablesMigration:
    """What would be done; nothing is.

    Raises :class:`EvidenceError` for tables that are of no revision, or of a newer one, and for whoever
    does not own those of a server.
    """
    _refuse_without_alembic()
    with store.as_it_is() as connection:
        return _migration(connection, store)


def migrate_tables(
    store: Store, occasion: Occasion, *, backup: Callable[[], str], even_so: bool = False
) -> MigratedTables:
    """Do it: all of it, or nothing. ``backup`` makes a copy, or finds one, and gives its SHA-256.

    It is called while nobody else can write. What does not fit in the store afterwards, as a clock that
    was set back, stops it unless ``even_so``.

    Raises :class:`EvidenceError` as :func:`tables_migration` does, and for whoever may not publish
    definitions.
    """
    _refuse_without_alembic()
    with _alone(store) as connection:
        plan = _migration(connection, store)
        if not plan.steps:
            raise EvidenceError(f"{store.place}: its tables are those of this trialkit already")
        sha256 = backup()
        _run(connection, plan, store.place)
        if plan.rebuilds:
            rebuild(connection)
        head = _say_so(connection, plan, occasion, sha256)
        _refuse_differences(connection, store, HEAD)
        found = verified(connection, sight_of(connection, ""))
        is_written = found.holds or even_so
        if not is_written:
            connection.rollback()
    return MigratedTables(head=head, problems=found.problems, is_written=is_written)


@contextmanager
def _alone(store: Store) -> Iterator[sa.Connection]:
    """The store as it is, of any revision, while nobody else writes."""
    with store.altering() as connection:
        if store.is_served:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
        yield connection


def _refuse_without_alembic() -> None:
    if find_spec("alembic") is None:
        raise EvidenceError(
            "the tables of a store are migrated by Alembic, which is not there: "
            "pip install 'trialkit[store]'. Nothing was done"
        )


def _running() -> ModuleType:
    """What calls Alembic, which no other command needs."""
    return import_module("trialkit.evidence.database.running_revisions")


def _migration(connection: sa.Connection, store: Store) -> TablesMigration:
    found = listing(connection)
    if "event" not in found.tables:
        raise EvidenceError(
            f"{store.place}: is no store of trialkit; name another one. Nothing was done"
        )
    _refuse_other_accounts(connection, store)
    _refuse_in_the_place(found, store)
    mark = mark_of(connection, store.place)
    if mark > HEAD:
        raise EvidenceError(newer(store.place, mark))
    start = mark or _unmarked(found)
    _refuse_another_log(connection, store, mark)
    _refuse_differences(connection, store, start)
    after = _running().revisions_after(start)
    return TablesMigration(
        start=start,
        is_marked=bool(mark),
        steps=tuple(f"{each.number}: {each.told}" for each in after),
        rebuilds=any(each.rebuilds for each in after),
        others=listed(HEAD, connection.dialect.name).others(found),
    )


def _unmarked(found: TableListing) -> str:
    """The newest revision of which all tables are there."""
    engine = "postgresql" if any(line.startswith("column ") for line in found.lines) else "sqlite"
    return next(
        (each for each in _UNMARKED if listed(each, engine).tables <= found.tables), _UNMARKED[-1]
    )


def _refuse_other_accounts(connection: sa.Connection, store: Store) -> None:
    if not store.is_served:
        return
    owner = owner_of(connection)
    me = str(connection.exec_driver_sql("SELECT quote_ident(current_user)").scalar())
    if owner != me:
        raise EvidenceError(
            f"{store.place}: its tables belong to {owner}, and {me} may not change them; name the owner in "
            f"--url (postgresql://{owner}@HOST/DATABASE). Nothing was done"
        )
    application_of(connection, store.place)  # which is to have its rights in the newer tables too


def _refuse_in_the_place(found: TableListing, store: Store) -> None:
    """A view where a table should be answers whatever whoever made it wants."""
    views = {line.split()[1] for line in found.lines if line.startswith("view ")}
    engine = "postgresql" if store.is_served else "sqlite"
    if taken := sorted(views & listed(HEAD, engine).names):
        raise EvidenceError(
            f"{store.place}: {', '.join(taken)}: found a view, expected the table that trialkit makes, or "
            "nothing. Somebody put it there; look who, and restore a backup. Nothing was done"
        )


def _refuse_differences(connection: sa.Connection, store: Store, revision: str) -> None:
    """Raise :class:`EvidenceError` where the tables are not those of a revision, to the last guard."""
    engine = connection.dialect.name
    expected, found = listed(revision, engine), listing(connection)
    told = list(table_differences(expected, found))
    to_come = listed(HEAD, engine).names - expected.names
    told += [
        f"{each}: stands where the store is to have its own"
        for each in sorted(to_come & found.names)
        if revision != HEAD
    ]
    if told:
        more = f"; and {len(told) - _LISTED} more" if len(told) > _LISTED else ""
        raise EvidenceError(
            f"{store.place}: is not as trialkit makes the tables of revision {revision}: "
            f"{'; '.join(told[:_LISTED])}{more}. Put it right, or restore a backup. Nothing was done"
        )


def _refuse_another_log(connection: sa.Connection, store: Store, mark: str) -> None:
    """The log says of which revision the tables are, too: it cannot be altered unseen."""
    said = revision_in_log(connection)
    if said and (said != mark if mark else said not in _SAID_UNMARKED):
        raise EvidenceError(
            f"{store.place}: {MARK.name} says {mark or 'nothing'}, and the log says that the tables are of "
            f"revision {said}; somebody changed one of them. Restore a backup. Nothing was done"
        )


_SAID_UNMARKED = ("0001",)
"""What the first event says in a store from before there was a mark, whichever tables it has."""


def _run(connection: sa.Connection, plan: TablesMigration, place: str) -> None:
    is_served = connection.dialect.name == "postgresql"
    application = application_of(connection, place) if is_served else ""

    def carried_out(statements: Sequence[str]) -> None:
        if application:
            carry_out(connection, tuple(statements), application)
        else:
            for statement in statements:
                connection.exec_driver_sql(statement)

    _running().run_revisions(
        connection, carried_out, start=plan.start, until=HEAD, is_marked=plan.is_marked
    )


def _say_so(
    connection: sa.Connection, plan: TablesMigration, occasion: Occasion, backup: str
) -> LogEnd:
    """The event of it: in a file by whoever may publish definitions, on a server by the owner."""
    details = {"from": int(plan.start), "to": int(HEAD), "backup_sha256": backup}
    said = entries([{"action": EventAction.TABLES_MIGRATED, "details": canonical(details)}])
    if connection.dialect.name != "postgresql":
        return append_to(connection, said, occasion)
    connection.exec_driver_sql(f"ALTER TABLE event DISABLE TRIGGER {_PERMITTED}")
    head = append_past_the_gate(connection, said, occasion)
    connection.exec_driver_sql(f"ALTER TABLE event ENABLE TRIGGER {_PERMITTED}")
    return head
