"""Why the system refuses a file or a folder, in words, and what to do about it."""

import errno
import os
import re
from collections.abc import Mapping
from types import MappingProxyType

REASONS: Mapping[int, str] = MappingProxyType(
    {
        errno.ENOSPC: "no room is left on its disk; make room there",
        errno.EDQUOT: "your share of its disk is used up; make room there, or have it raised",
        errno.EFBIG: "its disk, or a limit, allows no file of this size; name another place",
        errno.EROFS: "its disk can only be read; name a place that can be written to",
        errno.EMFILE: "trialkit may open no more files; raise the limit, as by ulimit -n 256",
        errno.ENFILE: "this computer has too many files open; close other programs",
        errno.EIO: "its disk fails; save what is on it, and work on another",
        errno.ENAMETOOLONG: "its name is too long; give the file, or its folders, shorter names",
        errno.ELOOP: "its links lead in a circle; remove the link",
        errno.ESTALE: "its disk, which lies on another computer, was changed; run the command again",
        errno.ENOENT: "it or its folder is not there (any more); check the name, and run the command again",
        errno.ENOMEM: "no memory is left; close other programs",
    }
)
"""What may stand in the way of anybody's file, whatever is asked of it."""


_IN_OTHER_WORDS = re.compile(r"\(os error (?P<number>\d+)\)|\bIO_(?P<name>E[A-Z]+)\b")
"""How libraries of Rust (Polars) and C (libxml2) say what the system said."""


def refusal(error: BaseException) -> OSError | None:
    """What the system refused, also where a library says so in words of its own; else None."""
    if isinstance(error, OSError):
        return error
    said = _IN_OTHER_WORDS.search(str(error))
    if said is None:
        return None
    number = int(said["number"]) if said["number"] else getattr(errno, said["name"], 0)
    return OSError(number, os.strerror(number))


def why(error: OSError) -> str:
    """What stands in the way, and what to do about it."""
    match error:
        case IsADirectoryError():
            return "it is a folder; move the folder away, or name another place by --out"
        case FileExistsError() | NotADirectoryError():
            return "a folder is needed where a file is; move the file away, or name another place"
        case PermissionError():
            return (
                "permission denied; check that you may read it and write there, and close the file if "
                "a program has it open"
            )
        case _:
            said = error.strerror or type(error).__name__
            return REASONS.get(error.errno or 0, said)
