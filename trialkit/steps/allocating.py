"""Somebody is randomised, or unblinded, in a trial with an evidence store: by the vault, and the log says so.

The trail of the randomisation is written before the log, and the arm is shown when both have it. What the
trail has and the log lacks, since a machine stopped between the two, is written with the next one.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from trialkit.design.randomisation.audit import Entry
from trialkit.design.randomisation.emergency import unblind
from trialkit.design.randomisation.keeping import allocate
from trialkit.design.randomisation.record import TRAIL, Allocated, Moment, record_folder
from trialkit.design.randomisation.trail_file import read_trail
from trialkit.design.randomisation.vault import Vault
from trialkit.errors import EvidenceError, TrialStep
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.events import Occasion
from trialkit.evidence.log.rights import Right
from trialkit.evidence.standing.answers_of_one import known_of_one
from trialkit.evidence.writing.slots import (
    UsedSlot,
    log_slots,
    log_unblinding,
    logged_lines,
    permit_for,
)
from trialkit.steps.opening import open_trial
from trialkit.steps.randomisable import refuse_who_may_not_be
from trialkit.steps.stratum_known import levels_known


def allocate_in_store(
    trial: Path,
    store: Store,
    vault: Vault,
    *,
    subject: str,
    levels: Mapping[str, str],
    occasion: Occasion,
    show: Callable[[Allocated], None],
) -> Allocated:
    """Open the next slot for a participant whom the author may randomise.

    ``levels`` need not name what the forms record.

    Raises :class:`EvidenceError` for who may not, before anything is opened, for who is not in the
    store, not eligible, without consent or in an arm already, for a stratum that is not the
    participant's or not of the author's site, and where the log cannot be written: the slot is taken
    then, and its arm was not shown.
    """
    person = occasion.author.person
    permit_for(store, person, Right.ALLOCATE, subject)
    plan = vault.read_plan()
    trail = record_folder(trial, plan.use) / TRAIL
    opened = open_trial(trial, step=TrialStep.RANDOMISE)
    known = known_of_one(store, person, subject)
    refuse_who_may_not_be(store, opened, known, account=person, subject=subject)
    stratum = levels_known(opened, known, subject=subject, factors=plan.factors, named=levels)

    def log_and_show(given: Allocated) -> None:
        logged = logged_lines(store)
        used = [each for each in read_trail(trail) if each.takes_slot and each.hash not in logged]
        log_slots(store, [_used(each) for each in used], occasion)
        show(given)

    return allocate(
        trial,
        vault,
        subject=subject,
        levels=stratum,
        moment=Moment(person=person, now=lambda: occasion.at),
        show=log_and_show,
    )


def unblind_in_store(
    trial: Path, store: Store, vault: Vault, *, subject: str, reason: str, occasion: Occasion
) -> Allocated:
    """Tell the arm of one participant to somebody who may know it.

    It is recorded in the trail before it is told. A log that cannot be written to is a warning beside
    the arm: whoever treats the participant does not wait for it.

    Raises :class:`EvidenceError` for who may not.
    """
    permit_for(store, occasion.author.person, Right.UNBLIND, subject)
    moment = Moment(person=occasion.author.person, now=lambda: occasion.at)
    given = unblind(trial, vault, subject=subject, reason=reason, moment=moment)
    try:
        log_unblinding(store, subject, given.entry.hash, occasion, reason=reason)
    except EvidenceError as error:
        told = (
            f"the log of the store does not have this, the trail of the randomisation does: {error}"
        )
        return replace(given, warnings=(*given.warnings, told))
    return given


def _used(entry: Entry) -> UsedSlot:
    return UsedSlot(
        subject=entry.subject,
        slot=entry.slot,
        stratum=entry.stratum,
        at=entry.time,
        line=entry.hash,
    )
