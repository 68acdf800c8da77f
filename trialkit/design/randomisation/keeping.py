"""A randomisation carried out: committed to, allocated slot by slot, corrected, revealed.

In the trial's folder stand the commitment and the audit trail, which anybody may read; the vault
stands elsewhere. Clock, person and random bytes are arguments.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from trialkit.design.randomisation.arms import arm_of_next
from trialkit.design.randomisation.audit import Action, Entry, next_entry, to_line
from trialkit.design.randomisation.doubts import line_doubts, torn_doubts, unseen_doubts
from trialkit.design.randomisation.ledger import BY_STRATUM, OVERALL, SUBJECT
from trialkit.design.randomisation.lists import canonical_list, commitment, make_list
from trialkit.design.randomisation.lock import held
from trialkit.design.randomisation.minimisation import Minimisation
from trialkit.design.randomisation.record import (
    COMMITMENT,
    LOCK,
    REVEALED,
    TRAIL,
    WAIT_SECONDS,
    Allocated,
    Moment,
    Standing,
    record_folder,
    standing,
)
from trialkit.design.randomisation.sealing import RandomBytes, require_cryptography, seal_list
from trialkit.design.randomisation.stream import VERSION
from trialkit.design.randomisation.trail_file import read_lines
from trialkit.design.randomisation.vault import Secrets, Vault
from trialkit.disk.refusals import why
from trialkit.errors import DesignError
from trialkit.files.whole_files import write_together, write_whole


def _to_the_caller(given: Allocated) -> None:
    """The arm is shown by being returned."""


def commit(
    trial: Path, vault: Vault, *, secrets: Secrets, random_bytes: RandomBytes, moment: Moment
) -> Entry:
    """Make the list, seal it, and publish the commitment as the first line of the audit trail."""
    require_cryptography()
    plan = vault.read_plan()
    record = record_folder(trial, plan.use)
    _make_folder(record)
    with held(record / LOCK, wait=WAIT_SECONDS):
        _refuse_second(record, vault)
        committed = commitment(secrets.nonce, canonical_list(plan, secrets.key))
        entry = next_entry(
            (),
            now=moment.now(),
            person=moment.person,
            action=Action.COMMITTED,
            field="slots",
            new=OVERALL if isinstance(plan.scheme, Minimisation) else BY_STRATUM,
            commitment=committed,
        )
        published = {
            "trial": plan.trial,
            "use": plan.use.value,
            "commitment": committed,
            "how": f"HMAC-SHA256 of the canonical list ({VERSION}) under a secret 256-bit nonce",
            "time": entry.time,
            "person": entry.person,
        }
        sealed = seal_list(make_list(plan, secrets.key), secrets.seal, random_bytes)
        with vault.keeping(secrets, sealed, committed):
            write_together(
                {
                    record / COMMITMENT: (json.dumps(published, indent=1) + "\n").encode(),
                    record / TRAIL: to_line(entry).encode(),
                }
            )
    return entry


def allocate(
    trial: Path,
    vault: Vault,
    *,
    subject: str,
    levels: Mapping[str, str],
    moment: Moment,
    show: Callable[[Allocated], None] = _to_the_caller,
) -> Allocated:
    """Open the next slot for a subject; the line is on the disk before the arm is shown.

    ``show`` brings the arm before somebody's eyes. Where the program ends before it returns, the
    next allocation and ``verify`` tell that the slot was taken and its arm perhaps not seen.

    Raises :class:`DesignError` where the subject is randomised already, a level is unknown, the
    list is used up, or the audit trail does not hold together.
    """
    plan = vault.read_plan()
    record = record_folder(trial, plan.use)
    _refuse_no_name(subject)
    with standing(record, vault, plan, moment) as found:
        if any(each.subject == subject for each in found.ledger.allocations):
            raise DesignError(
                f"{subject!r} is randomised already; if the arm was not seen, unblind with a reason"
            )
        plan.stratum(levels)
        slot = found.ledger.next_slot(levels)
        arm = arm_of_next(plan, vault, found.trail, levels, slot)
        entry = next_entry(
            found.trail,
            now=moment.now(),
            person=moment.person,
            action=Action.ALLOCATED,
            subject=subject,
            stratum=levels,
            slot=slot,
        )
        given = Allocated(arm=arm, entry=entry, warnings=_warnings(found, entry))
        found.lock.note(entry.hash)
        found.add(entry)
        show(given)
        found.lock.clear()
    return given


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
    with standing(record, vault, plan, moment) as found:
        if subject:
            allocation = found.ledger.find(subject)
            entered, slot = allocation.entered, allocation.slot
        elif isinstance(plan.scheme, Minimisation):
            raise DesignError("minimisation has no slots before somebody comes; void a subject")
        else:
            entered = dict(levels or {})
            plan.stratum(entered)
            slot = found.ledger.next_slot(entered)
        entry = next_entry(
            found.trail,
            now=moment.now(),
            person=moment.person,
            action=Action.VOIDED,
            subject=subject,
            stratum=entered,
            slot=slot,
            reason=reason,
        )
        found.add(entry)
    return entry


def correct(
    trial: Path, vault: Vault, *, subject: str, field: str, to: str, reason: str, moment: Moment
) -> Entry:
    """Correct a level, or the subject's name, as it was entered; nobody changes arm by it."""
    plan = vault.read_plan()
    record = record_folder(trial, plan.use)
    with standing(record, vault, plan, moment) as found:
        allocation = found.ledger.find(subject)
        if field == SUBJECT:
            _refuse_no_name(to)
            old = subject
        else:
            plan.stratum({**allocation.levels, field: to})
            old = allocation.levels[field]
        if old == to:
            raise DesignError(f"{field} of {subject!r} is {to!r} already")
        entry = next_entry(
            found.trail,
            now=moment.now(),
            person=moment.person,
            action=Action.CORRECTED,
            subject=subject,
            stratum=allocation.levels,
            slot=allocation.slot,
            field=field,
            old=old,
            new=to,
            reason=reason,
        )
        found.add(entry)
    return entry


def reveal(trial: Path, vault: Vault, *, reason: str, moment: Moment) -> Entry:
    """End the randomisation: plan, key and nonce are published, so that everybody can verify."""
    plan = vault.read_plan()
    record = record_folder(trial, plan.use)
    with standing(record, vault, plan, moment) as found:
        published = record / REVEALED
        if found.ledger.revealed and published.exists():
            raise DesignError(f"{record}: the list was revealed already")
        key, nonce = vault.read_key()
        if commitment(nonce, canonical_list(plan, key)) != found.ledger.commitment:
            raise DesignError("key and nonce in the vault are not those that were committed to")
        content = {"plan": json.loads(plan.to_text()), "key": key.hex(), "nonce": nonce.hex()}
        entry = next_entry(
            found.trail,
            now=moment.now(),
            person=moment.person,
            action=Action.REVEALED,
            reason=reason,
        )
        found.add(entry)
        write_whole(published, (json.dumps(content, indent=1) + "\n").encode())
    return entry


def _refuse_no_name(subject: str) -> None:
    """By an empty name, or one that blanks tell from another, nobody is found in an emergency."""
    if not subject or subject != subject.strip():
        raise DesignError(f"{subject!r} is no name of a subject")


def _make_folder(record: Path) -> None:
    try:
        record.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DesignError(f"{record}: cannot be made: {why(error)}") from None


def _refuse_second(record: Path, vault: Vault) -> None:
    """A list is committed to once, also where the machine stopped in the middle of it."""
    if read_lines(record / TRAIL).lines:
        raise DesignError(f"{record}: a list was committed to already, and only once it can be")
    if (record / COMMITMENT).exists():
        raise DesignError(
            f"{record}: a list was committed to, and its audit trail is not there. Put back the "
            "newest backup of this folder; if the machine stopped during 'commit', nobody was "
            "randomised: keep the folder under another name, then plan and commit with a new vault"
        )
    if vault.is_committed:
        raise DesignError(
            f"{vault.folder}: holds the keys of a 'commit' that did not come to its end, or of "
            "another trial; plan and commit with a new vault"
        )


def _warnings(found: Standing, entry: Entry) -> tuple[str, ...]:
    return (
        *torn_doubts(found.mended),
        *unseen_doubts(found.ledger),
        *line_doubts(entry),
    )
