"""What the comparisons of times at one time share: how a share or mean of an arm, and a contrast, is stated."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from trialkit.planned.methods.cox import state_events
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    Statement,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.at_a_time import AtATime
from trialkit.protocol.trial.at_risk import TimeAtRisk
from trialkit.protocol.trial.time_points import in_its_unit, stated_time
from trialkit.results.effect import Status
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

_OF_AN_ARM = (Stat.ESTIMATE, Stat.SE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)


def time_of(task: Task, specification: AtATime) -> float:
    """The time at which, or up to which, the plan compares the arms."""
    return stated_time(specification.at, task.outcome, task.protocol)


def when_of(task: Task, specification: AtATime) -> str:
    """That time with its unit."""
    return in_its_unit(time_of(task, specification), task.outcome)


def unit_of(task: Task) -> str:
    """In what the time at risk is counted."""
    return (task.outcome.risk or TimeAtRisk()).unit.value


def state_used(
    task: Task, frame: pd.DataFrame, dropped: Iterable[pd.DataFrame]
) -> Iterator[Result]:
    """How many of each arm are used by at least one comparison, and how many had the event."""
    left_out = pd.concat(dropped, ignore_index=True).drop_duplicates()
    yield from state_numbers_analysed(task, left_out)
    yield from state_events(task, frame, left_out)


def state_of_arms(
    task: Task, rows: Mapping[str, Mapping[str, object]], *, term: Term, unit: str, note: str
) -> Iterator[Result]:
    """A number of each arm, in the order of the arms, with its limits as far as it has any."""
    statement = statement_of(task)
    for arm in task.arms:
        about = statement.about(visit=task.outcome.time_point, term=term, arm=arm, note=note)
        own = about.by(about.method, unit=unit)
        row = rows[arm]
        if pd.isna(row[Stat.ESTIMATE.value]):  # type: ignore[call-overload]
            yield replace(own.state(Stat.ESTIMATE, None), status=Status.NOT_ESTIMABLE)
            continue
        yield from own.state_row(row, _OF_AN_ARM)


def state_compared(
    about: Statement,
    row: Mapping[str, object],
    without: str,
    *,
    tested: tuple[Stat, ...] = (),
) -> Iterator[Result]:
    """A difference with its test; ``without`` says why it has no limits, blank where it has.

    ``tested`` are the statistics of a test that does not need them.
    """
    if not without:
        yield from about.state_row(row, CONTRAST_STATS)
        return
    nothing = replace(
        about,
        note="; ".join(filter(None, (f"not estimable: {without}", about.note))),
        status=Status.NOT_ESTIMABLE,
    )
    yield nothing.state(Stat.ESTIMATE, None)
    if tested:
        yield from about.state_row(row, tested)
    else:
        yield nothing.state(Stat.P_VALUE, None)
