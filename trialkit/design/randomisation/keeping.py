"""A randomisation carried out: committed to, allocated slot by slot, unblinded.

In the trial's folder stand the commitment and the audit trail, which anybody may read; the vault
stands elsewhere. Time, person and random bytes are arguments.
"""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trialkit.design.randomisation.audit import (
    Action,
    Entry,
    append,
    next_entry,
    read_trail,
    trail_problems,
)
from trialkit.design.randomisation.ledger import (
    BY_STRATUM,
    OVERALL,
    SUBJECT,
    Allocation,
    Ledger,
    ledger_of,
)
from trialkit.design.randomisation.lists import canonical_list, commitment, make_list
from trialkit.design.randomisation.minimisation import Minimisation, Minimiser
from trialkit.design.randomisation.plans import ALL, RandomisationPlan, Use
from trialkit.design.randomisation.sealing import (
    RandomBytes,
    open_slot,
    require_cryptography,
    seal_list,
)
from trialkit.design.randomisation.stream import VERSION, Stream
from trialkit.design.randomisation.vault import Secrets, Vault
from trialkit.errors import DesignError
from trialkit.files.whole_files import write_whole

COMMITMENT, TRAIL, REVEALED, LOCK = "commitment.json", "audit.jsonl", "revealed.json", "audit.lock"
_WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Who acts, and when."""

    person: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated:
    """An arm that was given out, and the line that records it (without the arm)."""

    arm: str
    entry: Entry


def record_folder(trial: Path, use: Use) -> Path:
    """Where the commitment and the audit trail stand."""
    return trial / ("randomisation" if use is Use.TRIAL else "randomisation_training")


def commit(
    trial: Path, vault: Vault, *, secrets: Secrets, random_bytes: RandomBytes, moment: Moment
) -> Entry:
    """Make the list, seal it, and publish the commitment as the first line of the audit trail."""
    require_cryptography()
    plan = vault.read_plan()
    record = record_folder(trial, plan.use)
    with _locked(record):
        if read_trail(record / TRAIL):
            raise DesignError(f"{record}: a list was committed to already, and only once it can be")
        committed = commitment(secrets.nonce, canonical_list(plan, secrets.key))
        entry = next_entry(
            (),
            now=moment.now,
            person=moment.person,
            action=Action.COMMITTED,
            field="slots",
            new=OVERALL if isinstance(plan.scheme, Minimisation) else BY_STRATUM,
            commitment=committed,
        )
        vault.write_secrets(secrets)
        vault.write_sealed(seal_list(make_list(plan, secrets.key), secrets.seal, random_bytes))
        published = {
            "trial": plan.trial,
            "use": plan.use.value,
            "commitment": committed,
            "how": f"HMAC-SHA256 of the canonical list ({VERSION}) under a secret 256-bit nonce",
            "time": entry.time,
            "person": entry.person,
        }
        write_whole(record / COMMITMENT, (json.dumps(published, indent=1) + "\n").encode())
        append(record / TRAIL, entry)
    return entry


def allocate(
    trial: Path, vault: Vault, *, subject: str, levels: Mapping[str, str], moment: Moment
) -> Allocated:
    """Open the next slot for a subject; the line is on the disk before the arm is known.

    Raises :class:`DesignError` where the subject is randomised already, a level is unknown, the
    list is used up, or the audit trail does not hold together.
    """
    plan = vault.read_plan()
    record = record_folder(trial, plan.use)
    if not subject.strip() or subject != subject.strip():
        raise DesignError(f"{subject!r} is no name of a subject")
    with _locked(record):
        trail, ledger = _sound(record)
        if any(each.subject == subject for each in ledger.allocations):
            raise DesignError(
                f"{subject!r} is randomised already; if the arm was not seen, unblind with a reason"
            )
        plan.stratum(levels)
        slot = ledger.next_slot(levels)
        arm = _arm_of_next(plan, vault, trail, levels, slot)
        entry = next_entry(
            trail,
            now=moment.now,
            person=moment.person,
            action=Action.ALLOCATED,
            subject=subject,
            stratum=levels,
            slot=slot,
        )
        _refuse_contradiction((*trail, entry))
        append(record / TRAIL, entry)
    return Allocated(arm=arm, entry=entry)


def void(
    trial: Path,
    vault: Vault,
    *,
    subject: str = "",
    levels: Mapping[str, str] | None = None,
    reason: str,
    moment: Moment,
) -> Entry:
    """Void an allocation, or without a subject the next free slot of a stratum.

    A voided slot is not used again, and a voided subject is not randomised again: neither may be a
    second throw of the dice.
    """
    plan = vault.read_plan()
    record = record_folder(trial, plan.use)
    with _locked(record):
        trail, ledger = _sound(record)
        if subject:
            found = ledger.find(subject)
            entered, slot = found.entered, found.slot
        elif isinstance(plan.scheme, Minimisation):
            raise DesignError("minimisation has no slots before somebody comes; void a subject")
        else:
            entered = dict(levels or {})
            plan.stratum(entered)
            slot = ledger.next_slot(entered)
        entry = next_entry(
            trail,
            now=moment.now,
            person=moment.person,
            action=Action.VOIDED,
            subject=subject,
            stratum=entered,
            slot=slot,
            reason=reason,
        )
        _refuse_contradiction((*trail, entry))
        append(record / TRAIL, entry)
    return entry


def correct(
    trial: Path, vault: Vault, *, subject: str, field: str, to: str, reason: str, moment: Moment
) -> Entry:
    """Correct a level, or the subject's name, as it was entered; nobody changes arm by it."""
    plan = vault.read_plan()
    record = record_folder(trial, plan.use)
    with _locked(record):
        trail, ledger = _sound(record)
        found = ledger.find(subject)
        if field == SUBJECT:
            old = subject
        else:
            plan.stratum({**found.levels, field: to})
            old = found.levels[field]
        if old == to:
            raise DesignError(f"{field} of {subject!r} is {to!r} already")
        entry = next_entry(
            trail,
            now=moment.now,
            person=moment.person,
            action=Action.CORRECTED,
            subject=subject,
            stratum=found.levels,
            slot=found.slot,
            field=field,
            old=old,
            new=to,
            reason=reason,
        )
        _refuse_contradiction((*trail, entry))
        append(record / TRAIL, entry)
    return entry


def unblind(trial: Path, vault: Vault, *, subject: str, reason: str, moment: Moment) -> Allocated:
    """Tell the arm of one subject, for a reason that is kept."""
    plan = vault.read_plan()
    record = record_folder(trial, plan.use)
    with _locked(record):
        trail, ledger = _sound(record)
        found = ledger.find(subject)
        arm = _arms_given(plan, vault, trail)[found.subject]
        entry = next_entry(
            trail,
            now=moment.now,
            person=moment.person,
            action=Action.UNBLINDED,
            subject=subject,
            stratum=found.entered,
            slot=found.slot,
            reason=reason,
        )
        append(record / TRAIL, entry)
    return Allocated(arm=arm, entry=entry)


def reveal(trial: Path, vault: Vault, *, reason: str, moment: Moment) -> Entry:
    """End the randomisation: plan, key and nonce are published, so that everybody can verify."""
    plan = vault.read_plan()
    record = record_folder(trial, plan.use)
    with _locked(record):
        trail, ledger = _sound(record)
        if ledger.revealed:
            raise DesignError(f"{record}: the list was revealed already")
        key, nonce = vault.read_key()
        if commitment(nonce, canonical_list(plan, key)) != ledger.commitment:
            raise DesignError("key and nonce in the vault are not those that were committed to")
        entry = next_entry(
            trail,
            now=moment.now,
            person=moment.person,
            action=Action.REVEALED,
            reason=reason,
        )
        content = {"plan": json.loads(plan.to_text()), "key": key.hex(), "nonce": nonce.hex()}
        append(record / TRAIL, entry)
        write_whole(record / REVEALED, (json.dumps(content, indent=1) + "\n").encode())
    return entry


def arms_given(plan: RandomisationPlan, key: bytes, trail: tuple[Entry, ...]) -> dict[str, str]:
    """The arm of every subject, by the name known now, recomputed from the key."""
    if isinstance(plan.scheme, Minimisation):
        return _minimised(plan, plan.scheme, key, trail)[0]
    listed = {(slot.stratum, slot.number): slot.arm for slot in make_list(plan, key)}
    return {
        each.subject: listed[plan.stratum(each.entered), each.slot]
        for each in ledger_of(trail).allocations
    }


def _arms_given(plan: RandomisationPlan, vault: Vault, trail: tuple[Entry, ...]) -> dict[str, str]:
    """The same with the vault's seal, where the list is sealed and the key may be elsewhere."""
    if isinstance(plan.scheme, Minimisation):
        return arms_given(plan, vault.read_key()[0], trail)
    sealed, seal = vault.read_sealed(), vault.read_seal()
    return {
        each.subject: _opened(plan, sealed, seal, each) for each in ledger_of(trail).allocations
    }


def _opened(
    plan: RandomisationPlan, sealed: Mapping[str, str], seal: bytes, each: Allocation
) -> str:
    return open_slot(sealed, seal, stratum=plan.stratum(each.entered), number=each.slot)


def _arm_of_next(
    plan: RandomisationPlan,
    vault: Vault,
    trail: tuple[Entry, ...],
    levels: Mapping[str, str],
    slot: int,
) -> str:
    if isinstance(plan.scheme, Minimisation):
        return _minimised(plan, plan.scheme, vault.read_key()[0], trail)[1].allocate(levels)
    stratum = plan.stratum(levels)
    sealed = vault.read_sealed()
    if f"{stratum}|{slot}" not in sealed:
        raise DesignError(
            f"stratum {stratum}: all {slot - 1} slots of the list are used up; nobody else can be "
            "randomised in it"
        )
    return open_slot(sealed, vault.read_seal(), stratum=stratum, number=slot)


def _minimised(
    plan: RandomisationPlan, scheme: Minimisation, key: bytes, trail: tuple[Entry, ...]
) -> tuple[dict[str, str], Minimiser]:
    """The arms so far, line by line: a corrected level counts from its correction on."""
    minimiser = Minimiser(scheme, plan.arms, plan.factors, Stream(key, ALL))
    arms: dict[str, str] = {}
    levels: dict[str, Mapping[str, str]] = {}
    for entry in trail:
        if entry.action is Action.ALLOCATED:
            arms[entry.subject] = minimiser.allocate(entry.stratum)
            levels[entry.subject] = entry.stratum
        elif entry.action is Action.CORRECTED:
            arm, before = arms.pop(entry.subject), levels.pop(entry.subject)
            name = entry.new if entry.field == SUBJECT else entry.subject
            after = before if entry.field == SUBJECT else {**before, entry.field: entry.new}
            number = plan.arms.codes.index(arm)
            minimiser.count(before, number, -1)
            minimiser.count(after, number, +1)
            arms[name], levels[name] = arm, after
    return arms, minimiser


def _sound(record: Path) -> tuple[tuple[Entry, ...], Ledger]:
    """The trail and what it adds up to, or an error where nobody may go on."""
    trail = read_trail(record / TRAIL)
    if not trail:
        raise DesignError(f"{record}: no list was committed to; run 'trialkit randomise commit'")
    ledger = ledger_of(trail)
    problems = [*trail_problems(trail), *ledger.problems]
    if problems:
        raise DesignError(
            f"{record / TRAIL}: the audit trail does not hold together: {'; '.join(problems[:3])}. "
            "Nobody can be randomised until it is clear what happened"
        )
    return trail, ledger


def _refuse_contradiction(trail: tuple[Entry, ...]) -> None:
    problems = ledger_of(trail).problems
    if problems:
        raise DesignError(problems[-1].partition(": ")[2])


@contextmanager
def _locked(record: Path) -> Iterator[None]:
    """One at a time: whoever comes second waits, then sees what the first has done."""
    path = record / LOCK
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            record.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
            break
        except FileExistsError:
            if time.monotonic() > deadline:
                raise DesignError(
                    f"{path}: somebody else is randomising. If nobody is, a machine stopped in the "
                    "middle: run 'trialkit randomise verify', then delete this file"
                ) from None
            time.sleep(0.05)
        except OSError as error:
            raise DesignError(f"{path}: cannot be written ({error.strerror})") from None
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
