"""Who changes something, and when: by option, else by environment, else as the computer knows them."""

import os
from argparse import Namespace
from datetime import UTC, datetime
from getpass import getuser

from trialkit.cli.text_arguments import no_text
from trialkit.errors import DataFileError
from trialkit.printable import is_text
from trialkit.store.changes.change_log import Signature

VARIABLE = "TRIALKIT_BY"


def person(arguments: Namespace) -> str:
    """The name of whoever calls the command.

    Raises :class:`DataFileError` where nobody says it.
    """
    named = arguments.by or name_of_environment()
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


def name_of_environment() -> str:
    """The name that ``TRIALKIT_BY`` gives; empty where it is not set.

    Raises :class:`DataFileError` for bytes that are no text.
    """
    name = os.environ.get(VARIABLE, "")
    if not is_text(name):
        raise DataFileError(f"{VARIABLE}: {no_text(name)}; set it to your name as it is printed")
    return name


def _login() -> str:
    try:
        name = getuser()
    except (OSError, KeyError, ImportError):  # a computer that keeps no names of people
        return ""
    return name if is_text(name) else ""
