"""Stores of every revision, made by the scripts; and ``python -m tests.evidence.table_listings``.

That writes, beside the script of the newest revision, the listing of what it makes on each engine.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.evidence.postgres_server import ENTERING, Server, new_database, server
from trialkit.evidence.database.opening import Store, carry_out, postgres_store, sqlite_store
from trialkit.evidence.database.running_revisions import run_revisions
from trialkit.evidence.database.table_listing import FOLDER, TableListing, listing, written
from trialkit.evidence.database.tables_revision import HEAD

UNMARKED = ("0001", "0002")
"""The revisions that a store said nothing of."""


def by_scripts(store: Store, revision: str) -> None:
    """Make the tables of a revision in an empty database."""
    with store.altering() as connection:

        def carried_out(statements: tuple[str, ...]) -> None:
            if store.is_served:
                carry_out(connection, statements, ENTERING)
            else:
                for statement in statements:
                    connection.exec_driver_sql(statement)

        run_revisions(connection, carried_out, start="", until=revision, is_marked=False)
        if revision in UNMARKED:
            connection.exec_driver_sql("DROP TABLE alembic_version")


def listing_of(store: Store) -> TableListing:
    with store.as_it_is() as connection:
        return listing(connection)


def empty_file(folder: Path, name: str = "evidence.sqlite") -> Store:
    path = folder / name
    with closing(sqlite3.connect(path)) as made:
        made.execute("PRAGMA journal_mode = WAL")
    return sqlite_store(path)


@contextmanager
def of_revision(place: "Path | Server", revision: str) -> Iterator[Store]:
    """A store as the scripts up to a revision make it, in a folder or on a server."""
    if isinstance(place, Path):
        store = empty_file(place, f"r{revision}.sqlite")
    else:
        store = postgres_store(new_database(place, f"r{revision}"))
    by_scripts(store, revision)
    try:
        yield store
    finally:
        store.close()


def _write(revisions: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder, server() as running:
        for place in (Path(folder), running):
            for revision in revisions:
                with of_revision(place, revision) as store:
                    engine = store.engine.dialect.name
                    text = written(listing_of(store))
                (FOLDER / f"{revision}.{engine}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _write((HEAD,))
