"""A small store to try things on, on either engine, and who acts in it."""

import itertools
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from trialkit.evidence.database.opening import (
    Store,
    make_postgres_store,
    make_sqlite_store,
    postgres_store,
    sqlite_store,
)
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import Actor, LogEnd, Occasion, entries
from trialkit.evidence.log.reading import events
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.beginning import begin
from trialkit.protocol.tables.canonical import canonical

ANN = Actor(person="ann", printed_name="Ann Miller", role="coordinator", zone="Europe/Berlin")
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
COLUMNS = ("subject_id", "visit", "vas", "note")


def occasion(minute: int = 0, *, door: Door = Door.ENTRY, author: Actor = ANN) -> Occasion:
    return Occasion(author=author, at=START + timedelta(minutes=minute), door=door)


def opened(form: str = "pain", columns: tuple[str, ...] = COLUMNS) -> dict[str, object]:
    return {
        "action": EventAction.FORM_OPENED,
        "form": form,
        "details": canonical({"columns": list(columns)}),
    }


def row(subject: str, visit: str = "week_0", **more: object) -> dict[str, object]:
    return {
        "action": EventAction.ROW_ADDED, "form": "pain", "subject_id": subject, "visit": visit, **more,
    }  # fmt: skip


def cell(subject: str, item: str, old: str, new: str, **more: object) -> dict[str, object]:
    action = EventAction.FILLED if not old else EventAction.CHANGED if new else EventAction.EMPTIED
    said = {
        "action": action, "form": "pain", "subject_id": subject, "visit": "week_0", "item": item,
        "old": old, "new": new, "reason": "misread" if old else "",
    }  # fmt: skip
    return {**said, **more}


def small_history(store: Store) -> LogEnd:
    """Eight events: a store, a form, two rows, three values, one of them changed."""
    begin(store, trial="ISRCTN00000000", occasion=occasion(0, door=Door.STORE), is_open=True)
    append(store, entries([opened()]), occasion(1))
    append(store, entries([row("P1"), cell("P1", "vas", "", "57")]), occasion(2))
    append(
        store,
        entries([row("P2"), cell("P2", "vas", "", "31"), cell("P2", "note", "", "sat down")]),
        occasion(3),
    )
    return append(store, entries([cell("P1", "vas", "57", "75")]), occasion(4))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """A store, and the ways to its database past trialkit."""

    store: Store
    path: Path | None = None
    owner_url: str = ""
    application_url: str = ""
    opened: list[Store] = field(default_factory=list)
    """Further ways in, which are closed with it."""

    def by_force(self, *statements: str, guarded: bool) -> str:
        """Run SQL with the owner's rights, or past what the database refuses; what it said."""
        if self.path is not None:
            return self._on_file(statements, guarded)
        return _on_server(self.owner_url, statements, guarded)

    def as_application(self, statement: str) -> str:
        """Run SQL with the rights of the account that enters data; what the database said."""
        if self.path is not None:
            return self._on_file((statement,), True)
        return _on_server(self.application_url, (statement,), True)

    def _on_file(self, statements: tuple[str, ...], guarded: bool) -> str:
        with closing(sqlite3.connect(self.path)) as connection:
            triggers = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            guards = [] if guarded else connection.execute(triggers).fetchall()
            for name, _ in guards:
                connection.execute(f"DROP TRIGGER {name}")
            try:
                for statement in statements:
                    connection.execute(statement)
                for _, sql in guards:  # as somebody would who wants not to be seen
                    connection.execute(sql)
                connection.commit()
            except sqlite3.Error as error:
                return str(error)
        return ""


def _on_server(url: str, statements: tuple[str, ...], guarded: bool) -> str:
    import psycopg

    try:
        with closing(psycopg.connect(url)) as connection:
            if not guarded:
                for table in ("event", "content", "definition"):
                    connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                connection.execute(statement)
            if not guarded:
                for table in ("event", "content", "definition"):
                    connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            connection.commit()
    except psycopg.Error as error:
        return str(error)
    return ""


def on_sqlite(folder: Path) -> Kept:
    path = folder / "evidence.sqlite"
    make_sqlite_store(path).close()
    return Kept(store=sqlite_store(path), path=path)


_NUMBERS = itertools.count()


def on_engine(request: "object", folder: Path) -> Kept:
    """An empty store on the engine that a fixture of both is asked for by its parameter."""
    import pytest

    assert isinstance(request, pytest.FixtureRequest)
    if request.param == "postgres":
        return on_postgres(request.getfixturevalue("postgres"))
    folder.mkdir(exist_ok=True)
    return on_sqlite(folder)


def close_all(kept: Kept) -> None:
    for store in (kept.store, *kept.opened):
        store.close()


def on_postgres(server: "object") -> Kept:
    from tests.evidence.postgres_server import ENTERING, SERVICE, Server, new_database

    assert isinstance(server, Server)
    name = f"trial_{next(_NUMBERS)}"
    owner = new_database(server, name)
    make_postgres_store(owner, application=ENTERING).close()
    store = postgres_store(server.url(SERVICE, name)).by(ANN.person)
    return Kept(store=store, owner_url=owner, application_url=server.url(ANN.person, name))


def every_event(store: Store) -> pl.DataFrame:
    with store.reading() as connection:
        return pl.concat(events(connection))
