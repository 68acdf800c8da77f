"""Who acts in a store, and when: the account of the operating system, a printed name, the door's clock."""

import os
from argparse import Namespace
from getpass import getuser
from pathlib import Path
from zoneinfo import ZoneInfo

from trialkit.cli.run_day import run_moment
from trialkit.cli.signing import VARIABLE
from trialkit.errors import EvidenceError
from trialkit.evidence.actions import Door
from trialkit.evidence.events import Actor, Occasion

NO_ROLE = "no role"
"""What stands in the log where nobody gave a role."""
_LOCAL_TIME = Path("/etc/localtime")


def occasion(arguments: Namespace, door: Door, *, definition: str = "") -> Occasion:
    """The occasion of what the command writes now."""
    return Occasion(
        author=author(arguments), at=run_moment(arguments), door=door, definition=definition
    )


def author(arguments: Namespace) -> Actor:
    """Whoever calls the command.

    Raises :class:`EvidenceError` where the computer does not say whose account it is.
    """
    try:
        account = getuser()
    except (OSError, KeyError, ImportError):
        raise EvidenceError(
            "this computer does not say whose account it is, and the log is kept by account; set LOGNAME"
        ) from None
    named = arguments.person or os.environ.get(VARIABLE, "") or account
    return Actor(
        person=account,
        printed_name=" ".join(named.split()),
        role=" ".join(arguments.role.split()) or NO_ROLE,
        site=arguments.site.strip(),
        zone=time_zone(run_moment(arguments).strftime("%z")),
    )


def time_zone(offset: str, local_time: Path = _LOCAL_TIME) -> str:
    """The zone of this computer by its IANA name; where it has none, its distance from UTC."""
    _, found, linked = str(local_time.resolve()).partition("zoneinfo/")
    for name in (os.environ.get("TZ", "").removeprefix(":"), linked if found else ""):
        if _is_zone(name):
            return name
    return "UTC" if offset in {"", "+0000"} else f"UTC{offset[:3]}:{offset[3:]}"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # no name of a zone, or none that this computer knows
        return False
    return bool(name)
