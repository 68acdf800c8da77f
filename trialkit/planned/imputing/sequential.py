"""The imputation of yes and no, and of counts, that a plan asks for: regressions visit by visit."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from trialkit.analysis.imputation.sequential import SequentialImputations, sequential_imputations
from trialkit.errors import AnalysisError
from trialkit.planned.imputing.affected import events_of
from trialkit.planned.imputing.imputing import ARM, SUBJECT, VALUE, VISIT, rows_to_impute
from trialkit.planned.imputing.shifting import delta_of
from trialkit.planned.task.rates import EXPOSURE, exposure_of
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.imputation import SequentialFamily
from trialkit.protocol.methods.imputing_method import ImputingMethod
from trialkit.protocol.methods.measured_outcome import BASELINE


def planned_sequential_imputations(
    task: Task,
    specification: ImputingMethod,
    deltas: Mapping[str, Mapping[str, float]],
    *,
    family: SequentialFamily,
) -> SequentialImputations:
    """The imputed data sets of the plan; ``deltas``, by arm and visit, move the linear predictor.

    Of counts everybody must have an exposure (:func:`with_exposure_of_all`). The earlier values of the outcome are covariates of the regressions by themselves.
    """
    rows = _with_exposure(rows_to_impute(task, specification), task)
    events = events_of(rows, task.intercurrent, specification)
    if specification.samples is None or specification.seed is None:
        raise AnalysisError("an imputation visit by visit is random; it needs samples and a seed")
    return sequential_imputations(
        rows,
        outcome=VALUE,
        family=family,
        subject=SUBJECT,
        visit=VISIT,
        arm=ARM,
        reference=task.reference,
        draws=specification.samples,
        seed=specification.seed,
        covariates=[each for each in specification.imputed_from if each != BASELINE],
        exposure=exposure_of(task),
        events=events,
        deltas=_deltas(rows, events, deltas),
    )


def with_exposure_of_all(task: Task) -> Task:
    """The task in which everybody analysed was at risk as long as half of those who are known, at least.

    Whoever lacks a count lacks how long it was counted: it is imputed for the median time at risk of its
    visit. Of an outcome without exposure, and of yes and no, nothing changes.
    """
    if exposure_of(task) is None:
        return task
    rows = task.included.measurements
    counted = rows[rows[VALUE].notna()]
    keys = [SUBJECT, VISIT]
    known = task.exposures.astype({VISIT: "str", SUBJECT: "str"})
    known = known[known[EXPOSURE] > 0]
    there = counted[keys].astype("str").merge(known, on=keys)
    usual = there.groupby(VISIT)[EXPOSURE].median()
    lacking = rows.loc[rows[VALUE].isna(), keys].astype("str")
    lacking = lacking[lacking[VISIT].isin(list(usual.index))]
    supposed = lacking.assign(
        exposure=lacking[VISIT].map(usual).astype(float), outcome=task.outcome.code
    )
    kept = there[[*keys, EXPOSURE]].assign(outcome=task.outcome.code)
    return replace(task, exposures=pd.concat([kept, supposed], ignore_index=True))


def _with_exposure(rows: pd.DataFrame, task: Task) -> pd.DataFrame:
    """The rows with the exposure of each."""
    if exposure_of(task) is None:
        return rows
    known = task.exposures.set_index([SUBJECT, VISIT])[EXPOSURE]
    place = pd.MultiIndex.from_arrays([rows[SUBJECT].astype("str"), rows[VISIT].astype("str")])
    return rows.assign(exposure=known.reindex(place).to_numpy(dtype=float))


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
