"""What the model of a primary analysis leaves over, for looking at; nothing is chosen by it."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import ndtri

from trialkit.planned.series.needed import MOST_PEOPLE, draws
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.report_contents import FigureKind
from trialkit.results.series import Mark, Point, Series, SeriesKind


def residual_series(
    task: Task, *, fitted: np.ndarray, residuals: np.ndarray, arms: np.ndarray
) -> Iterator[Series]:
    """The residuals of the task's fit over what it fitted, and over normal quantiles.

    ``arms`` are codes. Nothing where the report does not draw them, or more people took part than
    can be told apart.
    """
    if not _drawn(task) or not len(residuals):
        return
    places = np.array([task.arms.index(str(arm)) for arm in arms])
    order = np.lexsort((fitted, places, residuals))
    left, model = residuals[order].tolist(), fitted[order].tolist()
    codes = [task.arms[place] for place in places[order]]
    spread = float(np.std(residuals[order], ddof=1)) if len(left) > 1 else 0.0
    summary = Point(y=spread, n=len(left), label=Mark.SPREAD.value)
    for kind, across in (
        (SeriesKind.RESIDUALS, model),
        (SeriesKind.QUANTILES, normal_scores(len(left)).tolist()),
    ):
        points = (Point(arm=arm, x=x, y=y) for arm, x, y in zip(codes, across, left, strict=True))
        yield Series(
            kind=kind,
            analysis_id=task.analysis.id,
            outcome=task.outcome.code,
            points=(*points, summary),
        )


def residuals_around_means(
    task: Task, frame: pd.DataFrame, column: str, by: list[str]
) -> Iterator[Series]:
    """The deviations from the means of the groups, for a model that has nothing but them."""
    if not _drawn(task):
        return
    means = frame.groupby(by, observed=True)[column].transform("mean").to_numpy(dtype=float)
    values = frame[column].to_numpy(dtype=float)
    arms = frame["arm"].astype("str").to_numpy()
    yield from residual_series(task, fitted=means, residuals=values - means, arms=arms)


def _drawn(task: Task) -> bool:
    """Whether the report draws the residuals of this analysis, of people who can be told apart."""
    primary = task.analysis.role is AnalysisRole.PRIMARY
    if not (primary and draws(task.protocol, FigureKind.RESIDUALS)):
        return False
    return int(task.subjects["randomised"].sum()) <= MOST_PEOPLE


def normal_scores(size: int) -> np.ndarray:
    """The normal quantiles that ``size`` ordered residuals are compared with (Blom's)."""
    return np.asarray(ndtri((np.arange(1, size + 1) - 0.375) / (size + 0.25)))
