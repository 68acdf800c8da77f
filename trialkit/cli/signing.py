"""Who changes something, and when: by option, else by environment, else as the computer knows them."""

import os
from argparse import Namespace
from datetime import UTC, datetime
from getpass import getuser

from trialkit.errors import DataFileError
from trialkit.store.changes.change_log import Signature

VARIABLE = "TRIALKIT_BY"


def person(arguments: Namespace) -> str:
    """The name of whoever calls the command.

    Raises :class:`DataFileError` where nobody says it.
    """
    named = arguments.by or os.environ.get(VARIABLE, "")
    name = " ".join((named or _login()).split())
    if not name:
        raise DataFileError(
            f"--by: nobody is named, and what is changed is kept under a name; pass --by NAME, or "
            f"set {VARIABLE}"
        )
    return name


def signed(arguments: Namespace, *, reason: str) -> Signature:
    """The signature under what the command changes now; ``reason`` serves where none was given."""
    return Signature(who=person(arguments), on=datetime.now(UTC), reason=arguments.reason or reason)


def _login() -> str:
    try:
        return getuser()
    except (OSError, KeyError, ImportError):  # a computer that keeps no names of people
        return ""
