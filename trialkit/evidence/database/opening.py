"""A store is begun, and opened: one SQLite file of a trial, or a PostgreSQL database."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError, DisconnectionError

from trialkit.disk.refusals import why
from trialkit.errors import EvidenceError
from trialkit.evidence.database import postgres_guard, postgres_rights, sqlite_guard
from trialkit.evidence.database.network_disks import refuse_network_disk
from trialkit.evidence.database.tables_revision import mark_head, refuse_another_revision
from trialkit.evidence.log.engine_refusals import GONE, PATIENCE_SECONDS, told
from trialkit.evidence.log.tables import METADATA

_NEW_FILE = 0o644
"""As SQLite makes one; the mask of whoever acts takes from it."""
_FOUNDING = "trialkit founding"
"""On a connection by which a store is made: its owner writes the first events, for the beginner."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Store:
    """An open store."""

    engine: sa.Engine
    place: str
    """What messages call it; never with a password."""
    file: Path | None = None
    """Where SQLite keeps it; None on a server."""
    person: str = ""
    """Who acts, and for whom the gate is asked; ``""`` is who has the file or the login itself."""

    def by(self, person: str) -> "Store":
        """The same store for somebody: on a server, by the database account of that name."""
        return replace(self, person=person)

    @property
    def is_served(self) -> bool:
        """Whether a server holds it, so that several write at once."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A look at one state of the store, whatever others write meanwhile.

        Raises :class:`EvidenceError` for a store of another revision, as :meth:`writing` does.
        """
        with self.as_it_is() as connection:
            refuse_another_revision(connection, self.place)
            yield connection

    @contextmanager
    def as_it_is(self) -> Iterator[sa.Connection]:
        """The same for who asks of which revision the store is."""
        with self._connected(sa.text("BEGIN"), None) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Everything in the block or nothing, and nobody else appends meanwhile."""
        with self.altering() as connection:
            refuse_another_revision(connection, self.place)
            yield connection

    @contextmanager
    def altering(self) -> Iterator[sa.Connection]:
        """The same for who makes the tables or changes them, of whichever revision the store is."""
        with self._connected(sa.text("BEGIN IMMEDIATE"), postgres_guard.APPENDING) as connection:
            yield connection

    @contextmanager
    def _connected(self, on_file: sa.TextClause, on_server: str | None) -> Iterator[sa.Connection]:
        try:
            with self.engine.connect() as connection:
                if not self.is_served:
                    connection.execute(on_file)
                elif on_server is None:
                    connection.execution_options(isolation_level="REPEATABLE READ")
                else:
                    connection.execute(sa.text(on_server))
                if self.person:
                    act_as(connection, self.person)
                yield connection
                connection.commit()
        except DBAPIError as error:
            raise EvidenceError(f"{self.place}: {told(error.orig, self.file)}") from None

    def forget(self) -> None:
        """Leave no byte of what was taken out in the files of SQLite; a server has its own ways."""
        if not self.is_served:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """End all connections."""
        self.engine.dispose()


def act_as(connection: sa.Connection, person: str) -> None:
    """Act by the account of the person, on a server: what is seen and written rests on it alone.

    Raises :class:`EvidenceError` where the login may not.
    """
    if connection.dialect.name != "postgresql" or _FOUNDING in connection.info:
        return
    account = connection.dialect.identifier_preparer.quote_identifier(person)
    try:
        connection.exec_driver_sql(f"SET LOCAL ROLE {account}")
    except DBAPIError:
        login = connection.engine.url.username
        raise EvidenceError(
            f"{login} is logged in, and may not act as {person}; log in by the account of the person. "
            "Nothing was done"
        ) from None


def sqlite_store(path: Path, *, named: Path | None = None) -> Store:
    """The store in a file that is there; ``named`` is what messages call it, where that is another.

    Raises :class:`EvidenceError` where it is not, or lies on a network drive.
    """
    if not path.is_file():
        raise EvidenceError(
            f"{path}: no store stands here; begin one with 'trialkit store init', or put a copy of a lost one "
            "back with 'trialkit store restore'"
        )
    return _sqlite(path, named or path)


def postgres_store(url: str) -> Store:
    """The store in a PostgreSQL database."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "postgresql":
        raise EvidenceError(
            f"{parsed.render_as_string()}: a store on a server is PostgreSQL; write "
            "postgresql://HOST/DATABASE"
        )
    if find_spec("psycopg") is None:
        raise EvidenceError(
            "a store on a server is reached by psycopg, which is not there: "
            "pip install 'trialkit[postgres]'"
        )
    engine = sa.create_engine(parsed.set(drivername="postgresql+psycopg"))
    return Store(engine=engine, place=parsed.render_as_string(hide_password=True))


def _nothing(connection: sa.Connection) -> None:
    """What is done first with a store that stays empty."""


def refuse_taken(path: Path) -> None:
    """Raise :class:`EvidenceError` where a new store cannot have this file."""
    if path.exists() or path.is_symlink():
        raise EvidenceError(
            f"{path}: is there already; a store is begun once, and nothing was done"
        )
    refuse_left_behind(path)


def refuse_left_behind(path: Path) -> None:
    """Raise :class:`EvidenceError` where SQLite left of another store what it would put into this one."""
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.exists() or beside.is_symlink():
            raise EvidenceError(
                f"{beside}: holds the last events of a store that was here; keep it beside that store, "
                f"under its name with {ending}. Nothing was done"
            )


def make_sqlite_store(
    path: Path,
    *,
    first: Callable[[sa.Connection], None] = _nothing,
    named: Path | None = None,
) -> Store:
    """A store in a new file, with its tables and guards, and what is done ``first`` with it.

    ``named`` is what messages call it, where the file is to have another name.
    """
    refuse_taken(path)
    try:
        path.touch(mode=_NEW_FILE)
    except OSError as error:
        raise EvidenceError(f"{named or path}: cannot be written: {why(error)}") from None
    store = _sqlite(path, named or path, is_new=True)
    with store.altering() as connection:
        METADATA.create_all(connection)
        mark_head(connection)
        for statement in sqlite_guard.STATEMENTS:
            connection.exec_driver_sql(statement)
        first(connection)
    return store


def make_postgres_store(
    url: str, *, application: str, first: Callable[[sa.Connection], None] = _nothing
) -> Store:
    """A store in a database: ``url`` is its owner's, ``application`` that of those who enter.

    The accounts of people are members of ``application`` (``GRANT application TO ann``).

    What is done ``first`` with it, and all of this, is done or nothing is.
    """
    store = postgres_store(url)
    try:
        with store.altering() as connection:
            _make_on_server(connection, application, first, place=store.place)
    except BaseException:
        store.close()
        raise
    return store


def _make_on_server(
    connection: sa.Connection,
    application: str,
    first: Callable[[sa.Connection], None],
    *,
    place: str,
) -> None:
    """Tables, guards, what is done first, and the rights of the application, in this order."""
    if sa.inspect(connection).has_table("event"):
        raise EvidenceError(f"{place}: holds a store already; nothing was done")
    METADATA.create_all(connection)
    mark_head(connection)
    carry_out(connection, (*postgres_guard.STATEMENTS, *postgres_rights.MADE), application)
    connection.info[_FOUNDING] = True
    try:
        first(connection)
    finally:
        connection.info.pop(_FOUNDING)
    carry_out(connection, (*postgres_rights.STATEMENTS, *postgres_guard.RIGHTS), application)


class _FileConnection(sqlite3.Connection):
    """A connection that knows which file it opened."""

    opened: tuple[int, int] | None = None


def _which(path: Path) -> tuple[int, int] | None:
    """Which file has this name now; None where none has."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _holds_a_log(connection: sqlite3.Connection) -> bool:
    """Whether the tables of a store are there."""
    asked = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'event'"
    return connection.execute(asked).fetchone() is not None


def _sqlite(path: Path, named: Path, *, is_new: bool = False) -> Store:
    """One connection is kept between transactions: to close it copies its log into the file each time.

    It is left for a new one where another file has the name meanwhile: what was written to the old one
    would be lost.
    """
    refuse_network_disk(named)

    def connected() -> sqlite3.Connection:
        before = _which(path)
        if before is None:  # SQLite would make an empty file where the store is to be restored
            raise sqlite3.OperationalError(GONE)
        connection = sqlite3.connect(
            path,
            timeout=PATIENCE_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            factory=_FileConnection,
        )
        connection.opened = before
        try:
            if is_new or _holds_a_log(connection):  # a file of somebody else's stays as it is
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA recursive_triggers = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA secure_delete = ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def refuse_another_file(connection: _FileConnection, *_: object) -> None:
        if connection.opened != _which(path):
            raise DisconnectionError

    engine = sa.create_engine(
        "sqlite://", creator=connected, poolclass=sa.QueuePool, pool_size=1, max_overflow=-1
    )
    listen(engine, "checkout", refuse_another_file)
    return Store(engine=engine, place=str(named), file=named)


def carry_out(connection: sa.Connection, statements: tuple[str, ...], application: str) -> None:
    """Statements of a server, with its schema and the account of the application in their places."""
    quoted = connection.dialect.identifier_preparer.quote_identifier
    schema = connection.exec_driver_sql("SELECT current_schema()").scalar()
    names = {"schema": quoted(str(schema)), "role": quoted(application)}
    for statement in statements:
        filled = statement
        for name, said in names.items():
            filled = filled.replace(f"{{{name}}}", said)
        connection.exec_driver_sql(filled.replace("%", "%%"))
