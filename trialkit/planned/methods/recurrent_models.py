"""Planned regressions of events that happen again: LWYY's rate ratio, and PWP's hazard of the next."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from trialkit.analysis.recurrent.recurrent_models import (
    RecurrentRegression,
    lwyy_regression,
    pwp_regression,
)
from trialkit.grammar import counted
from trialkit.planned.task.intervals import EVENT, START, STOP, SUBJECT, with_intervals
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    Statement,
    contrast_statement,
    records,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.lwyy import Lwyy
from trialkit.protocol.methods.pwp import Pwp
from trialkit.results.effect import Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_lwyy(task: Task, specification: Lwyy) -> Iterator[Result]:
    """The rate ratio of each arm, and how many events of how many participants it is of."""
    rows = with_intervals(task, specification)
    fit = lwyy_regression(
        rows,
        subject=SUBJECT,
        start=START,
        stop=STOP,
        event=EVENT,
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        strata=specification.strata,
        ties=specification.ties,
    )
    yield from _state_fit(task, fit, rows)


def state_pwp(task: Task, specification: Pwp) -> Iterator[Result]:
    """The hazard ratio of the next event in each arm, and of how many events it is."""
    rows = with_intervals(task, specification)
    fit = pwp_regression(
        rows,
        subject=SUBJECT,
        start=START,
        stop=STOP,
        event=EVENT,
        arm="arm",
        reference=task.reference,
        clock=specification.clock,
        covariates=specification.covariates,
        last_stratum=specification.last_stratum,
        ties=specification.ties,
    )
    yield from _state_fit(task, fit, rows)


def _state_fit(task: Task, fit: RecurrentRegression, rows: pd.DataFrame) -> Iterator[Result]:
    dropped = fit.excluded.drop_duplicates("subject")
    used = rows[~rows[SUBJECT].isin(dropped["subject"])]
    yield from state_numbers_analysed(task, dropped)
    yield from state_events_analysed(task, used)
    statement = contrast_statement(task).by(task.analysis.specification.method.value, unit="")
    for row in records(fit.ratios(conf_level=task.level)):
        about = statement.about(visit=task.outcome.time_point, term=str(row["contrast"]))
        if row["status"] == Status.ESTIMATED.value:
            yield from about.state_row(row, CONTRAST_STATS)
        else:
            yield from _state_nothing(about, task, used)


def state_events_analysed(task: Task, used: pd.DataFrame) -> Iterator[Result]:
    """How many events those analysed of each arm had, and how many had any."""
    happened = used[used[EVENT]]
    events = happened["arm"].value_counts()
    with_any = happened.drop_duplicates(SUBJECT)["arm"].value_counts()
    for arm in task.arms:
        about = statement_of(task).about(visit=task.outcome.time_point, arm=arm)
        yield about.state(Stat.N_EVENTS, int(events.get(arm, 0)))
        yield about.state(Stat.EVENTS, int(with_any.get(arm, 0)))


def _state_nothing(about: Statement, task: Task, used: pd.DataFrame) -> Iterator[Result]:
    """That a ratio is not there, and how many events each arm had."""
    note = f"not estimable: {no_event_words(task, used)}, so that the ratio has no finite estimate and no limits"
    lacking = replace(about, note=note, status=Status.NOT_ESTIMABLE)
    yield lacking.state(Stat.ESTIMATE, None)
    yield lacking.state(Stat.P_VALUE, None)


def no_event_words(task: Task, used: pd.DataFrame) -> str:
    """How many events there were in each arm, in words."""
    events = used.loc[used[EVENT], "arm"].value_counts()
    return ", ".join(
        f"{counted(int(events.get(arm, 0)), 'event')} in {task.protocol.arm(arm).label}"
        for arm in task.arms
    )
