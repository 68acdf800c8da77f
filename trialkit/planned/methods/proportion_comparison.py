"""A planned comparison of proportions: absolute and relative, with a test."""

from collections.abc import Iterator

import pandas as pd

from trialkit.analysis.proportions.proportions import compare_proportions
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.stating import (
    Statement,
    contrast_statement,
    records,
    state_measures,
    state_numbers_analysed,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_proportion_comparison(
    task: Task, specification: ProportionComparison
) -> Iterator[Result]:
    """Risk difference, risk ratio and odds ratio of each contrast; the difference is the headline."""
    yield from state_numbers_analysed(task)
    compared = compare_proportions(
        task.at_time_point(),
        outcome="value",
        arm="arm",
        reference=task.reference,
        interval=specification.interval,
        ratio_interval=specification.ratio_interval,
        odds_ratio_method=specification.odds_ratio_method,
        test=specification.test,
        conf_level=task.level,
    )
    yield from state_effects(task, compared.to_frame())


def state_effects(task: Task, rows: pd.DataFrame) -> Iterator[Result]:
    """The rows of a comparison of proportions, each measure and the test under its own method."""
    statement = contrast_statement(task).by(Stat.RISK_DIFFERENCE.value, unit="")
    yield from state_measures(statement.about(visit=task.outcome.time_point), rows)
    yield from _tests(statement, rows, task)


def _tests(statement: Statement, rows: pd.DataFrame, task: Task) -> Iterator[Result]:
    """The test of each contrast, once, under its own name."""
    for row in records(rows.drop_duplicates("contrast")):
        about = statement.by(str(row["test"])).about(
            visit=task.outcome.time_point, term=str(row["contrast"])
        )
        yield from about.state_row(row, (Stat.STATISTIC, Stat.DF, Stat.P_VALUE))


PROPORTION_COMPARISON = MethodCard(
    specification=ProportionComparison, carry_out=state_proportion_comparison
)
