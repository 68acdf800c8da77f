"""A copy of a store while others write, checked before it is kept; and the way back.

A copy is always one file of SQLite: of a file, page by page; of a server, row by row. It comes back as a
file or on a server, whatever it was made of.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from secrets import token_hex
from stat import S_IMODE

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from trialkit.disk.reading import reading
from trialkit.errors import EvidenceError
from trialkit.evidence.copies.carrying import accounts_lacking, carry_to_file, carry_to_server
from trialkit.evidence.database.addressing import StoreAddress
from trialkit.evidence.database.network_disks import refuse_network_disk
from trialkit.evidence.database.opening import (
    Store,
    make_postgres_store,
    make_sqlite_store,
    refuse_left_behind,
    refuse_taken,
    sqlite_store,
)
from trialkit.evidence.database.verifying_guards import kind_problems
from trialkit.evidence.log.engine_refusals import told
from trialkit.evidence.log.events import LogEnd
from trialkit.evidence.log.problems import Problem
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.log.rights import Right
from trialkit.evidence.people.gate import permit
from trialkit.evidence.people.sight import sight_of
from trialkit.evidence.signing.passphrases import leave_out, left_out
from trialkit.evidence.verifying.verifying import Verified, look_at_log, verify


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreCopy:
    """A copy that was made, and holds together."""

    head: LogEnd
    """The end of its log."""
    sha256: str
    """Of the file."""
    left_out: tuple[str, ...] = ()
    """The accounts whose passphrases are not in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredStore:
    """What became of a copy that should be put in the place of a store."""

    head: LogEnd
    problems: tuple[Problem, ...] = ()
    """What does not fit; with any, nothing is done unless it was asked for even so."""
    left_out: tuple[str, ...] = ()
    """The accounts that set a passphrase anew before they sign by one."""
    lacking: tuple[str, ...] = ()
    """The accounts that have a role in the log, and none on the server that may enter."""


def back_up(store: Store, copy: Path) -> StoreCopy:
    """Copy the store as it stands at one moment.

    Raises :class:`EvidenceError` for a place that is taken, and a copy that does not hold together, which
    is taken away again.
    """
    with store.reading() as connection:
        permit(connection, store.person, Right.BACK_UP)
        if not sight_of(connection, store.person).sees_all_arms:
            permit(connection, store.person, Right.READ_ARMS)
    if _is_taken(copy):
        raise EvidenceError(f"{copy}: is there already; name a new file for the copy")
    partial = _beside(copy)
    try:
        if store.is_served:
            _carry_from_server(store, partial, copy)
        else:
            _copy(store, partial, copy)
        with closing(sqlite_store(partial)) as made:
            found = verify(made)
            left = _left_out(made)
        if not found.holds:
            raise EvidenceError(
                f"{copy}: the copy does not hold together: {found.problems[0].told}; 'trialkit store "
                "verify' says whether the store does"
            )
        sha256 = _sha256(partial)
        refuse_taken(copy)
        partial.replace(copy)
    finally:
        _remove(partial)
    return StoreCopy(head=found.head, sha256=sha256, left_out=left)


def copy_before(store: Store, revision: str) -> tuple[Path, str]:
    """Copy a file store, of whichever revision, before it is taken to another; the copy and its SHA-256.

    It is beside the store, under a name that nothing has.
    """
    assert store.file is not None
    whole = store.file
    names = (f"{whole.stem}.before-{revision}{more}{whole.suffix}" for more in _numbers())
    copy = next(each for each in map(whole.with_name, names) if not _is_taken(each))
    partial = _beside(copy)
    try:
        _copy(store, partial, copy)
        sha256 = _sha256(partial)
        partial.replace(copy)
    finally:
        _remove(partial)
    return copy, sha256


def sha256_of_dump(file: Path) -> str:
    """The SHA-256 of the file into which a server's own program copied the store.

    Raises :class:`EvidenceError` where it is not there, or is empty.
    """
    if not file.is_file() or not file.stat().st_size:
        raise EvidenceError(
            f"{file}: found no file with anything in it; expected the copy of the database: "
            f"pg_dump --format=custom --file={file} URL"
        )
    return _sha256(file)


def _numbers() -> Iterator[str]:
    yield ""
    yield from (f"-{number}" for number in count(2))


def _is_taken(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def restore(
    copy: Path,
    address: StoreAddress,
    *,
    anchors: Sequence[LogEnd] = (),
    sha256: str = "",
    even_so: bool = False,
    application: str = "",
) -> RestoredStore:
    """Put a copy where a store was, after a look at all of it.

    On a server ``application`` is the account that enters data, as when a store is begun there. With
    anything wrong, such as an anchor of a later event, nothing is done unless ``even_so``. Raises
    :class:`EvidenceError` where a store stands already, or the copy has not the SHA-256 that it had.
    """
    if address.is_served and not application:
        raise EvidenceError(
            "--application: names no account; give that of the server by which data are entered, as in "
            "'trialkit store init' (the one in the URL owns the tables)"
        )
    if not address.is_served and _is_taken(address.path):
        raise EvidenceError(
            f"{address.path}: a store stands here, and nothing was done; keep it under another name first"
        )
    if not address.is_served:
        refuse_left_behind(address.path)
    if not copy.is_file():
        raise EvidenceError(
            f"{copy}: is not there; name the file that 'trialkit store backup' wrote"
        )
    if sha256 and (found_sha256 := _sha256(copy)) != sha256.lower():
        raise EvidenceError(
            f"{copy}: has the SHA-256 {found_sha256}, and not that which was given; it was changed, or is "
            "another copy"
        )
    if address.is_served:
        return _on_server(copy, address.url, application, anchors, even_so=even_so)
    return _on_file(copy, address.path, anchors, even_so=even_so)


def _on_file(copy: Path, place: Path, anchors: Sequence[LogEnd], *, even_so: bool) -> RestoredStore:
    partial = _beside(place)
    try:
        with closing(sqlite_store(copy)) as source:
            _copy(source, partial, place)
        with closing(sqlite_store(partial, named=copy)) as made:
            found = verify(made, anchors)
            left = _left_out(made)
        if found.holds or even_so:
            refuse_taken(place)
            partial.replace(place)
    finally:
        _remove(partial)
    return RestoredStore(head=found.head, problems=found.problems, left_out=left)


def _on_server(
    copy: Path, url: str, application: str, anchors: Sequence[LogEnd], *, even_so: bool
) -> RestoredStore:
    """All of it within one transaction of the server, which is looked at before it ends."""
    left: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    def carried(target: sa.Connection) -> None:
        nonlocal left, lacking
        with source.reading() as read:
            carry_to_server(source, read, target)
        left = leave_out(target)
        _refuse_another(look_at_log(target, sight_of(target, ""), anchors), found, copy)
        lacking = accounts_lacking(target, application)

    with closing(sqlite_store(copy)) as source:
        found = verify(source, anchors)
        if even_so:
            _refuse_other_kinds(source, copy)
        if found.holds or even_so:
            make_postgres_store(url, application=application, first=carried).close()
    return RestoredStore(head=found.head, problems=found.problems, left_out=left, lacking=lacking)


def _refuse_other_kinds(source: Store, copy: Path) -> None:
    """Raise :class:`EvidenceError` for a column with another kind of value: no server takes it.

    Where there is one, nothing else of the copy was looked at.
    """
    with source.reading() as connection:
        other = next(kind_problems(connection), None)
    if other is not None:
        raise EvidenceError(
            f"{copy}: does not come to a server, even so, and nothing was done: {other.told}"
        )


def _refuse_another(made: Verified, found: Verified, copy: Path) -> None:
    """Raise :class:`EvidenceError` where what came to be is not what the copy was seen to be."""
    more = [each for each in made.problems if each not in found.problems]
    if made.head != found.head or more:
        why = more[0].told if more else f"its log ends with event {made.head.seq} there"
        raise EvidenceError(
            f"{copy}: did not come to the server as it is, and nothing was done: {why}"
        )


def _carry_from_server(store: Store, partial: Path, named: Path) -> None:
    """Every row of the store at one moment, into a file that is to have another name."""
    with store.reading() as read:
        if not sight_of(read, store.person).is_of_whole_log:
            raise EvidenceError(
                f"{store.place}: {store.person} does not see every event, so that a copy would lack some; "
                "back up by an account that reads every site, and arms where a form as a whole is withheld"
            )

        def carried(target: sa.Connection) -> None:
            for beside in ("", "-wal", "-shm"):  # it holds what few may read on the server
                partial.with_name(partial.name + beside).chmod(0o600)
            carry_to_file(store, read, target)
            leave_out(target)
            if head_of(target) != head_of(read):
                raise EvidenceError(
                    f"{store.place}: this account does not see every event; nothing was copied"
                )

        make_sqlite_store(partial, first=carried, named=named).close()


def _left_out(store: Store) -> tuple[str, ...]:
    with store.reading() as connection:
        return left_out(connection)


def _copy(store: Store, partial: Path, named: Path) -> None:
    """Every page of the store at one moment, into a file that is to have another name."""
    refuse_network_disk(named)
    if store.file is not None:  # whoever may not read the store reads no copy of it
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        partial.chmod(S_IMODE(store.file.stat().st_mode))
    try:
        with store.engine.connect() as connection, closing(sqlite3.connect(partial)) as target:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.backup(target)
    except DBAPIError as error:
        raise EvidenceError(f"{store.place}: {told(error.orig, store.file)}") from None
    except sqlite3.Error as error:
        raise EvidenceError(f"{named}: {told(error, named)}") from None


def _beside(path: Path) -> Path:
    """A name of its own: two who copy to one file do not write into each other's."""
    return path.with_name(f".{path.name}.{token_hex(4)}.partial")


def _remove(partial: Path) -> None:
    for beside in ("", "-wal", "-shm", "-journal"):
        partial.with_name(partial.name + beside).unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with reading(path), path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
