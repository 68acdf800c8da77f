"""Baseline values that are missing: one number in place of each, which knows neither arm nor outcome."""

from dataclasses import replace

import numpy as np

from trialkit.analysis.imputation.baseline import fill_baseline
from trialkit.errors import AnalysisError
from trialkit.planned.task.covariates import join_characteristics
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.imputation import CovariateFill
from trialkit.protocol.methods.imputing_method import ImputingMethod
from trialkit.protocol.methods.measured_outcome import BASELINE

SUBJECT = "subject_id"


def with_filled_baseline(task: Task, specification: ImputingMethod) -> Task:
    """The task in which nobody lacks the baseline value of the outcome, where the plan fills it.

    A regression is on the other numbers among the covariates, which everybody has who is analysed.
    Raises :class:`AnalysisError` where nobody has a baseline value, or no other number is named.
    """
    fill = specification.baseline_fill
    rows = task.included.measurements
    if fill is None or not rows[BASELINE].isna().any():
        return task
    numbers = [
        each
        for each in specification.imputed_from
        if each != BASELINE and task.characteristic_kinds[each].is_number
    ]
    if fill is CovariateFill.REGRESSION and not numbers:
        raise AnalysisError(
            "baseline_fill = 'regression' needs another number at baseline among the covariates"
        )
    found = fill_baseline(
        join_characteristics(rows, task, specification).astype({SUBJECT: "str"}),
        subject=SUBJECT,
        covariates=[BASELINE],
        fill=fill,
        predictors=numbers if fill is CovariateFill.REGRESSION else [],
    )
    baseline = found.frame[BASELINE].to_numpy(dtype=float)
    filled = rows.assign(baseline=baseline, change=rows["value"].to_numpy(dtype=float) - baseline)
    kept = np.where(rows["change"].notna(), rows["change"], filled["change"])
    return replace(task, included=replace(task.included, measurements=filled.assign(change=kept)))


def number_filled(before: Task, after: Task, arm: str) -> int:
    """How many of an arm got a baseline value."""
    lacking = before.included.measurements[BASELINE].isna().to_numpy()
    there = after.included.measurements[BASELINE].notna().to_numpy()
    rows = before.included.measurements[lacking & there]
    return int(rows.loc[rows["arm"] == arm, SUBJECT].nunique())
