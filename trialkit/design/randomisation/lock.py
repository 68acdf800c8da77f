"""One at a time: the lock of a randomisation's record.

The operating system gives it to one process and takes it back when the process ends, however that
ends: nothing is left behind that could lock anybody out. While somebody holds it, the file says
which line is being written; a file that says one while nobody holds it tells that its holder did
not come to the end.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from trialkit.disk.refusals import why
from trialkit.errors import DesignError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PAUSE_SECONDS = 0.02
_MOST_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The lock, held; what stands in its file."""

    path: Path
    descriptor: int

    def note(self, text: str) -> None:
        """Say what is about to be done, and wait until it is on the disk."""
        try:
            os.ftruncate(self.descriptor, 0)
            os.lseek(self.descriptor, 0, os.SEEK_SET)
            os.write(self.descriptor, text.encode())
            os.fsync(self.descriptor)
        except OSError as error:
            raise DesignError(f"{self.path}: cannot be written: {why(error)}") from None

    def noted(self) -> str:
        """What the last holder was about, where that did not come to its end."""
        return _content(self.descriptor)

    def clear(self) -> None:
        """Say that it is done."""
        os.ftruncate(self.descriptor, 0)


@contextmanager
def held(path: Path, *, wait: float) -> Iterator[Lock]:
    """Hold the lock, waiting for whoever holds it.

    Raises :class:`DesignError` where it is not to be had within ``wait`` seconds.
    """
    deadline = time.monotonic() + wait
    while True:
        descriptor = _open(path)
        try:
            if _taken(descriptor, path) and _is_still_there(descriptor, path):
                yield Lock(path=path, descriptor=descriptor)
                return
        finally:
            os.close(descriptor)  # which lets go of the lock
        if time.monotonic() > deadline:
            raise DesignError(
                f"{path}: somebody else is randomising and has not come to an end for {wait:g} "
                "seconds. If it is a program that hangs, end it; the file itself locks nobody out "
                "and need not be deleted"
            )
        time.sleep(_PAUSE_SECONDS)


def left_behind(path: Path) -> str:
    """What a holder was about who did not come to the end; nothing while somebody is at work."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return ""
    try:
        return _content(descriptor) if _taken(descriptor, path, shared=True) else ""
    except DesignError:  # locks are not to be had here, so nobody can be at work
        return _content(descriptor)
    except OSError:  # a folder, or a disk that fails: it says nothing
        return ""
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise DesignError(f"{path}: cannot be written: {why(error)}") from None


def _is_still_there(descriptor: int, path: Path) -> bool:
    """Whether the file is the one that others would lock, and was not deleted meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def _content(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, _MOST_BYTES).decode("utf-8", "replace")


def _taken(descriptor: int, path: Path, *, shared: bool = False) -> bool:
    """Whether the lock was to be had at once."""
    try:
        _lock(descriptor, shared=shared)
    except (BlockingIOError, PermissionError):
        return False
    except OSError as error:
        raise DesignError(
            f"{path}: cannot be locked ({error.strerror}), so that two could get the same slot; "
            "randomise on the computer that the folder lies on"
        ) from None
    return True


if sys.platform == "win32":

    def _lock(descriptor: int, *, shared: bool) -> None:
        """Lock a byte far behind the content, which others may read meanwhile."""
        del shared  # Windows has one kind of lock
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:

    def _lock(descriptor: int, *, shared: bool) -> None:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
