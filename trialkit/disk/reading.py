"""The bytes of a file, when it is one and no larger than it may be."""

import errno
import os
from pathlib import Path


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
