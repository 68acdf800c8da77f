"""What planned mixed models for repeated measures share: the rows they read, and what their fits state."""

from collections.abc import Iterator
from typing import Protocol

import pandas as pd

from trialkit.analysis.repeated.result import MmrmFit
from trialkit.planned.series.residuals import residual_series
from trialkit.planned.task.covariates import join_characteristics
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    Statement,
    contrast_statement,
    records,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.repeated import ResidualKind
from trialkit.protocol.methods.repeated_model import RepeatedMeasuresModel
from trialkit.results.notes import covariance_note
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat

MARGINAL_MEAN = "marginal mean"
OVER_VISITS = "average"
TARGET_DAY = "target_day"
MEAN_STATS = (Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.CONF_LOW, Stat.CONF_HIGH)
TERM_STATS = (Stat.DF_NUM, Stat.DF_DEN, Stat.STATISTIC, Stat.P_VALUE)


class ComparesByVisit(Protocol):
    """A fit that has means and contrasts of the arms at each visit."""

    def marginal_means(self, *, conf_level: float) -> pd.DataFrame:
        """A row an arm and visit."""

    def contrasts(self, *, conf_level: float) -> pd.DataFrame:
        """A row a contrast and visit."""

    def averaged_contrasts(self, *, conf_level: float) -> pd.DataFrame:
        """A row a contrast."""


def modelled_rows(
    task: Task, specification: RepeatedMeasuresModel, rows: pd.DataFrame
) -> pd.DataFrame:
    """The measurements with the characteristics that are needed, their visits the only levels."""
    days = {visit.code: visit.moment for visit in task.protocol.visits}
    frame = join_characteristics(rows, task, specification).assign(
        visit=rows["visit"].cat.remove_unused_categories()
    )
    frame[TARGET_DAY] = frame["visit"].astype("str").map(days)
    return frame


def state_by_visit(task: Task, fit: ComparesByVisit, model: MmrmFit) -> Iterator[Result]:
    """The model, each arm's mean and each contrast at every visit, those averaged, and the terms."""
    statement, of_contrast = statement_of(task), contrast_statement(task)
    yield from _of_the_model(statement, model)
    for row in records(fit.marginal_means(conf_level=task.level)):
        about = statement.about(visit=str(row["visit"]), term=MARGINAL_MEAN, arm=str(row["arm"]))
        yield from about.state_row(row, MEAN_STATS)
    for row in records(fit.contrasts(conf_level=task.level)):
        about = of_contrast.about(visit=str(row["visit"]), term=str(row["contrast"]))
        yield from about.state_row(row, CONTRAST_STATS)
    for row in records(fit.averaged_contrasts(conf_level=task.level)):
        about = of_contrast.about(visit=OVER_VISITS, term=str(row["contrast"]))
        yield from about.state_row(row, CONTRAST_STATS)
    for row in records(model.term_tests()):
        yield from statement.about(term=str(row["term"])).state_row(row, TERM_STATS)


def model_residuals(task: Task, model: MmrmFit, column: str) -> Iterator[Series]:
    """Residuals of the response in ``column``, and the values less them."""
    found = model.residuals(ResidualKind.RESPONSE)
    rows = task.from_baseline_on()[["subject_id", "visit", "arm", column]].astype(
        {"subject_id": "str", "visit": "str", "arm": "str"}
    )
    keyed = found.assign(subject=found["subject"].astype("str"), visit=found["visit"].astype("str"))
    joined = keyed.merge(rows, left_on=["subject", "visit"], right_on=["subject_id", "visit"])
    left = joined["residual"].to_numpy(dtype=float)
    yield from residual_series(
        task,
        fitted=joined[column].to_numpy(dtype=float) - left,
        residuals=left,
        arms=joined["arm"].to_numpy(),
    )


def _of_the_model(statement: Statement, fit: MmrmFit) -> Iterator[Result]:
    """How well it fits, which structure was used and why, and the covariance by visit."""
    failed = [(each.structure.value, str(each.reason)) for each in fit.attempts[:-1]]
    note = covariance_note(fit.structure.value, failed)
    about = statement.by(statement.method, unit="").about(note=note)
    yield from about.state_all(
        {Stat.LOG_LIKELIHOOD: fit.log_likelihood, Stat.AIC: fit.aic, Stat.BIC: fit.bic}
    )
    groups = fit.parts.records.groups
    for group in groups:
        arm = str(group) if len(groups) > 1 else ""
        covariance = fit.covariance(group).to_numpy()
        correlation = fit.correlation(group).to_numpy()
        for row, first in enumerate(fit.visits):
            for column, second in enumerate(fit.visits[row:], start=row):
                where = about.about(term=f"{first}, {second}", arm=arm)
                yield where.state(Stat.COVARIANCE, float(covariance[row, column]))
                yield where.state(Stat.CORRELATION, float(correlation[row, column]))
