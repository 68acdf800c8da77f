"""The values at the time point, with the baseline characteristics that an analysis needs."""

import pandas as pd

from trialkit.planned.task.task import Task
from trialkit.protocol.methods.specification import Specification


def with_characteristics(task: Task, specification: Specification) -> pd.DataFrame:
    """One row a participant: value, baseline, change, and a column for each characteristic."""
    return join_characteristics(task.at_time_point(), task, specification)


def join_characteristics(
    frame: pd.DataFrame, task: Task, specification: Specification
) -> pd.DataFrame:
    """The rows with a column for each baseline characteristic that the specification needs."""
    for name in dict.fromkeys(specification.baseline_items(task.outcome.kind)):
        known = task.characteristics[task.characteristics["characteristic"] == name]
        by_subject = known.set_index("subject_id")
        numeric = by_subject["category"].isna().all()
        column = by_subject["value"] if numeric else _category(by_subject)
        frame = frame.join(column.rename(name), on="subject_id", validate="many_to_one")
    return frame


def _category(by_subject: pd.DataFrame) -> pd.Series:
    """The labels as a category in the order of the form's choices; text without one stays text."""
    labels = by_subject["category"]
    if by_subject.loc[labels.notna(), "rank"].isna().any():
        return labels
    order = by_subject.sort_values("rank")["category"].dropna().drop_duplicates()
    return labels.astype(pd.CategoricalDtype(list(order), ordered=True))
