"""Why an engine refuses, in the words in which trialkit says so of every file."""

import errno
import os
import sys
from pathlib import Path

from trialkit.disk.refusals import REASONS, why

if sys.platform != "win32":
    import resource

PATIENCE_SECONDS = 10
"""How long SQLite waits for another writer before it says so."""
GONE = "the file is gone"
"""Said in SQLite's place, which would make an empty one."""
_NOT_WRITTEN = "cannot be written"
_OF_SQLITE = (
    (
        GONE,
        "was moved or taken away while it was open; nothing was written. Put it back, or restore a backup",
    ),
    ("is full", f"{_NOT_WRITTEN}: {REASONS[errno.ENOSPC]}"),
    (
        "locked",
        f"somebody else has been writing for {PATIENCE_SECONDS} seconds; nothing was written, try again",
    ),
    *(
        (
            said,
            f"is no store of trialkit, or is damaged ({said}); name another file, or restore a backup",
        )
        for said in ("not a database", "no such table", "malformed")
    ),
)
"""What SQLite says, and what to do."""
_LITTLE = 1 << 20
"""Bytes that SQLite may need beside the store while it is open."""


def told(error: BaseException | None, file: Path | None) -> str:
    """What the engine says, and what to do; ``file`` is where SQLite keeps the store."""
    said = next(iter(str(error).strip().splitlines()), "")
    if file is None:
        return f"the server says: {said}"
    if "disk I/O" in said or "readonly" in said or "unable to open" in said:
        return f"{_NOT_WRITTEN}: {_refused(file)}"
    return next((words for part, words in _OF_SQLITE if part in said), f"refused: {said}")


def _refused(file: Path) -> str:
    """Why the system lets nobody write there, which SQLite does not say."""
    folder = file.absolute().parent
    if not folder.is_dir():
        number = errno.ENOTDIR if folder.exists() else errno.ENOENT
    elif os.statvfs(folder).f_flag & os.ST_RDONLY:
        number = errno.EROFS
    elif not os.access(folder, os.W_OK) or (file.exists() and not os.access(file, os.W_OK)):
        number = errno.EACCES
    elif os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize < _LITTLE:
        number = errno.ENOSPC
    elif _is_at_its_limit(file):
        number = errno.EFBIG
    else:
        number = errno.EIO
    return why(OSError(number, os.strerror(number)))


def _is_at_its_limit(file: Path) -> bool:
    """Whether the system allows this program no file that is much larger."""
    if sys.platform == "win32":
        return False
    most, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    sizes = [each.stat().st_size for each in file.parent.glob(f"*{file.name}*") if each.is_file()]
    return most != resource.RLIM_INFINITY and max(sizes, default=0) + _LITTLE > most
