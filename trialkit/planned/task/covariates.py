"""The values at the time point, with the baseline characteristics that an analysis needs."""

import pandas as pd

from trialkit.datasets.model import CharacteristicKind
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.specification import Specification

INTERCEPT = "intercept"
"""The coefficient of the reference arm, as a design names it."""


def with_characteristics(task: Task, specification: Specification) -> pd.DataFrame:
    """One row a participant: value, baseline, change, and a column for each characteristic."""
    return join_characteristics(task.at_time_point(), task, specification)


def join_characteristics(
    frame: pd.DataFrame, task: Task, specification: Specification
) -> pd.DataFrame:
    """The rows with a column for each baseline characteristic that the specification needs."""
    for name in dict.fromkeys(specification.baseline_items(task.outcome.kind)):
        known = task.characteristics[task.characteristics["characteristic"] == name]
        column = _column(known.set_index("subject_id"), task.characteristic_kinds[name])
        frame = frame.join(column.rename(name), on="subject_id", validate="many_to_one")
    return frame


def title_of(name: str, task: Task) -> str:
    """The characteristic of the plan by the name that readers know it by."""
    return next((each.title for each in task.protocol.characteristics if each.name == name), name)


def coefficient_words(name: str, task: Task) -> str:
    """A coefficient of a model, such as ``arm[TRAIN]``, by the names that readers know."""
    column, _, level = name.removesuffix("]").partition("[")
    if column == INTERCEPT:
        return task.protocol.reference.label
    if column == "arm":
        return task.protocol.arm(level).label
    if column == BASELINE:
        return f"{task.outcome.label} at {task.protocol.baseline.label}"
    if column == "visit":
        return task.protocol.visit(level).label
    title = title_of(column, task)
    return f"{title}: {level}" if level else title


def _column(by_subject: pd.DataFrame, kind: CharacteristicKind) -> pd.Series:
    """Numbers, or the labels of the categories that occur in the order of the form; else text."""
    if kind.is_number:
        return by_subject["value"]
    codes = by_subject["category"]
    if not kind.labels:
        return codes
    found = pd.Categorical(codes, categories=list(kind.labels), ordered=True)
    named = found.rename_categories(dict(kind.labels)).remove_unused_categories()
    return pd.Series(named, index=by_subject.index)
