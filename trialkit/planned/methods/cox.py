"""A planned Cox regression: hazard ratios, and whether they change with time."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from trialkit.analysis.survival.cox import CoxRegression, cox_regression
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.kernel import Kernel
from trialkit.planned.methods.time_kernel import decide_cox, refuse_cox
from trialkit.planned.task.covariates import title_of
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    Statement,
    contrast_statement,
    records,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.planned.task.times import EVENT, TIME, with_times
from trialkit.protocol.methods.cox import Cox
from trialkit.protocol.methods.diagnostics import Check
from trialkit.protocol.methods.method import Method
from trialkit.results.effect import Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

TESTED_BY = "score test of Grambsch and Therneau, time as 1 minus the survival of all"
_PLACES = {"arm": "arm", "global": "all terms together"}


def state_cox(task: Task, specification: Cox) -> Iterator[Result]:
    """Hazard ratios at the time point, events of each arm, and tests of proportional hazards."""
    frame = with_times(task, specification)
    fit = fit_cox_of(task, specification, frame)
    yield from state_numbers_analysed(task, fit.excluded)
    yield from state_events(task, frame, fit.excluded)
    visit = task.outcome.time_point
    statement = contrast_statement(task).by(specification.method.value, unit="")
    ratios = fit.hazard_ratios(limits=specification.limits, conf_level=task.level)
    told = _without_ratio(task, specification, frame, fit)
    for row in records(ratios):
        yield from state_ratio(statement.about(visit=visit, term=str(row["contrast"])), row | told)
    yield from _proportionality(
        statement_of(task).by(specification.method.value, unit=""), fit, task
    )


def _without_ratio(
    task: Task, specification: Cox, frame: pd.DataFrame, fit: CoxRegression
) -> dict[str, object]:
    """Why a ratio is not there, where nobody of an arm had the event; nothing where all had some."""
    why = no_finite_ratio(task, frame, fit.excluded, of="hazard ratio")
    instead = "robust = false and " if specification.robust else ""
    return why and {
        "note": f'{why["note"]}; {instead}limits = "profile" gives it one limit and a p value'
    }


def no_finite_ratio(
    task: Task, frame: pd.DataFrame, excluded: pd.DataFrame, *, of: str
) -> dict[str, object]:
    """The note of a ratio that nobody's event in an arm makes 0 or infinite; nothing where all had some."""
    used = frame[~frame["subject_id"].isin(excluded["subject"])]
    had, total = (
        each["arm"].value_counts().reindex(task.arms, fill_value=0)
        for each in (used[used[EVENT]], used)
    )
    if (had > 0).all():
        return {}
    counts = [f"{had[arm]} of {total[arm]} in {task.protocol.arm(arm).label}" for arm in task.arms]
    return {
        "note": f"not estimable: {', '.join(counts)} had the event, so that the {of} has no finite "
        "estimate and no Wald limits"
    }


def fit_cox_of(task: Task, specification: Cox, frame: pd.DataFrame) -> CoxRegression:
    """The model as the plan declares it."""
    return cox_regression(
        frame,
        time=TIME,
        event=EVENT,
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        strata=specification.strata,
        ties=specification.ties,
        robust=specification.robust,
        subject="subject_id",
    )


def state_events(task: Task, frame: pd.DataFrame, dropped: pd.DataFrame) -> Iterator[Result]:
    """How many of those analysed of each arm had the event."""
    used = frame[~frame["subject_id"].isin(dropped["subject"])]
    happened = used.loc[used[EVENT], "arm"].value_counts()
    for arm in task.arms:
        about = statement_of(task).about(visit=task.outcome.time_point, arm=arm)
        yield about.state(Stat.EVENTS, int(happened.get(arm, 0)))


def state_ratio(about: Statement, row: Mapping[str, object]) -> Iterator[Result]:
    """A hazard ratio with its limits and its test; one that the data do not give says why."""
    if row.get("status", Status.ESTIMATED.value) == Status.ESTIMATED.value:
        yield from about.state_row(row, CONTRAST_STATS)
        return
    nothing = replace(about, note=str(row["note"]), status=Status.NOT_ESTIMABLE)
    yield nothing.state(Stat.ESTIMATE, None)
    yield from nothing.state_row(row, (Stat.P_VALUE,))


def _proportionality(statement: Statement, fit: CoxRegression, task: Task) -> Iterator[Result]:
    """The test of each term and of all together; none of a model whose ratio has no limits."""
    if (fit.fit.maximum.unbounded != 0).any() or fit.fit.ties.value == "exact":
        return
    for row in records(fit.proportional_hazards()):
        name = str(row["term"])
        place = _PLACES.get(name) or title_of(name, task)
        about = statement.about(term=f"{Check.PROPORTIONAL_HAZARDS.value}: {place}", note=TESTED_BY)
        yield from about.state_row(row, (Stat.STATISTIC, Stat.DF, Stat.P_VALUE))


COX = MethodCard(
    specification=Cox,
    carry_out=state_cox,
    kernel=Kernel(methods=(Method.COX,), decide=decide_cox, refusal=refuse_cox),
)
