"""A copy of a store while others write, checked before it is kept; and the way back."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from trialkit.disk.reading import reading
from trialkit.errors import EvidenceError
from trialkit.evidence.events import LogEnd
from trialkit.evidence.opening import Store, sqlite_store
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
    if copy.exists():
        raise EvidenceError(f"{copy}: is there already; name a new file for the copy")
    partial = copy.with_name(f".{copy.name}.partial")
    partial.unlink(missing_ok=True)
    with store.engine.connect() as connection, closing(sqlite3.connect(partial)) as target:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.backup(target)
    made = sqlite_store(partial)
    found = verify(made)
    made.close()
    for beside in ("-wal", "-shm"):
        partial.with_name(partial.name + beside).unlink(missing_ok=True)
    if not found.holds:
        partial.unlink()
        raise EvidenceError(f"{copy}: the copy does not hold together: {found.problems[0].told}")
    partial.replace(copy)
    with reading(copy), copy.open("rb") as content:
        return found.head, hashlib.file_digest(content, "sha256").hexdigest()
