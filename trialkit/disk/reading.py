"""The bytes of a file, when it is one and no larger than it may be; and what is refused of it."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trialkit.disk.refusals import why
from trialkit.errors import DataFileError


@contextmanager
def reading(file: Path | str) -> Iterator[None]:
    """Work that reads a file. Raises :class:`DataFileError`, which names it, for what is refused.

    A disk that fails in the middle of a file, and one that vanishes behind a listing, end here too.
    """
    try:
        yield
    except OSError as error:
        raise DataFileError(f"{file}: cannot be read: {why(error)}") from None


def read_file(path: Path) -> bytes:
    """The content of a file. Raises :class:`DataFileError` where it cannot be read."""
    with reading(path):
        return path.read_bytes()


def bytes_within(path: Path, most: int) -> bytes:
    """The content of a file that is one, and has ``most`` bytes at most.

    Raises :class:`OSError`: to read a pipe or a device could take for ever, and what is too large
    is not read at all.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "it is a pipe or a device, and no file", os.fspath(path))
    size = path.stat().st_size
    if size > most:
        words = f"it has {size:,} bytes, of which {most:,} are read"
        raise OSError(errno.EINVAL, words, os.fspath(path))
    return path.read_bytes()
