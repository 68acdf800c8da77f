"""Who acts in a store, and when: the account of the operating system, a printed name, the door's clock."""

import os
from argparse import Namespace
from pathlib import Path
from zoneinfo import ZoneInfo

from trialkit.cli.run_day import run_moment
from trialkit.cli.signing import name_of_environment
from trialkit.errors import TrialStep
from trialkit.evidence.database.addressing import StoreAddress
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.events import NO_ROLE, Actor, Occasion
from trialkit.protocol.loading import load_protocol
from trialkit.steps.data_door import store_of

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
    account = account_of(arguments)
    named = arguments.person or name_of_environment() or account
    return Actor(
        person=account,
        printed_name=" ".join(named.split()),
        role=" ".join(arguments.role.split()) or NO_ROLE,
        site=arguments.site.strip(),
        zone=time_zone(run_moment(arguments).strftime("%z")),
    )


def who_prints(arguments: Namespace) -> str:
    """The account of whoever calls a command that writes no event, and the name that ``TRIALKIT_BY`` gives."""
    account = account_of(arguments)
    named = " ".join(name_of_environment().split())
    return f"{named} ({account})" if named and named != account else account


def account_of(arguments: Namespace) -> str:
    """By which account somebody acts: that of the server, where the call names it, else of the computer.

    Whoever begins the store of a server does so by the account of its owner, and works by another.

    Raises :class:`EvidenceError` where the computer does not say whose account it is.
    """
    is_begun = arguments.action != "init"
    return StoreAddress(folder=arguments.trial, said=_said(arguments) if is_begun else "").account


def address(arguments: Namespace) -> StoreAddress:
    """Where the store is that the call means, else the protocol, else the usual file; and for whom."""
    return StoreAddress(folder=arguments.trial, said=_said(arguments), person=account_of(arguments))


def place_of(arguments: Namespace) -> str:
    """The file, or the URL, of the store that the call means, as ``--store`` takes it."""
    at = address(arguments)
    return at.url if at.is_served else str(at.path)


def _said(arguments: Namespace) -> str:
    if arguments.url or not (arguments.trial / "protocol.toml").exists():
        return str(arguments.url)
    return store_of(arguments.trial, load_protocol(arguments.trial, step=TrialStep.VALIDATE).data)


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
