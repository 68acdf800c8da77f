"""The times at risk of those whom an analysis uses, one row a participant."""

import pandas as pd

from trialkit.errors import AnalysisError
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.specification import Specification
from trialkit.results.at_risk import AtRiskStatus

TIME, EVENT = "value", "event"
"""The columns that hold the time, and whether the event ended it."""


def with_times(task: Task, specification: Specification) -> pd.DataFrame:
    """One row a participant: time, event, ``status`` and ``cause``, and the characteristics needed.

    Raises :class:`AnalysisError` where nobody had the event.
    """
    ended = task.at_risk.set_index("subject_id")[["status", "cause"]]
    frame = with_characteristics(task, specification).join(
        ended, on="subject_id", validate="one_to_one"
    )
    happened = frame["status"] == AtRiskStatus.EVENT
    if not happened.any():
        raise AnalysisError(
            f"nobody had the event {task.outcome.label}, so that there is nothing to compare"
        )
    return frame.assign(**{EVENT: happened})
