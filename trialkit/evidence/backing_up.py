"""A copy of a store while others write, checked before it is kept; and the way back."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from stat import S_IMODE

from sqlalchemy.exc import DBAPIError

from trialkit.disk.reading import reading
from trialkit.errors import EvidenceError
from trialkit.evidence.addressing import StoreAddress
from trialkit.evidence.engine_refusals import told
from trialkit.evidence.events import LogEnd
from trialkit.evidence.gate import permit
from trialkit.evidence.network_disks import refuse_network_disk
from trialkit.evidence.opening import Store, refuse_left_behind, refuse_taken, sqlite_store
from trialkit.evidence.problems import Problem
from trialkit.evidence.rights import Right
from trialkit.evidence.sight import sight_of
from trialkit.evidence.verifying import verify


def back_up(store: Store, copy: Path) -> tuple[LogEnd, str]:
    """Copy the store as it stands at one moment; the end of its log and the copy's SHA-256.

    Raises :class:`EvidenceError` for a place that is taken, a store on a server (for which
    ``pg_dump`` is made), and a copy that does not hold together, which is taken away again.
    """
    if store.is_served:
        raise EvidenceError(
            f"{store.place}: a server's store is copied by its own program: pg_dump --format=custom"
        )
    with store.reading() as connection:
        permit(connection, store.person, Right.BACK_UP)
        if not sight_of(connection, store.person).sees_all_arms:
            permit(connection, store.person, Right.READ_ARMS)
    if _is_taken(copy):
        raise EvidenceError(f"{copy}: is there already; name a new file for the copy")
    partial = _beside(copy)
    try:
        _copy(store, partial, copy)
        with closing(sqlite_store(partial)) as made:
            found = verify(made)
        if not found.holds:
            raise EvidenceError(
                f"{copy}: the copy does not hold together: {found.problems[0].told}; 'trialkit store "
                "verify' says whether the store does"
            )
        sha256 = _sha256(partial)
        partial.replace(copy)
    finally:
        _remove(partial)
    return found.head, sha256


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
) -> tuple[LogEnd, tuple[Problem, ...]]:
    """Put a copy where a store was, after a look at all of it; the end of its log, and what is wrong.

    With anything wrong, such as an anchor of a later event, nothing is done unless ``even_so``. Raises
    :class:`EvidenceError` where a store stands already, or the copy has not the SHA-256 that it had.
    """
    if address.is_served:
        raise EvidenceError(
            "--url: a server's store is brought back by its own program: pg_restore"
        )
    place = address.path
    if _is_taken(place):
        raise EvidenceError(
            f"{place}: a store stands here, and nothing was done; keep it under another name first"
        )
    refuse_left_behind(place)
    if not copy.is_file():
        raise EvidenceError(
            f"{copy}: is not there; name the file that 'trialkit store backup' wrote"
        )
    if sha256 and (found_sha256 := _sha256(copy)) != sha256.lower():
        raise EvidenceError(
            f"{copy}: has the SHA-256 {found_sha256}, and not that which was given; it was changed, or is "
            "another copy"
        )
    partial = _beside(place)
    try:
        with closing(sqlite_store(copy)) as source:
            _copy(source, partial, place)
        with closing(sqlite_store(partial, named=copy)) as made:
            found = verify(made, anchors)
        if found.holds or even_so:
            refuse_taken(place)
            partial.replace(place)
    finally:
        _remove(partial)
    return found.head, found.problems


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
    return path.with_name(f".{path.name}.partial")


def _remove(partial: Path) -> None:
    for beside in ("", "-wal", "-shm", "-journal"):
        partial.with_name(partial.name + beside).unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with reading(path), path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
