"""The plan of a trial is locked: recorded as it stands, with the day and what the data held."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from trialkit.errors import ProtocolError, TrialStep
from trialkit.files.whole_files import write_together
from trialkit.protocol.locks.plan_history import PlanHistory
from trialkit.protocol.locks.plan_locks import CountedPeople, DataState, PlanLock, next_lock
from trialkit.protocol.locks.written_plan import written_plan
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import Form, Item, Purpose, Schemas
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial
from trialkit.store.changes.change_log import Signature
from trialkit.store.changes.plan_lock_file import FILE, read_locks, with_lock
from trialkit.store.freezing import freeze
from trialkit.store.snapshot import Snapshot
from trialkit.store.sources.folder_source import FOLDER
from trialkit.store.subjects import known_subjects

NO_DATA = DataState(participants=0, with_outcome=0, with_primary=0)


def plan_history(trial: OpenedTrial) -> PlanHistory:
    """The plan of a trial, with the record of its locks.

    Raises :class:`ProtocolError` for a record that cannot be read.
    """
    return PlanHistory(plan=written_plan(trial.protocol), locks=read_locks(trial.folder))


def lock_plan(folder: Path, signed: Signature) -> PlanLock:
    """Record the plan as it stands now; written at once or not at all.

    The first lock needs no reason; each later one is an amendment, and says why. Raises
    :class:`ProtocolError` where nothing changed since the last lock, where an amendment has no
    reason, and where the record does not hold together.
    """
    trial = open_trial(folder, step=TrialStep.ANALYSE)
    history = plan_history(trial)
    if history.problems:
        raise ProtocolError(
            f"{FILE} does not hold together, so nothing is added to it: {'; '.join(history.problems)}"
        )
    if history.locks and not history.unlocked_changes:
        raise ProtocolError(
            f"the plan is the one that was locked on {history.locks[-1].day}; nothing is to be locked"
        )
    if history.locks and not signed.reason:
        raise ProtocolError(
            "--reason: the plan was locked before, so that what changed since is an amendment; say "
            "why it was made"
        )
    lock = next_lock(
        history.locks,
        history.plan,
        time=_after(history.locks, signed),
        by=signed.who,
        reason=" ".join(signed.reason.split()),
        data=data_state(trial),
    )
    write_together(with_lock(folder, history.locks, lock))
    return lock


def data_state(trial: OpenedTrial) -> DataState:
    """What the data in the trial's folder hold, all of it, whatever the cut."""
    is_stored = trial.door.leads_to_a_store(trial.schemas.data)
    if not is_stored and not any((trial.folder / FOLDER).glob("*.csv")):
        return NO_DATA
    uncut = replace(trial.schemas, data=replace(trial.schemas.data, cut=None))
    snapshot = freeze(trial.data.source, uncut)
    outcomes = trial.protocol.outcomes
    primary = [each for each in outcomes if each.role is OutcomeRole.PRIMARY]
    counted, people = _people(snapshot, trial.schemas)
    return DataState(
        participants=people.n_unique(),
        counted=counted,
        with_outcome=_with_value(snapshot, trial.schemas, trial.protocol, outcomes),
        with_primary=_with_value(snapshot, trial.schemas, trial.protocol, primary),
    )


def _people(snapshot: Snapshot, schemas: Schemas) -> tuple[CountedPeople, pl.Series]:
    """Who takes part, as far as the forms tell: who has an arm, else who was enrolled, else anybody."""
    arm = _item_asking(Purpose.ARM, schemas)
    if arm is not None:
        rows = snapshot.forms[arm[0].id].typed
        allocated = rows.filter(pl.col(arm[1].id).is_not_null())["subject_id"]
        return CountedPeople.RANDOMISED, allocated.drop_nulls()
    eligible = _item_asking(Purpose.ELIGIBLE, schemas)
    if eligible is None:
        return CountedPeople.KNOWN, known_subjects(snapshot.forms, schemas)
    form, item = eligible
    rows = snapshot.forms[form.id].typed.filter(pl.col(item.id).fill_null(value=False))
    reason = form.item_for(Purpose.NOT_ENROLLED_REASON)
    if reason is not None:
        rows = rows.filter(pl.col(reason.id).is_null())
    return CountedPeople.ENROLLED, rows["subject_id"].drop_nulls()


def _item_asking(purpose: Purpose, schemas: Schemas) -> tuple[Form, Item] | None:
    found = ((form, form.item_for(purpose)) for form in schemas.forms)
    return next(((form, item) for form, item in found if item is not None), None)


def _after(locks: tuple[PlanLock, ...], signed: Signature) -> str:
    """The moment in UTC; a clock that stands before the last lock says so.

    Raises :class:`ProtocolError` for such a clock: a record that goes back in time is no evidence.
    """
    moment = signed.moment
    if locks and moment < locks[-1].time:
        raise ProtocolError(
            f"the clock says {moment}, and the plan was locked at {locks[-1].time}; set the clock right"
        )
    return moment


def _with_value(
    snapshot: Snapshot, schemas: Schemas, protocol: Protocol, outcomes: Sequence[Outcome]
) -> int:
    """How many participants have a value of one of the outcomes after baseline."""
    subjects = list(_subjects(snapshot, schemas, protocol, outcomes))
    return pl.concat(subjects).n_unique() if subjects else 0


def _subjects(
    snapshot: Snapshot, schemas: Schemas, protocol: Protocol, outcomes: Sequence[Outcome]
) -> Iterator[pl.Series]:
    codes = protocol.visit_codes
    later = codes[codes.index(protocol.baseline.code) + 1 :]
    for outcome in outcomes:
        rows = snapshot.forms[outcome.form].typed
        known = pl.col(outcome.item).is_not_null() & pl.col("subject_id").is_not_null()
        if schemas.form(outcome.form).visits:
            known &= pl.col("visit").cast(pl.String).is_in(later)
        yield rows.filter(known)["subject_id"]
