"""Who was watched until when, and their events, as the intervals that models of recurrences take."""

import pandas as pd

from trialkit.analysis.recurrent.event_log import intervals_of_events
from trialkit.errors import AnalysisError
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.at_risk import TimeAtRisk

SUBJECT, START, STOP, EVENT = "subject_id", "start", "stop", "event"
UNTIL = "time"
"""The column of the people that says until when each was watched."""


def intervals_of(people: pd.DataFrame, event_log: pd.DataFrame, risk: TimeAtRisk) -> pd.DataFrame:
    """A row for the time to each event of each of the people, and for what is left after the last.

    ``people`` have a row each with ``time``; ``event_log`` is that of the outcome, as in Datasets.
    """
    own = event_log[event_log[SUBJECT].isin(people[SUBJECT])]
    return intervals_of_events(
        people.reset_index(drop=True),
        own[[SUBJECT, "time"]],
        subject=SUBJECT,
        until=UNTIL,
        time="time",
        unit=1 / risk.unit.days,
    )


def with_intervals(task: Task, specification: Specification) -> pd.DataFrame:
    """The intervals of those whom an analysis uses, with the characteristics that it needs.

    Raises :class:`AnalysisError` where there is no event.
    """
    until = task.at_risk.set_index(SUBJECT)[UNTIL]
    people = with_characteristics(task, specification).join(
        until, on=SUBJECT, validate="one_to_one"
    )
    rows = intervals_of(people, task.event_log, task.outcome.risk or TimeAtRisk())
    if not rows[EVENT].any():
        raise AnalysisError(
            f"there is no event of {task.outcome.label}, so that there is nothing to compare"
        )
    return rows
