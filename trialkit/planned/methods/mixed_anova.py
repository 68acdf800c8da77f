"""A planned mixed ANOVA: its terms, and the arms' difference in change at each visit."""

from collections.abc import Iterator

import pandas as pd

from trialkit.analysis.anova.mixed_anova import mixed_anova
from trialkit.analysis.diagnosing.diagnostics import diagnose_mixed_anova
from trialkit.analysis.means.means import compare_means
from trialkit.planned.methods.diagnostics import state_diagnostics
from trialkit.planned.task.stating import (
    Statement,
    contrast_stats,
    records,
    state_hedges,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.comparisons import MeansMethod
from trialkit.protocol.methods.linear_models import ContrastKind
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

TERM_STATS = (
    Stat.DF_NUM,
    Stat.DF_DEN,
    Stat.STATISTIC,
    Stat.P_VALUE,
    Stat.EPSILON_GG,
    Stat.EPSILON_HF,
    Stat.P_VALUE_GG,
    Stat.P_VALUE_HF,
    Stat.PARTIAL_ETA_SQUARED,
    Stat.GENERALISED_ETA_SQUARED,
)
CHANGE_SD = "standardised by the pooled SD of the change"


def state_mixed_anova(task: Task, specification: MixedAnova) -> Iterator[Result]:
    """The rows of a mixed ANOVA; its headline is the difference in change at the time point."""
    yield from state_numbers_analysed(task)
    frame = task.from_baseline_on().rename(columns={"arm": "group"})
    fit = mixed_anova(
        frame,
        outcome="value",
        subject="subject_id",
        between="group",
        within="visit",
        sum_of_squares=specification.sum_of_squares,
    )
    statement = statement_of(task)
    for row in records(fit.to_frame()):
        yield from statement.about(term=str(row["term"])).state_row(row, TERM_STATS)
    contrasts = fit.contrasts(
        ContrastKind.CHANGE,
        reference=task.reference,
        adjustment=specification.adjustment,
        conf_level=task.level,
    )
    for row in records(contrasts):
        about = statement.about(visit=str(row["visit"]), term=str(row["contrast"]))
        yield from about.state_row(row, contrast_stats(specification.adjustment))
    yield from state_diagnostics(statement, diagnose_mixed_anova(fit))
    yield from state_hedges_g(statement, frame, task)


def state_hedges_g(statement: Statement, frame: pd.DataFrame, task: Task) -> Iterator[Result]:
    """Hedges' g of the change at the time point, for each contrast."""
    at_end = frame[frame["visit"] == task.outcome.time_point]
    compared = compare_means(
        at_end,
        outcome="change",
        arm="group",
        reference=task.reference,
        method=MeansMethod.STUDENT_T,
        conf_level=task.level,
    )
    for row in records(compared.to_frame()):
        about = statement.about(
            visit=task.outcome.time_point, term=str(row["contrast"]), note=CHANGE_SD
        )
        yield from state_hedges(about, row)
