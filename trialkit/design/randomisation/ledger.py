"""The state of a randomisation: what the lines of its audit trail add up to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from trialkit.design.randomisation.audit import Action, Entry
from trialkit.errors import DesignError
from trialkit.protocol.tables.canonical import canonical

SUBJECT = "subject_id"
OVERALL, BY_STRATUM = "overall", "by stratum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Somebody who was randomised."""

    subject: str
    entered: Mapping[str, str]
    """The levels as they were entered then; a later correction does not move anybody."""
    levels: Mapping[str, str]
    """The levels as they are known now."""
    slot: int
    time: str
    person: str
    voided: bool = False
    seen: bool = True
    """Whether the arm is known to have been shown: not where the program ended before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Who has which slot."""

    commitment: str
    numbering: str
    """Whether slots are numbered by stratum or, for minimisation, overall."""
    allocations: tuple[Allocation, ...]
    skipped: frozenset[tuple[str, int]]
    """Slots that were voided before anybody had them: (stratum, number)."""
    revealed: bool
    problems: tuple[str, ...]

    @property
    def unseen(self) -> tuple[Allocation, ...]:
        """Slots that were taken and whose arm is not known to have been shown."""
        return tuple(each for each in self.allocations if not each.seen and not each.voided)

    def find(self, subject: str) -> Allocation:
        """The allocation of one subject.

        Raises :class:`DesignError` where there is none.
        """
        for each in self.allocations:
            if each.subject == subject:
                return each
        raise DesignError(f"nobody of the name {subject!r} has been randomised")

    def next_slot(self, levels: Mapping[str, str]) -> int:
        """The first free slot for somebody with these levels."""
        stratum = self.stratum(levels)
        used = [each.slot for each in self.allocations if self.stratum(each.entered) == stratum]
        used += [slot for name, slot in self.skipped if name == stratum]
        return max(used, default=0) + 1

    def stratum(self, levels: Mapping[str, str]) -> str:
        """What slots are numbered in."""
        return OVERALL if self.numbering == OVERALL else canonical(dict(levels))


EMPTY = Ledger(
    commitment="",
    numbering=BY_STRATUM,
    allocations=(),
    skipped=frozenset(),
    revealed=False,
    problems=(),
)


def ledger_of(trail: Sequence[Entry]) -> Ledger:
    """The state after all lines; what cannot be is a problem and changes nothing."""
    ledger = EMPTY
    for entry in trail:
        try:
            ledger = _after(ledger, entry)
        except DesignError as error:
            problem = f"line {entry.seq}: {error}"
            ledger = replace(ledger, problems=(*ledger.problems, problem))
    return ledger


def interrupted(ledger: Ledger, subject: str) -> Ledger:
    """The state where the program ended before a subject's arm was known to be shown."""
    return _with_seen(ledger, subject, seen=False)


def _after(ledger: Ledger, entry: Entry) -> Ledger:
    if entry.action is Action.COMMITTED:
        if ledger.commitment:
            raise DesignError("a second commitment")
        return replace(ledger, commitment=entry.commitment, numbering=entry.new)
    if not ledger.commitment:
        raise DesignError(f"{entry.action.value} before the list was committed to")
    match entry.action:
        case Action.REVEALED:
            return replace(ledger, revealed=True)
        case Action.UNBLINDED | Action.INTERRUPTED:
            return _with_seen(ledger, entry.subject, seen=entry.action is Action.UNBLINDED)
        case Action.TORN if not entry.takes_slot:
            return ledger
        case _:
            return _changed(ledger, entry)


def _changed(ledger: Ledger, entry: Entry) -> Ledger:
    """After a line that changes who has which slot, which a revealed list ends."""
    if ledger.revealed:
        raise DesignError(f"{entry.action.value} after the list was revealed")
    if entry.takes_slot:
        return _allocated(ledger, entry)
    if entry.action is Action.CORRECTED:
        return _corrected(ledger, entry)
    return _voided(ledger, entry)


def _allocated(ledger: Ledger, entry: Entry) -> Ledger:
    if any(each.subject == entry.subject for each in ledger.allocations):
        raise DesignError(f"{entry.subject!r} is randomised a second time")
    if entry.slot != ledger.next_slot(entry.stratum):
        raise DesignError(
            f"slot {entry.slot} was given, but slot {ledger.next_slot(entry.stratum)} was next"
        )
    allocation = Allocation(
        subject=entry.subject,
        entered=entry.stratum,
        levels=entry.stratum,
        slot=entry.slot,
        time=entry.said,
        person=entry.person,
        seen=entry.action is Action.ALLOCATED,
    )
    return replace(ledger, allocations=(*ledger.allocations, allocation))


def _voided(ledger: Ledger, entry: Entry) -> Ledger:
    if not entry.subject:
        if entry.slot != ledger.next_slot(entry.stratum):
            raise DesignError("only the next free slot can be voided")
        skipped = ledger.skipped | {(ledger.stratum(entry.stratum), entry.slot)}
        return replace(ledger, skipped=skipped)
    found = ledger.find(entry.subject)
    if found.voided:
        raise DesignError(f"the allocation of {entry.subject!r} is void already")
    return _with(ledger, found, replace(found, voided=True))


def _corrected(ledger: Ledger, entry: Entry) -> Ledger:
    found = ledger.find(entry.subject)
    if entry.field == SUBJECT:
        if any(each.subject == entry.new for each in ledger.allocations):
            raise DesignError(f"{entry.new!r} is the name of somebody else")
        return _with(ledger, found, replace(found, subject=entry.new))
    if entry.field not in found.levels:
        raise DesignError(f"there is no {entry.field!r} to correct")
    return _with(ledger, found, replace(found, levels={**found.levels, entry.field: entry.new}))


def _with_seen(ledger: Ledger, subject: str, *, seen: bool) -> Ledger:
    found = ledger.find(subject)
    return ledger if found.seen == seen else _with(ledger, found, replace(found, seen=seen))


def _with(ledger: Ledger, old: Allocation, new: Allocation) -> Ledger:
    changed = tuple(new if each is old else each for each in ledger.allocations)
    return replace(ledger, allocations=changed)
