"""One writer after the other in a folder, and what is left there of one that was ended by force."""

import os
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

if sys.platform != "win32":
    import fcntl

PREFIX = ".trialkit-"
"""How the name begins of a file that comes or goes."""
_COMES_OR_GOES = re.compile(rf"{re.escape(PREFIX)}.+\.[a-z0-9_]{{8}}")


@dataclass(frozen=True, slots=True)
class Turn:
    """A folder that one program has to itself; the system gives it back if the program ends."""

    folder: Path
    _descriptor: int

    def sweep(self) -> None:
        """Remove what came or went when a program was ended: nobody else is at work here."""
        with suppress(OSError):
            for each in self.folder.glob(f"{PREFIX}*"):
                if _COMES_OR_GOES.fullmatch(each.name) and (each.is_symlink() or each.is_file()):
                    each.unlink()

    def end(self) -> None:
        """Let the next one begin."""
        os.close(self._descriptor)


def turn_in(folder: Path) -> Turn | None:
    """The turn in a folder, waiting for whoever has it; None where the disk knows no turns."""
    if sys.platform == "win32":
        return None
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # it may be written to, and not be read
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:  # as on some disks of other computers
        os.close(descriptor)
        return None
    return Turn(folder, descriptor)
