"""Unblinding: the arm of one subject, whatever state the audit trail is in, and always recorded.

Whoever treats a participant cannot wait until it is clear what happened to a file. So the line that
says the subject's slot is looked for by itself, a doubt about it is told beside the arm, and where
the trail cannot be written to, the unblinding is recorded beside it. Without a record no arm is
shown.
"""

from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from trialkit.design.randomisation.arms import minimised
from trialkit.design.randomisation.audit import (
    START,
    Action,
    Entry,
    Line,
    entries_of,
    next_entry,
)
from trialkit.design.randomisation.doubts import line_doubts, torn_doubts
from trialkit.design.randomisation.lists import canonical_list, commitment, make_list
from trialkit.design.randomisation.lock import Lock, held
from trialkit.design.randomisation.minimisation import Minimisation
from trialkit.design.randomisation.plans import RandomisationPlan
from trialkit.design.randomisation.record import (
    BESIDE,
    LOCK,
    RESTORE,
    TRAIL,
    WAIT_SECONDS,
    Allocated,
    Moment,
    damage,
    published_commitment,
    record_folder,
    refuse_other_vault,
    settled,
)
from trialkit.design.randomisation.sealing import open_slot
from trialkit.design.randomisation.sightings import Sighting, may_be_renamed, sighting_of
from trialkit.design.randomisation.trail_file import TrailReading, append, read_lines
from trialkit.design.randomisation.vault import Vault
from trialkit.errors import DesignError, TrialkitError


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The trail as it is found, with or without the lock, and what is wrong with it."""

    reading: TrailReading
    can_be_written: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unblinding:
    """What is to be recorded."""

    sighting: Sighting
    reason: str
    moment: Moment

    def after(self, reading: TrailReading) -> Entry:
        """The line for it, behind what stands in a file."""
        return next_entry(
            reading.every_line,
            now=self.moment.now(),
            person=self.moment.person,
            action=Action.UNBLINDED,
            subject=self.sighting.subject,
            stratum=self.sighting.entered,
            slot=self.sighting.slot,
            reason=self.reason,
        )


def unblind(trial: Path, vault: Vault, *, subject: str, reason: str, moment: Moment) -> Allocated:
    """Tell the arm of one subject, for a reason that is kept.

    Raises :class:`DesignError` where nothing says which slot the subject has, where neither seal
    nor key opens it, and where the unblinding can be recorded nowhere.
    """
    plan = vault.read_plan()
    record = record_folder(trial, plan.use)
    with ExitStack() as stack:
        found = _found(stack, record, plan, moment)
        sighting = sighting_of(found.reading.every_line, subject)
        if sighting is None:
            raise DesignError(_nobody(record, found.reading, subject))
        committed = _committed(record, found.reading)
        if committed:
            refuse_other_vault(vault, committed)
        arm, doubts = _arm(plan, vault, found.reading.every_line, sighting, committed)
        if may_be_renamed(found.reading.every_line, sighting):
            doubts += (_renamed(sighting),)
        act = _Unblinding(sighting=sighting, reason=reason, moment=moment)
        entry, recorded = _recorded(record, vault, found, act)
    warnings = (*found.warnings, *doubts, *recorded, *line_doubts(entry))
    return Allocated(arm=arm, entry=entry, warnings=warnings)


def _committed(record: Path, reading: TrailReading) -> frozenset[str]:
    """What a list was committed to by, as trail and publication say; they may disagree."""
    stated = {entry.commitment for entry in reading.trail} | {published_commitment(record)}
    return frozenset(stated - {""})


def _found(stack: ExitStack, record: Path, plan: RandomisationPlan, moment: Moment) -> _Found:
    path = record / TRAIL
    try:
        lock = stack.enter_context(held(record / LOCK, wait=WAIT_SECONDS))
    except DesignError as error:
        return _Found(reading=read_lines(path), can_be_written=False, warnings=(str(error),))
    reading = read_lines(path)
    problems = damage(reading)
    if problems:
        told = (
            f"{path}: the audit trail does not hold together: {'; '.join(problems[:3])}. {_AFTER}"
        )
        return _Found(reading=reading, can_be_written=True, warnings=(told,))
    return _settled(path, reading, plan, moment, lock)


_AFTER = f"Once the participant is cared for, {RESTORE}"


def _settled(
    path: Path, reading: TrailReading, plan: RandomisationPlan, moment: Moment, lock: Lock
) -> _Found:
    if not reading.lines:
        return _Found(reading=reading, can_be_written=False, warnings=())
    try:
        now = settled(path, reading, plan, moment, lock)
    except TrialkitError as error:
        return _Found(reading=reading, can_be_written=False, warnings=(str(error),))
    mended = now.trail[len(reading.trail) :]
    return _Found(reading=now, can_be_written=True, warnings=tuple(torn_doubts(mended)))


def _nobody(record: Path, reading: TrailReading, subject: str) -> str:
    nobody = f"{record / TRAIL}: nobody of the name {subject!r} has been randomised"
    if reading.lines and not damage(reading) and not reading.torn:
        return nobody
    state = "is damaged" if reading.size else "is not there"
    return (
        f"{nobody} as far as can be read, but the audit trail {state}. Put back the newest backup of "
        "the folder (in another place, if this one must stay as it is) and unblind there"
    )


def _arm(
    plan: RandomisationPlan,
    vault: Vault,
    lines: Sequence[Line],
    sighting: Sighting,
    committed: Collection[str],
) -> tuple[str, tuple[str, ...]]:
    """The arm, and why it may be another's."""
    if isinstance(plan.scheme, Minimisation):
        return _minimised_arm(plan, plan.scheme, vault, lines, sighting)
    doubts = () if sighting.is_sure else (_changed(sighting),)
    stratum = plan.stratum(sighting.entered)
    try:
        sealed, seal = vault.read_sealed(), vault.read_seal()
        return open_slot(sealed, seal, stratum=stratum, number=sighting.slot), doubts
    except DesignError as unopened:
        return _listed_arm(plan, vault, committed, (stratum, sighting.slot), unopened), doubts


def _changed(sighting: Sighting) -> str:
    return (
        f"line {sighting.line} says the slot of {sighting.subject!r}; it, or a correction of the name, "
        "is not as it was written, or another line says another slot. The arm is that of this slot and MAY NOT BE THEIRS: "
        "compare with a backup of the trail"
    )


def _renamed(sighting: Sighting) -> str:
    return (
        f"lines after line {sighting.line}, which says the slot of {sighting.subject!r}, are lost. "
        "Where people exchanged names in them, the arm MAY NOT BE THEIRS: compare with a backup of "
        "the trail"
    )


def _listed_arm(
    plan: RandomisationPlan,
    vault: Vault,
    committed: Collection[str],
    slot: tuple[str, int],
    unopened: DesignError,
) -> str:
    """The arm from the key of the list, where the seal does not open."""
    try:
        key, nonce = vault.read_key()
    except DesignError as error:
        raise DesignError(
            f"{unopened}; {error}. Put the key of the list back into the vault, and unblind again"
        ) from None
    listed = {(each.stratum, each.number): each.arm for each in make_list(plan, key)}
    if commitment(nonce, canonical_list(plan, key)) not in committed or slot not in listed:
        raise DesignError(
            f"{unopened}; the key in the vault is not that of the list that was committed to. Put "
            "back a backup of the vault, and unblind again"
        )
    return listed[slot]


def _minimised_arm(
    plan: RandomisationPlan,
    scheme: Minimisation,
    vault: Vault,
    lines: Sequence[Line],
    sighting: Sighting,
) -> tuple[str, tuple[str, ...]]:
    """By minimisation an arm follows from all lines up to its own: none of them may be missing."""
    trail = _until(sighting.slot, _chain(lines))
    arm = _recomputed(plan, scheme, vault.read_key()[0], trail) if trail else None
    if arm is None:
        raise DesignError(
            "by minimisation an arm follows from all lines before it, and some of those before line "
            f"{sighting.line} are missing or changed. Put back the newest backup of the folder (in "
            "another place, if this one must stay as it is) and unblind there"
        )
    is_sure = sighting.is_sure and all(entry.is_intact for entry in trail)
    return arm, () if is_sure else (_CHANGED_BEFORE,)


def _recomputed(
    plan: RandomisationPlan, scheme: Minimisation, key: bytes, trail: Sequence[Entry]
) -> str | None:
    """The arm of the last line; none where a line says somebody or a level that there is not."""
    try:
        return minimised(plan, scheme, key, trail)[0][trail[-1].subject]
    except KeyError:
        return None


_CHANGED_BEFORE = (
    "by minimisation an arm follows from all lines before it, and some of them are not as they were "
    "written. The arm follows from what they say now and MAY NOT BE THEIRS: compare with a backup of "
    "the trail"
)


def _chain(lines: Sequence[Line]) -> list[Entry]:
    """The lines that follow one another from the first, wherever they stand and what else does."""
    behind: dict[tuple[int, str], Entry] = {}
    for entry in sorted(entries_of(lines), key=lambda each: not each.is_intact):
        behind.setdefault((entry.seq, entry.previous), entry)
    chain: list[Entry] = []
    before = START
    while (number := len(chain) + 1, before) in behind:
        chain.append(behind[number, before])
        before = chain[-1].hash
    return chain


def _until(slot: int, chain: Sequence[Entry]) -> Sequence[Entry]:
    """The lines up to the one that a slot was taken by; none where it is not among them."""
    slots = [entry.slot if entry.takes_slot else 0 for entry in chain]
    return chain[: slots.index(slot) + 1] if slot in slots else ()


def _recorded(
    record: Path, vault: Vault, found: _Found, act: _Unblinding
) -> tuple[Entry, tuple[str, ...]]:
    """The line, written to the first place that takes it, and a word where that is not the trail."""
    refused = []
    entry = act.after(found.reading)
    if found.can_be_written:
        try:
            append(record / TRAIL, entry, behind=found.reading)
        except DesignError as error:
            refused.append(str(error))
        else:
            return entry, ()
    for path in (record / BESIDE, vault.folder / BESIDE):
        try:
            beside = read_lines(path)
            entry = act.after(beside)
            append(path, entry, behind=beside)
        except DesignError as error:
            refused.append(str(error))
        else:
            told = f"the unblinding is recorded in {path}, since the audit trail could not take it"
            return entry, (*refused, told)
    raise DesignError(
        "an unblinding is recorded before an arm is shown, and this one can be recorded nowhere: "
        f"{'; '.join(refused)}. Copy trial and vault to a place that can be written to, unblind "
        "there, and keep that copy"
    )
