"""Time stamps on the command line: which authority is asked, and what the kept ones say."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from trialkit.cli.run_day import run_moment
from trialkit.cli.screen import Screen
from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.problems import Problem
from trialkit.evidence.verifying.anchoring import Anchor, Stamped
from trialkit.evidence.verifying.asking_authorities import TimeStampAuthority
from trialkit.evidence.verifying.time_stamps import (
    AVAILABLE,
    INSTALL,
    TimeStamp,
    read_certificates,
    require_time_stamps,
)
from trialkit.evidence.verifying.verifying_stamps import look_at_stamps, missing_stamps
from trialkit.grammar import by_number

_UNCHECKED = "it is of the line; who signed it was not checked (--authority-certificates FILE does)"


def asking(arguments: Namespace) -> Callable[[bytes], Stamped] | None:
    """How the authority that is named is asked; None where none is."""
    if not arguments.authority:
        if arguments.authority_certificates is not None:
            raise EvidenceError(
                "--authority-certificates: is of the authority that --authority URL names; give that too"
            )
        return None
    require_time_stamps()
    authority = TimeStampAuthority(url=arguments.authority, certificates=certificates(arguments))
    return lambda stated: authority.stamped(stated, run_moment(arguments))


def certificates(arguments: Namespace) -> Sequence[Any]:
    """Those of the file that is named, or none."""
    path = arguments.authority_certificates
    return () if path is None else read_certificates(path)


def stamps_of(
    arguments: Namespace, store: Store, anchors: Sequence[Anchor], screen: Screen
) -> tuple[Problem, ...]:
    """Show what each time stamp says; what is wrong with one is for the caller to show."""
    given = certificates(arguments)
    count = sum(bool(each.stamp) for each in anchors)
    if not count:
        return ()
    if not AVAILABLE:
        was = by_number(count, "time stamp was", "time stamps were")
        screen.warn(f"{count:,} {was} not looked at, for want of rfc3161-client: {INSTALL}")
        return ()
    found = look_at_stamps(store, anchors, given)
    for anchor, stamp in found.holding:
        show_stamp(arguments, anchor, stamp, screen)
    return found.problems


def warn_of_stamps(store: Store, place: Path, screen: Screen) -> None:
    """Say which time stamps were not looked for, where no file of anchors is there."""
    missing = missing_stamps(store, ())
    if missing:
        was = by_number(len(missing), "time stamp was", "time stamps were")
        events = ", ".join(str(each.seq) for each in missing)
        screen.warn(
            f"the log says that {len(missing):,} {was} given (event {events}), and {place} is not there to look "
            "for them; name the file of anchors by --anchors"
        )


def show_stamp(arguments: Namespace, anchor: Anchor, stamp: TimeStamp, screen: Screen) -> None:
    """Say what a time stamp says, and whether anybody vouches for it."""
    by = f" by {stamp.signer}" if stamp.signer else ""
    vouched = f"it goes back to the certificates of {arguments.authority_certificates}"
    said = vouched if stamp.is_vouched else _UNCHECKED
    screen.say(f"Event {anchor.seq}: time stamp of {stamp.moment}{by}; {said}")
