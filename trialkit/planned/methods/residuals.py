"""The residuals of a planned analysis, for looking at; nothing is tested or chosen by them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.planned.methods.ancova import fit_ancova
from trialkit.planned.methods.repeated import fit_mmrm
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.repeated import ResidualKind


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlannedResiduals:
    """Residuals with the values that the model fitted, and the code of each one's arm."""

    fitted: np.ndarray
    residuals: np.ndarray
    arms: np.ndarray


def residuals_of(task: Task) -> PlannedResiduals | None:
    """What the model of a task leaves over; None for methods without a model of the mean."""
    specification = task.analysis.specification
    if not task.outcome.kind.has_residuals:
        return None
    match specification:
        case MixedAnova():
            return _around_means(task.from_baseline_on(), "value", by=["arm", "visit"])
        case MeanComparison(method=Method.WELCH_T | Method.STUDENT_T, response=response):
            column = "change" if response is Response.CHANGE else "value"
            return _around_means(task.at_time_point(), column, by=["arm"])
        case Ancova():
            return _of_ancova(task, specification)
        case Mmrm():
            return _of_mmrm(task, specification)
        case _:
            return None


def _around_means(frame: pd.DataFrame, column: str, *, by: list[str]) -> PlannedResiduals:
    """The deviations from the means of the groups."""
    means = frame.groupby(by, observed=True)[column].transform("mean").to_numpy(dtype=float)
    values = frame[column].to_numpy(dtype=float)
    return PlannedResiduals(
        fitted=means, residuals=values - means, arms=frame["arm"].astype("str").to_numpy()
    )


def _of_ancova(task: Task, specification: Ancova) -> PlannedResiduals:
    fit = fit_ancova(task, specification)
    codes = fit.rows.arm.codes
    names = np.asarray([str(level) for level in fit.rows.arm.levels])
    residuals = fit.model.fit.residuals
    return PlannedResiduals(
        fitted=fit.rows.outcome - residuals, residuals=residuals, arms=names[codes]
    )


def _of_mmrm(task: Task, specification: Mmrm) -> PlannedResiduals:
    """Residuals of the response, and the values less them."""
    found = fit_mmrm(task, specification).residuals(ResidualKind.RESPONSE)
    column = "change" if specification.response is Response.CHANGE else "value"
    rows = task.from_baseline_on()[["subject_id", "visit", "arm", column]].astype(
        {"subject_id": "str", "visit": "str", "arm": "str"}
    )
    keyed = found.assign(subject=found["subject"].astype("str"), visit=found["visit"].astype("str"))
    joined = keyed.merge(rows, left_on=["subject", "visit"], right_on=["subject_id", "visit"])
    residuals = joined["residual"].to_numpy(dtype=float)
    return PlannedResiduals(
        fitted=joined[column].to_numpy(dtype=float) - residuals,
        residuals=residuals,
        arms=joined["arm"].to_numpy(),
    )
