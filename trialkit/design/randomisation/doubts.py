"""What is told of a trail that holds together and is yet not as usual; it stops nobody.

A clock that cannot be trusted, a slot whose arm nobody is known to have seen, a line that was not
written to its end. No arm is named.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from shlex import quote

from trialkit.design.randomisation.audit import Action, Entry, instant, seconds_between
from trialkit.design.randomisation.ledger import Ledger

_AHEAD = timedelta(minutes=5)
"""How far the clocks of two computers may lie apart before it is worth a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Late:
    """Lines, one after the other, whose clock stood before the time of an earlier line."""

    first: int
    last: int
    seconds: float
    """At most."""
    latest: str
    """The time of that earlier line."""


def line_doubts(entry: Entry) -> tuple[str, ...]:
    """What is told to the one whose action the line records."""
    if not entry.clock:
        return ()
    behind = _length(entry.clock_behind_seconds)
    return (
        (
            f"the clock of this computer says {entry.clock}, {behind} before the time of an earlier "
            f"line ({entry.time}): one of the two was wrong, and both are recorded. Check the clock"
        ),
    )


def clock_doubts(trail: Sequence[Entry], now: datetime | None = None) -> list[str]:
    """Lines whose clock stood before that of an earlier one, or stands ahead of ``now``."""
    doubts = [_late(each) for each in _late_runs(trail)]
    for entry in trail if now else ():
        said = instant(entry.said)
        if said and now and said > now + _AHEAD:
            doubts.append(
                f"line {entry.seq}: its clock said {entry.said}, which is still to come by the clock "
                "of this computer; one of the two is wrong"
            )
    return doubts


def unseen_doubts(ledger: Ledger) -> list[str]:
    """Slots that were taken and whose arm nobody is known to have seen."""
    return [
        f"{each.subject!r} has slot {each.slot} since {each.time}, but the program ended before it "
        f"was known that the arm was shown; see it by 'trialkit randomise unblind --subject "
        f"{quote(each.subject)} --reason …'"
        for each in ledger.unseen
    ]


def torn_doubts(trail: Iterable[Entry]) -> list[str]:
    """Lines that were not written to their end."""
    return [
        f"line {entry.seq}: the line before it was not written to its end, or was cut; its text is "
        f"kept{_taken(entry)}"
        for entry in trail
        if entry.action is Action.TORN
    ]


def _taken(entry: Entry) -> str:
    if not entry.subject:
        return ", and nobody has a slot by it"
    return f", and slot {entry.slot} counts as taken by {entry.subject!r}"


def _late(run: _Late) -> str:
    many = run.last > run.first
    place = f"lines {run.first} to {run.last}" if many else f"line {run.first}"
    return (
        f"{place}: the clock stood {'up to ' if many else ''}{_length(run.seconds)} before the time "
        f"of an earlier line ({run.latest}); the order is that of the numbers"
    )


def _late_runs(trail: Sequence[Entry]) -> Iterator[_Late]:
    run: _Late | None = None
    latest = ""
    for entry in trail:
        behind = seconds_between(entry.said, latest)
        if behind > 0:
            run = _Late(
                first=run.first if run else entry.seq,
                last=entry.seq,
                seconds=max(behind, run.seconds if run else 0.0),
                latest=latest,
            )
            continue
        if run:
            yield run
        run, latest = None, entry.time
    if run:
        yield run


def _length(seconds: float) -> str:
    """A length of time as people say it."""
    if seconds < 120:
        return f"{seconds:.3g} s"
    for unit, of in (("years", 31_557_600), ("days", 86_400), ("hours", 3_600)):
        if seconds >= 2 * of:
            return f"{seconds / of:.0f} {unit}"
    return f"{seconds / 60:.0f} minutes"
