"""What the arm of a participant allows: forms for some arms only, and planned sessions."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows, hits_without_row
from trialkit.protocol.trial.protocol import Protocol
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, FormKind, Purpose, Schemas, Severity


def check_arms(
    schemas: Schemas,
    protocol: Protocol,
    *,
    people: pd.DataFrame,
    cells: Mapping[str, CheckedCells],
) -> tuple[Hits, ...]:
    """Forms of participants of another arm, and more sessions than were planned for one."""
    arms = people.set_index("subject_id")["arm"]
    hits: list[Hits] = []
    for form in schemas.forms:
        hits += _of_another_arm(form, cells[form.id], arms)
    sessions = schemas.of_kind(FormKind.SESSIONS)
    if sessions is not None:
        hits += _more_than_planned(sessions, cells[sessions.id], arms, protocol)
    return tuple(hits)


def _of_another_arm(form: Form, cells: CheckedCells, arms: pd.Series) -> tuple[Hits, ...]:
    if not form.arms:
        return ()
    arm = _arms_of_rows(cells, arms)
    other = arm.notna() & ~arm.isin(form.arms)
    return hits_at_rows(
        form,
        cells.data,
        cells.rows[other.to_numpy()],
        lambda entered: pd.Series(
            f"The form {form.title!r} is not for the arm of this participant. Remove the row, or "
            "correct the subject or the arm.",
            index=entered.index,
            dtype="str",
        ),
        item="",
        rule_id=BuiltIn.OTHER_ARM.value,
        severity=Severity.HARD,
    )


def _arms_of_rows(cells: CheckedCells, arms: pd.Series) -> pd.Series:
    """The arm of the participant of each usable row."""
    subject = cells.data.values["subject_id"].iloc[cells.rows]
    return arms.reindex(subject).reset_index(drop=True)


def _more_than_planned(
    form: Form, cells: CheckedCells, arms: pd.Series, protocol: Protocol
) -> tuple[Hits, ...]:
    """Participants who attended more sessions than their arm's intervention has."""
    item = form.item_for(Purpose.ATTENDED)
    if item is None:
        return ()
    planned = {
        arm.code: arm.intervention.sessions
        for arm in protocol.arms
        if arm.intervention and arm.intervention.sessions
    }
    data = cells.data.take(cells.rows, ["subject_id", item.id]).values
    attended = data.loc[data[item.id].fillna(value=False).to_numpy(dtype=bool), "subject_id"]
    count = attended.value_counts(sort=False)
    limit = arms.reindex(count.index).map(planned).astype("float64")
    more = count[np.asarray(count > limit)]
    messages = (
        more.astype("str")
        + " sessions were attended, which are more than are planned for this participant. Correct "
        "the session log, or confirm it."
    )
    return hits_without_row(
        form,
        more.index.to_series(),
        messages,
        values=more.astype("str"),
        item=item.id,
        rule_id=BuiltIn.TOO_MANY_SESSIONS.value,
        severity=Severity.SOFT,
    )
