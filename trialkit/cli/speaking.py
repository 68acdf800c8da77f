"""What a command says may go to a disk too, and that may refuse it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import IO

from trialkit.disk.refusals import why
from trialkit.errors import DataFileError


@contextmanager
def speaking() -> Iterator[None]:
    """Work that says something. Raises :class:`DataFileError` where it cannot be written.

    That nobody reads on is another matter: a run is done for its files.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        is_the_programs_own = sys.stdout is sys.__stdout__
        if is_the_programs_own and isinstance(sys.stdout, TextIOWrapper):
            fall_silent(sys.stdout)
        raise DataFileError(
            f"standard output, where this command says what it did: cannot be written: {why(error)}"
        ) from None


def fall_silent(stream: IO[str]) -> None:
    """Send what is still to be said to nowhere.

    Python lets out the rest when it ends, and would end with a code of its own.
    """
    with suppress(OSError, ValueError):  # a stream that is no file has nothing to redirect
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def say_the_last() -> None:
    """Let out what was said, while somebody can still be told that it could not be written."""
    if isinstance(sys.stdout, TextIOWrapper):
        with speaking():
            sys.stdout.flush()
