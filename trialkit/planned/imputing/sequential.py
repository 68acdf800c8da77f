"""The imputation of yes and no that a plan asks for: regressions visit by visit."""

from collections.abc import Mapping

import pandas as pd

from trialkit.analysis.imputation.sequential import SequentialImputations, sequential_imputations
from trialkit.errors import AnalysisError
from trialkit.planned.imputing.affected import events_of
from trialkit.planned.imputing.imputing import ARM, SUBJECT, VALUE, VISIT, rows_to_impute
from trialkit.planned.imputing.shifting import delta_of
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.imputation import SequentialFamily
from trialkit.protocol.methods.imputing_method import ImputingMethod
from trialkit.protocol.methods.measured_outcome import BASELINE


def planned_sequential_imputations(
    task: Task, specification: ImputingMethod, deltas: Mapping[str, Mapping[str, float]]
) -> SequentialImputations:
    """The imputed data sets of the plan; ``deltas``, by arm and visit, move the logit.

    The earlier values of the outcome are covariates of the regressions by themselves.
    """
    rows = rows_to_impute(task, specification)
    events = events_of(rows, task.intercurrent, specification)
    if specification.samples is None or specification.seed is None:
        raise AnalysisError("an imputation of yes and no is random; it needs samples and a seed")
    named = (*specification.analysed_covariates, *specification.auxiliary)
    return sequential_imputations(
        rows,
        outcome=VALUE,
        family=SequentialFamily.LOGISTIC,
        subject=SUBJECT,
        visit=VISIT,
        arm=ARM,
        reference=task.reference,
        draws=specification.samples,
        seed=specification.seed,
        covariates=[each for each in named if each != BASELINE],
        events=events,
        deltas=_deltas(rows, events, deltas),
    )


def _deltas(
    rows: pd.DataFrame, events: pd.DataFrame | None, deltas: Mapping[str, Mapping[str, float]]
) -> pd.DataFrame | None:
    """What moves each missing value at or after an event; None where nothing does."""
    if events is None or not any(any(own.values()) for own in deltas.values()):
        return None
    order = {visit: place for place, visit in enumerate(rows[VISIT].cat.categories)}
    first = dict(zip(events[SUBJECT], events[VISIT].map(order), strict=True))
    moved_here = [
        missing and order[visit] >= first.get(who, len(order))
        for who, visit, missing in zip(rows[SUBJECT], rows[VISIT], rows[VALUE].isna(), strict=True)
    ]
    own = rows[moved_here]
    moved = [
        delta_of(deltas.get(str(arm), {}), str(visit))
        for arm, visit in zip(own[ARM], own[VISIT], strict=True)
    ]
    return own[[SUBJECT, VISIT]].assign(visit=own[VISIT].astype("str"), delta=moved)
