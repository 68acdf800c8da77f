"""The imputation that a plan asks for: its rows, its model and its imputed data sets."""

from dataclasses import dataclass

import pandas as pd

from trialkit.analysis.imputation.drawing import imputation_draws
from trialkit.analysis.imputation.imputing import Imputations, impute
from trialkit.analysis.imputation.model import ImputationModel, imputation_model
from trialkit.planned.imputing.affected import events_of
from trialkit.planned.imputing.filling import with_filled_baseline
from trialkit.planned.task.covariates import join_characteristics
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.imputing_method import ImputingMethod

SUBJECT, VISIT, ARM, VALUE = "subject_id", "visit", "arm", "value"
"""The columns of the rows that are imputed."""


def rows_to_impute(task: Task, specification: ImputingMethod) -> pd.DataFrame:
    """A row a participant and visit after baseline, with the characteristics that are needed.

    A visit at which nobody has a value tells nothing of others, and is left out but for the time point.
    """
    rows = task.from_baseline_on(specification.visits)
    known = {*rows.loc[rows[VALUE].notna(), VISIT].astype("str"), task.outcome.time_point}
    later = rows[(rows[VISIT] != task.protocol.baseline.code) & rows[VISIT].isin(known)]
    later = later.assign(
        visit=later[VISIT].cat.remove_unused_categories(), subject_id=later[SUBJECT].astype("str")
    )
    return join_characteristics(later, task, specification)


def planned_imputation_model(task: Task, specification: ImputingMethod) -> ImputationModel:
    """The model from which values are imputed, as the plan declares it.

    Raises :class:`AnalysisError` where the data do not allow it.
    """
    rows = rows_to_impute(task, specification)
    return imputation_model(
        rows,
        outcome=VALUE,
        subject=SUBJECT,
        visit=VISIT,
        arm=ARM,
        reference=task.reference,
        covariates=(*specification.covariates, *specification.auxiliary),
        covariates_by_visit=specification.covariates_by_visit,
        events=events_of(rows, task.intercurrent, specification),
        covariance=specification.covariance,
        fallback=specification.fallback,
        covariance_by_arm=specification.covariance_by_arm,
        method=specification.likelihood,
    )


def planned_imputations(model: ImputationModel, specification: ImputingMethod) -> Imputations:
    """The imputed data sets of the plan."""
    drawn = imputation_draws(
        model,
        method=specification.draws,
        draws=specification.samples,
        seed=specification.seed,
    )
    return impute(drawn)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlannedImputation:
    """A task in which nobody lacks a baseline that the plan fills, and what was imputed in it."""

    task: Task
    model: ImputationModel
    imputations: Imputations


def planned_imputation(task: Task, specification: ImputingMethod) -> PlannedImputation:
    """All that the plan imputes of a task, by the joint model of all visits.

    Raises :class:`AnalysisError` where the data do not allow it.
    """
    filled = with_filled_baseline(task, specification)
    model = planned_imputation_model(filled, specification)
    return PlannedImputation(
        task=filled, model=model, imputations=planned_imputations(model, specification)
    )
