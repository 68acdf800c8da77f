"""The record of a randomisation in the trial's folder, and who may go on with it.

Before anything is added, what a stopped machine left undone is written down: a line that was not
written to its end, a slot that was taken and whose arm nobody is known to have seen.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trialkit.design.randomisation.audit import (
    Action,
    Entry,
    SlotClaim,
    claim_of,
    line_of,
    next_entry,
    trail_problems,
)
from trialkit.design.randomisation.ledger import Ledger, ledger_of
from trialkit.design.randomisation.lock import Lock, held
from trialkit.design.randomisation.plans import RandomisationPlan, Use
from trialkit.design.randomisation.trail_file import TrailReading, append, read_lines, replace_torn
from trialkit.design.randomisation.vault import Vault
from trialkit.errors import DesignError
from trialkit.files.json_reading import json_object

COMMITMENT, TRAIL, REVEALED, LOCK = "commitment.json", "audit.jsonl", "revealed.json", "audit.lock"
BESIDE = "unblinded.jsonl"
"""Unblindings that the audit trail could not take: a trail of its own, beside it."""
WAIT_SECONDS = 10.0
_MOST_TEXT = 4000
"""How much is kept of a line that was not written to its end; a whole one is shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Who acts, and the clock that says when: it is asked while nobody else can write."""

    person: str
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated:
    """An arm that was given out, and the line that records it (without the arm)."""

    arm: str
    entry: Entry
    warnings: tuple[str, ...] = ()
    """What is doubtful and stopped nobody; no arm is named in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The trail under the lock, sound and settled, and what it adds up to."""

    path: Path
    lock: Lock
    reading: TrailReading
    mended: tuple[Entry, ...]
    """Lines that were added first, for what a stopped machine had left undone."""
    ledger: Ledger

    @property
    def trail(self) -> tuple[Entry, ...]:
        """The lines so far."""
        return self.reading.trail

    def add(self, entry: Entry) -> None:
        """Write the next line to the disk, unless it would contradict those before."""
        problems = ledger_of((*self.trail, entry)).problems
        if problems:
            raise DesignError(problems[-1].partition(": ")[2])
        try:
            append(self.path, entry, behind=self.reading)
        except DesignError as error:
            raise DesignError(f"{error}. No arm is shown") from None


def record_folder(trial: Path, use: Use) -> Path:
    """Where the commitment and the audit trail stand."""
    return trial / ("randomisation" if use is Use.TRIAL else "randomisation_training")


@contextmanager
def standing(
    record: Path, vault: Vault, plan: RandomisationPlan, moment: Moment
) -> Iterator[Standing]:
    """Hold the lock and the trail as it stands, or say why nobody may go on."""
    path = record / TRAIL
    if not record.is_dir():
        raise DesignError(_none(record))
    with held(record / LOCK, wait=WAIT_SECONDS) as lock:
        reading = read_lines(path)
        refuse_damage(path, reading)
        if not reading.lines:
            raise DesignError(_none(record))
        refuse_other_vault(vault, {ledger_of(reading.trail).commitment})
        now = settled(path, reading, plan, moment, lock)
        yield Standing(
            path=path,
            lock=lock,
            reading=now,
            mended=now.trail[len(reading.trail) :],
            ledger=ledger_of(now.trail),
        )


def damage(reading: TrailReading) -> list[str]:
    """Why the whole lines of a trail cannot be what was written."""
    return [*trail_problems(reading.lines), *ledger_of(reading.trail).problems]


def refuse_damage(path: Path, reading: TrailReading) -> None:
    """Nobody is randomised by a trail that was changed."""
    problems = damage(reading)
    if problems:
        raise DesignError(
            f"{path}: the audit trail does not hold together: {'; '.join(problems[:3])}. Nobody can "
            f"be randomised until it is clear what happened: {RESTORE}. 'trialkit randomise unblind' "
            "works all the same"
        )


def refuse_other_vault(vault: Vault, committed: Collection[str]) -> None:
    """The vault of another list, or of an earlier attempt, has other arms under the same slots."""
    own = vault.commitment()
    if own and own not in committed:
        raise DesignError(
            f"{vault.folder}: is the vault of another list (it was committed to by {own[:12]}…, this "
            f"trial's by {' or '.join(f'{each[:12]}…' for each in sorted(committed))}); name that of "
            "this trial by --vault. Nothing was recorded, and no arm shown"
        )


def published_commitment(record: Path) -> str:
    """The commitment that is published beside the trail; empty where it cannot be read."""
    try:
        return str(json_object((record / COMMITMENT).read_bytes())["commitment"])
    except (OSError, ValueError, KeyError):
        return ""


RESTORE = (
    "put back the newest backup that 'trialkit randomise verify --head HASH' finds whole, HASH being "
    "the last that was printed. Without one, keep this folder under another name, and plan and commit "
    "to a new list in a new vault for those to come"
)
"""What to do about a trail that was changed."""


def settled(
    path: Path, reading: TrailReading, plan: RandomisationPlan, moment: Moment, lock: Lock
) -> TrailReading:
    """The trail after what a stopped machine left undone is written down in it."""
    if reading.torn:
        replace_torn(path, _torn(reading, plan, moment), reading=reading)
        reading = read_lines(path)
    noted = lock.noted()
    if was_interrupted(reading.trail[-1], noted):
        append(path, _interrupted(reading, moment), behind=reading)
        reading = read_lines(path)
    if noted:
        lock.clear()
    return reading


def was_interrupted(last: Entry, noted: str) -> bool:
    """Whether the last line is the one that its writer did not come to the end of."""
    return last.action is Action.ALLOCATED and last.hash == noted


def _interrupted(reading: TrailReading, moment: Moment) -> Entry:
    last = reading.trail[-1]
    return next_entry(
        reading.lines,
        now=moment.now(),
        person=moment.person,
        action=Action.INTERRUPTED,
        subject=last.subject,
        stratum=last.stratum,
        slot=last.slot,
    )


def _torn(reading: TrailReading, plan: RandomisationPlan, moment: Moment) -> Entry:
    """The line for one that was not written to its end: a slot that it names counts as taken."""
    text = reading.torn.decode("utf-8", "backslashreplace")[:_MOST_TEXT]
    claim = claim_of(line_of(reading.torn))
    taken = claim if claim and _took_the_next_slot(text, claim, reading, plan) else None
    return next_entry(
        reading.lines,
        now=moment.now(),
        person=moment.person,
        action=Action.TORN,
        subject=taken.subject if taken else "",
        stratum=taken.stratum if taken else None,
        slot=taken.slot if taken else 0,
        old=text,
    )


def _took_the_next_slot(
    text: str, claim: SlotClaim, reading: TrailReading, plan: RandomisationPlan
) -> bool:
    ledger = ledger_of(reading.trail)
    try:
        plan.stratum(claim.stratum)
    except DesignError:
        return False
    return (
        text.startswith(f'{{"action":"{Action.ALLOCATED}"')
        and not any(each.subject == claim.subject for each in ledger.allocations)
        and claim.slot == ledger.next_slot(claim.stratum)
    )


def _none(record: Path) -> str:
    if (record / COMMITMENT).exists():
        return (
            f"{record / TRAIL}: is not there, though a list was committed to; put back the newest "
            "backup of this folder. Nobody can be randomised until then"
        )
    return f"{record}: no list was committed to; run 'trialkit randomise commit'"
