"""The audit trail of a randomisation: lines that are only added, each holding the one before it.

Nothing in it depends on an arm. Changing or taking out a line breaks the chain; cutting lines off
the end does not, so the last hash is shown with every allocation and can be compared.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from trialkit.design.randomisation.plans import canonical
from trialkit.errors import DesignError

START = "0" * 64


class Action(StrEnum):
    """What a line records."""

    COMMITTED = "committed"
    ALLOCATED = "allocated"
    VOIDED = "voided"
    CORRECTED = "corrected"
    UNBLINDED = "unblinded"
    REVEALED = "revealed"


NEEDS_REASON = frozenset({Action.VOIDED, Action.CORRECTED, Action.UNBLINDED, Action.REVEALED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the audit trail."""

    seq: int
    time: str
    person: str
    action: Action
    subject: str = ""
    stratum: Mapping[str, str]
    """The levels as entered."""
    slot: int = 0
    """The number of the slot in its stratum; 0 where the line is about none."""
    field: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""
    commitment: str = ""
    previous: str
    hash: str = ""

    def content(self) -> str:
        """What is hashed: everything but the hash."""
        values = asdict(self)
        del values["hash"]
        return canonical(values)


def sealed_entry(entry: Entry) -> Entry:
    """The line with its hash."""
    return replace(entry, hash=hashlib.sha256(entry.content().encode()).hexdigest())


def next_entry(
    trail: Sequence[Entry],
    *,
    now: datetime,
    person: str,
    action: Action,
    subject: str = "",
    stratum: Mapping[str, str] | None = None,
    slot: int = 0,
    field: str = "",
    old: str = "",
    new: str = "",
    reason: str = "",
    commitment: str = "",
) -> Entry:
    """The line that comes after ``trail``.

    Raises :class:`DesignError` without a person or a needed reason, for a time without a zone, and
    for a clock that stands before the last line.
    """
    if not person.strip():
        raise DesignError("every line of the audit trail names the person who acts")
    if action in NEEDS_REASON and not reason.strip():
        raise DesignError(f"a line that says {action.value!r} needs a reason")
    if now.tzinfo is None:
        raise DesignError("the time of an audit line needs a time zone")
    time = now.astimezone(UTC).isoformat(timespec="seconds")
    if trail and datetime.fromisoformat(trail[-1].time) > now + timedelta(seconds=1):
        raise DesignError(
            f"the clock says {time}, before the last line of the audit trail ({trail[-1].time}); "
            "set the clock of this machine"
        )
    return sealed_entry(
        Entry(
            seq=len(trail) + 1,
            time=time,
            person=person.strip(),
            action=action,
            subject=subject,
            stratum=dict(stratum or {}),
            slot=slot,
            field=field,
            old=old,
            new=new,
            reason=reason.strip(),
            commitment=commitment,
            previous=trail[-1].hash if trail else START,
        )
    )


def to_line(entry: Entry) -> str:
    """The entry as one line of JSON."""
    return canonical(asdict(entry)) + "\n"


def read_trail(path: Path) -> tuple[Entry, ...]:
    """The audit trail in a file, as it stands; whether it holds together is for ``trail_problems``."""
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise DesignError(f"{path}: the audit trail cannot be read ({error})") from None
    if text and not text.endswith("\n"):
        raise DesignError(
            f"{path}: the last line of the audit trail is not whole; the machine stopped while it "
            "was written. Compare with the last backup before anybody else is randomised"
        )
    return tuple(_entry(line, number, path) for number, line in enumerate(text.splitlines(), 1))


def append(path: Path, entry: Entry) -> None:
    """Add a line and wait until it is on the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, to_line(entry).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def trail_problems(trail: Iterable[Entry]) -> list[str]:
    """What is wrong with the chain: hashes, numbers, times, reasons."""
    problems = []
    previous, before = START, ""
    for number, entry in enumerate(trail, start=1):
        place = f"line {number}"
        if entry.hash != sealed_entry(entry).hash:
            problems.append(f"{place}: its content is not what was hashed")
        if entry.previous != previous:
            problems.append(f"{place}: does not follow the line before it")
        if entry.seq != number:
            problems.append(f"{place}: is numbered {entry.seq}")
        if entry.time < before:
            problems.append(f"{place}: its time {entry.time} is before that of the line above")
        if entry.action in NEEDS_REASON and not entry.reason:
            problems.append(f"{place}: {entry.action.value} without a reason")
        previous, before = entry.hash, entry.time
    return problems


def _entry(line: str, number: int, path: Path) -> Entry:
    try:
        raw = json.loads(line)
        return Entry(**(raw | {"action": Action(raw["action"])}))
    except (TypeError, ValueError, KeyError) as error:
        raise DesignError(f"{path}: line {number} is no line of an audit trail ({error})") from None
