"""Deviations from the protocol that a trial's data propose, at the cut of the day."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from trialkit.checks.deviations.kinds import OF_SESSIONS, SHOWN, DeviationKind
from trialkit.checks.deviations.proposals import from_findings, missed_visits, proposals
from trialkit.checks.trial.checking import check
from trialkit.datasets.attendance import derive_attendance
from trialkit.datasets.deviations import shown_of_people
from trialkit.datasets.sources import Sources
from trialkit.datasets.subjects import derive_subjects
from trialkit.errors import DatasetError
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.forms import FormKind
from trialkit.steps.stages import OpenedTrial
from trialkit.store.freezing import freeze
from trialkit.store.snapshot import Snapshot

DATA, ATTENDANCE = "data", "attendance"
"""What the datasets show: of a participant as a whole, and of sessions."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposed:
    """What the data propose, and what could not be looked at."""

    rows: pd.DataFrame
    """The columns of :data:`trialkit.checks.deviations.proposals.PROPOSED`; no arm."""
    not_looked_at: tuple[str, ...]
    """What could not be looked at, and why, in words."""
    without: frozenset[str]
    """Of ``proposed_from``, what could not be looked at."""


def propose_deviations(trial: OpenedTrial, *, today: date | None) -> Proposed:
    """The deviations that findings, due visits and the datasets show."""
    protocol, schemas = trial.protocol, trial.schemas
    snapshot = freeze(trial.data.source, schemas, today=today)
    found = check(snapshot, schemas, protocol).to_frame()
    grounds = [
        from_findings(found, schemas, protocol),
        missed_visits(snapshot, schemas, protocol),
    ]
    said = []
    without: frozenset[str] = frozenset()
    sessions_tell = _sessions_tell_the_arm(protocol)
    if sessions_tell and schemas.of_kind(FormKind.SESSIONS) is not None:
        said.append("Numbers of sessions: not every arm has planned ones, so they tell the arm.")
    try:
        grounds += _of_datasets(trial, snapshot)
    except DatasetError as error:
        without = frozenset({DATA, ATTENDANCE})
        said.append(
            f"What participants received, and their sessions, until this is mended: {error}"
        )
    if sessions_tell:
        grounds = [each[~each["kind"].isin([*OF_SESSIONS])] for each in grounds]
    rows = proposals(grounds, snapshot, schemas, protocol)
    return Proposed(rows=rows, not_looked_at=tuple(said), without=without)


def _sessions_tell_the_arm(protocol: Protocol) -> bool:
    return not protocol.arms or not all(
        arm.intervention is not None and arm.intervention.sessions is not None
        for arm in protocol.arms
    )


def _of_datasets(trial: OpenedTrial, snapshot: Snapshot) -> list[pd.DataFrame]:
    """What is true of participants as a whole, and who attended fewer sessions than prescribed."""
    sources = Sources(snapshot=snapshot, schemas=trial.schemas)
    subjects = derive_subjects(sources, trial.protocol)
    shown = shown_of_people(sources, subjects)
    words = {kind.value: says for kind, says in SHOWN.items()}
    of_people = pd.DataFrame(
        {
            "subject_id": shown["subject_id"],
            "visit": "",
            "kind": shown["term"],
            "date": "",
            "description": shown["term"].map(words),
            "proposed_from": DATA,
        }
    ).astype("str")
    attendance = derive_attendance(sources, trial.protocol, subjects)
    fewer = attendance["attended"] < attendance["prescribed"]
    lacking = attendance[fewer.fillna(value=False).astype(bool)]
    of_sessions = pd.DataFrame(
        {
            "subject_id": lacking["subject_id"],
            "visit": "",
            "kind": DeviationKind.FEWER_SESSIONS.value,
            "date": "",
            "description": "Fewer sessions were attended than planned, or than are in the log until now",
            "proposed_from": ATTENDANCE,
        }
    ).astype("str")
    return [of_people, of_sessions]
