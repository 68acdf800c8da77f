"""The audit trail of a randomisation: lines that are only added, each holding the one before it.

Their order is their number and the chain of their hashes; the time of a line is what the clock said
and proves nothing. Nothing in the trail depends on an arm. Changing or taking out a line breaks the
chain; cutting lines off the end does not, so the last hash is shown with every allocation and can
be compared.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias

from trialkit.errors import DesignError
from trialkit.files.json_reading import json_object
from trialkit.protocol.tables.canonical import canonical

START = "0" * 64


class Action(StrEnum):
    """What a line records."""

    COMMITTED = "committed"
    ALLOCATED = "allocated"
    VOIDED = "voided"
    CORRECTED = "corrected"
    UNBLINDED = "unblinded"
    REVEALED = "revealed"
    INTERRUPTED = "interrupted"
    """The program ended after a slot was taken, before it was known that its arm was shown."""
    TORN = "torn"
    """The line before was not written to its end; its text is kept, and its slot counts as taken."""


NEEDS_REASON = frozenset({Action.VOIDED, Action.CORRECTED, Action.UNBLINDED, Action.REVEALED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the audit trail."""

    seq: int
    time: str
    """The time of the record, which never goes back: see ``clock``."""
    clock: str = ""
    """What the clock said, where it stood before the time of an earlier line.

    ``time`` is then that earlier time. Elsewhere the clock said ``time``, and the line has neither
    this field nor the next.
    """
    clock_behind_seconds: float = 0.0
    """By how much."""
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
        return canonical({name: each for name, each in self.written().items() if name != "hash"})

    def written(self) -> dict[str, object]:
        """The fields that the line has."""
        unneeded = () if self.clock else ("clock", "clock_behind_seconds")
        return {name: each for name, each in asdict(self).items() if name not in unneeded}

    @property
    def said(self) -> str:
        """What the clock said."""
        return self.clock or self.time

    @property
    def takes_slot(self) -> bool:
        """Whether somebody has a slot by this line."""
        return self.action is Action.ALLOCATED or (
            self.action is Action.TORN and bool(self.subject)
        )

    @property
    def is_intact(self) -> bool:
        """Whether the content is what was hashed."""
        return self.hash == sealed_entry(self).hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """What stands in the file where a line should be, and is none."""

    text: str
    why: str


Line: TypeAlias = Entry | Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotClaim:
    """Who has which slot, as one line says."""

    subject: str
    stratum: Mapping[str, str]
    slot: int


def sealed_entry(entry: Entry) -> Entry:
    """The line with its hash."""
    return replace(entry, hash=hashlib.sha256(entry.content().encode()).hexdigest())


def next_entry(
    lines: Sequence[Line],
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
    """The line that comes after ``lines``.

    A clock that stands before an earlier line is recorded as such and stops nobody. Raises
    :class:`DesignError` without a person or a needed reason, and for a time without a zone.
    """
    if not person.strip():
        raise DesignError("every line of the audit trail names the person who acts")
    if action in NEEDS_REASON and not reason.strip():
        raise DesignError(f"a line that says {action.value!r} needs a reason")
    if now.tzinfo is None:
        raise DesignError("the time of an audit line needs a time zone")
    for text in (person, subject, *(stratum or {}).values(), old, new, reason):
        _refuse_unwritable(text)
    trail = entries_of(lines)
    said = now.astimezone(UTC).isoformat(timespec="milliseconds")
    latest = _latest(trail, said)
    behind = seconds_between(said, latest)
    return sealed_entry(
        Entry(
            seq=len(lines) + 1,
            time=latest,
            clock=said if behind else "",
            clock_behind_seconds=behind,
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
    return canonical(entry.written()) + "\n"


def line_of(raw: bytes) -> Line:
    """What a line of the file says, or that it says nothing that can be read."""
    try:
        read = json_object(raw)
        entry = Entry(**(read | {"action": Action(read["action"])}))
        _check_types(entry)
        entry.content().encode()  # half of a surrogate pair cannot be written, nor hashed
    except (TypeError, ValueError, KeyError) as error:
        return Unreadable(text=raw.decode("utf-8", "backslashreplace"), why=str(error))
    return entry


def entries_of(lines: Iterable[Line]) -> tuple[Entry, ...]:
    """The lines that can be read."""
    return tuple(line for line in lines if isinstance(line, Entry))


def claim_of(line: Line) -> SlotClaim | None:
    """Who has which slot by this line, also where part of it can no longer be read."""
    if isinstance(line, Unreadable):
        return _legible_claim(line.text)
    if line.action not in _CLAIMING or not line.subject or not line.slot:
        return None
    return SlotClaim(subject=line.subject, stratum=line.stratum, slot=line.slot)


def trail_problems(lines: Iterable[Line]) -> list[str]:
    """What is wrong with the chain: hashes, numbers, reasons, and lines that are none."""
    problems = []
    previous = START
    for number, line in enumerate(lines, start=1):
        place = f"line {number}"
        if isinstance(line, Unreadable):
            problems.append(f"{place}: is no line of an audit trail ({line.why})")
            continue
        if not line.is_intact:
            problems.append(f"{place}: its content is not what was hashed")
        if line.previous != previous:
            problems.append(f"{place}: does not follow the line before it")
        if line.seq != number:
            problems.append(f"{place}: is numbered {line.seq}")
        if instant(line.said) is None or instant(line.time) is None:
            problems.append(f"{place}: its time {line.said!r} is no time")
        if line.action in NEEDS_REASON and not line.reason:
            problems.append(f"{place}: {line.action.value} without a reason")
        previous = line.hash
    return problems


def instant(text: str) -> datetime | None:
    """The time that a line states; None where it is none."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo is not None else None


def seconds_between(earlier: str, later: str) -> float:
    """How many seconds lie between two times; 0 where one of them is none."""
    first, second = instant(earlier), instant(later)
    if first is None or second is None:
        return 0.0
    return round((second - first).total_seconds(), 3)


def _latest(trail: Iterable[Entry], said: str) -> str:
    """The latest of what the clock says and the times of the lines."""
    latest = said
    for entry in trail:
        if seconds_between(latest, entry.time) > 0:
            latest = entry.time
    return latest


def _refuse_unwritable(text: str) -> None:
    """What a terminal with another encoding hands over cannot be written, nor hashed."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise DesignError(
            f"{text!r} is no text in UTF-8: the terminal has another encoding; type it without the "
            "signs that are shown as \\ud, or set the terminal to UTF-8"
        ) from None


_CLAIMING = frozenset(
    {Action.ALLOCATED, Action.VOIDED, Action.UNBLINDED, Action.INTERRUPTED, Action.TORN}
)
"""Lines whose stratum is the one that was entered when the slot was taken."""

_LEGIBLE = re.compile(
    r'"slot":(?P<slot>[1-9]\d{0,8}),"stratum":(?P<stratum>\{[^{}]*\}),'
    r'"subject":(?P<subject>"(?:[^"\\]|\\.)+")'
)


def _legible_claim(text: str) -> SlotClaim | None:
    """A claim among what can be read of a line, whose fields stand in the order of their names."""
    found = _LEGIBLE.search(text)
    if found is None or not text.startswith(tuple(f'{{"action":"{each}"' for each in _CLAIMING)):
        return None
    try:
        stratum, subject = json.loads(found["stratum"]), json.loads(found["subject"])
    except ValueError:
        return None
    if not all(isinstance(level, str) for level in stratum.values()):
        return None
    return SlotClaim(subject=subject, stratum=stratum, slot=int(found["slot"]))


def _check_types(entry: Entry) -> None:
    numbers = {"seq": entry.seq, "slot": entry.slot}
    for name, number in numbers.items():
        if type(number) is not int:
            raise TypeError(f"{name} is no whole number")
    if type(entry.clock_behind_seconds) not in (int, float):
        raise TypeError("clock_behind_seconds is no number")
    for name, each in entry.written().items():
        if name not in numbers and name not in ("stratum", "clock_behind_seconds"):
            _check_text(name, each)
    if not isinstance(entry.stratum, dict):
        raise TypeError("stratum holds no levels")
    for factor, level in entry.stratum.items():
        _check_text(f"level of {factor}", level)


def _check_text(name: str, each: object) -> None:
    if not isinstance(each, str):
        raise TypeError(f"{name} is no text")
