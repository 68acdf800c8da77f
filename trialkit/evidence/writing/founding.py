"""A store is founded: tables, guards, its first event and the definitions, all of it or nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import sqlalchemy as sa

from trialkit.disk.turns import PREFIX, turn_in
from trialkit.errors import EvidenceError
from trialkit.evidence.database.addressing import StoreAddress
from trialkit.evidence.database.opening import (
    Store,
    make_postgres_store,
    make_sqlite_store,
    refuse_taken,
)
from trialkit.evidence.log.events import LogEnd, Occasion
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.writing.beginning import begin_in, publish_in


def found(
    address: StoreAddress,
    *,
    trial: str,
    definitions: Mapping[str, str],
    occasion: Occasion,
    application: str = "",
    is_open: bool = False,
) -> LogEnd:
    """Make the store at an address where none is, begin its log and keep the definitions.

    ``application`` is the account of a server that enters data. Raises :class:`EvidenceError`, and
    leaves nothing, where that cannot be done.
    """

    def first(connection: sa.Connection) -> None:
        begin_in(connection, trial=trial, occasion=occasion, is_open=is_open)
        publish_in(connection, definitions, occasion)

    if not address.is_served:
        return _on_file(address.path, first)
    if not application:
        raise EvidenceError(
            "--application: names no account; give that of the server by which data are entered, which "
            "may read and add and nothing else (the one in the URL owns the tables)"
        )
    return _end_of(make_postgres_store(address.url, application=application, first=first))


def _on_file(path: Path, first: Callable[[sa.Connection], None]) -> LogEnd:
    """A file that is whole before it has its name."""
    refuse_taken(path)
    with _alone(path):
        refuse_taken(path)
        partial = path.with_name(f"{PREFIX}{path.name}.{token_hex(4)}")
        try:
            head = _end_of(make_sqlite_store(partial, first=first, named=path))
            partial.replace(path)
        finally:
            for beside in ("", "-wal", "-shm", "-journal"):
                partial.with_name(partial.name + beside).unlink(missing_ok=True)
    return head


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Nobody else of trialkit writes in the folder of the file meanwhile."""
    turn = turn_in(path.absolute().parent)
    try:
        yield
    finally:
        if turn is not None:
            turn.end()


def _end_of(store: Store) -> LogEnd:
    with store.reading() as connection:
        head = head_of(connection)
    store.close()
    return head
