"""How many files trialkit may hold open at once."""

import os

from trialkit.disk.refusals import why
from trialkit.errors import DataFileError

NEEDED = 32
"""More than any command holds open; some libraries break down where they get none."""


def refuse_too_few_handles() -> None:
    """Raise :class:`DataFileError` where so many files cannot be open at once."""
    held: list[int] = []
    try:
        held += (os.open(os.devnull, os.O_RDONLY) for _ in range(NEEDED))
    except OSError as error:
        raise DataFileError(
            f"{len(held)} files can be opened, and {NEEDED} are needed: {why(error)}"
        ) from None
    finally:
        for each in held:
            os.close(each)
