"""What a command says may go to a disk too, and that may refuse it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper

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
        raise DataFileError(
            f"standard output, where this command says what it did: cannot be written: {why(error)}"
        ) from None


def say_the_last() -> None:
    """Let out what was said, while somebody can still be told that it could not be written."""
    if isinstance(sys.stdout, TextIOWrapper):
        with speaking():
            sys.stdout.flush()
