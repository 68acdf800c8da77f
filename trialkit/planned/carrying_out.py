"""The plan is carried out: each analysis by its method, and the results are their rows."""

from collections.abc import Callable, Collection, Iterable

from trialkit.datasets.model import Datasets
from trialkit.errors import AnalysisError
from trialkit.planned.counts.adherence import state_adherence
from trialkit.planned.counts.baseline import state_baseline
from trialkit.planned.counts.conduct import observe_conduct
from trialkit.planned.counts.descriptive import state_description
from trialkit.planned.counts.harms import state_harms
from trialkit.planned.counts.intercurrent import state_intercurrent, state_treated
from trialkit.planned.counts.participation import state_participation
from trialkit.planned.families import state_adjusted
from trialkit.planned.impossible import (
    state_impossible,
    state_impossible_arms,
    state_not_asked,
    to_come,
)
from trialkit.planned.methods.methods import card_of
from trialkit.planned.series.changes import change_series
from trialkit.planned.series.courses import course_series
from trialkit.planned.series.missing_patterns import missing_pattern_series
from trialkit.planned.series.recurrences import recurrence_series
from trialkit.planned.series.times import time_series
from trialkit.planned.task.task import Task, tasks
from trialkit.planned.together import together_series
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.external import NOTHING_EXTERNAL, ExternalTables
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result, Results
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat

Progress = Callable[[str], None]
"""Called with a few words before each step that may take long."""


def silently(_: str) -> None:
    """Progress that nobody watches."""


def carry_out(
    protocol: Protocol,
    datasets: Datasets,
    *,
    external: ExternalTables = NOTHING_EXTERNAL,
    only: Collection[str] = (),
    progress: Progress = silently,
) -> Results:
    """Every analysis of the plan, described, carried out and adjusted.

    One that these data do not allow leaves the others alone: its rows have no numbers and say why.
    There is no falling back on another method. ``external`` are the results of those that another
    program carries out. ``only`` are the ids of the analyses that are asked
    for, all when there is none; the rows of the others say that they were left out. Of a pooled
    protocol all are left out, and nothing is adjusted.
    """
    rows = [*state_baseline(protocol, datasets), *state_description(protocol, datasets)]
    series: list[Series] = []
    treated: list[Result] = []
    for task in tasks(protocol, datasets, external):
        progress(f"{task.analysis.id}: {task.outcome.label}")
        asked = not protocol.is_pooled and (not only or task.analysis.id in only)
        stated = _carried_out(task) if asked else [*state_not_asked(task)]
        rows += [each for each in stated if isinstance(each, Result)]
        series += [each for each in stated if isinstance(each, Series)]
        treated += state_treated(task) if asked else ()
    rows += () if protocol.is_pooled else state_adjusted(protocol, rows)
    rows += state_adherence(datasets)
    rows += state_harms(protocol, datasets)
    rows += state_participation(protocol, datasets, _analysed_outside(protocol, rows))
    rows += [*state_intercurrent(protocol, datasets), *treated]
    index = ResultIndex(Results(rows=tuple(rows)))
    series += course_series(protocol, datasets, index)
    series += change_series(protocol, datasets)
    series += time_series(protocol, datasets)
    series += recurrence_series(protocol, datasets)
    series += missing_pattern_series(protocol, datasets)
    series += together_series(protocol, rows)
    return Results(rows=tuple(rows), series=tuple(series), conduct=observe_conduct(datasets))


def _analysed_outside(protocol: Protocol, rows: Iterable[Result]) -> dict[str, int]:
    """How many of each arm the primary analysis used, where another program made it."""
    primary = protocol.primary
    outside = {
        each.id
        for each in protocol.plan.analyses
        if each.role is AnalysisRole.PRIMARY
        and primary.code in each.outcomes
        and each.specification.made_outside is not None
    }
    return {
        row.arm: int(row.stat)
        for row in rows
        if row.analysis_id in outside
        and (row.outcome, row.visit) == (primary.code, primary.time_point)
        and row.stat_name is Stat.N
        and row.arm
        and row.stat is not None
    }


def _carried_out(task: Task) -> list[Result | Series]:
    try:
        return _analysed(task)
    except AnalysisError as error:
        found = _of_possible_pairs(task)
        return found or list(state_impossible(task, error))


def _analysed(task: Task) -> list[Result | Series]:
    specification = task.analysis.specification
    rows = card_of(specification).analyse(task, specification)
    return rows if task.due.is_due else list(to_come(rows, task))


def _of_possible_pairs(task: Task) -> list[Result | Series]:
    """The contrasts that the data allow though not all; none where they stand or fall together.

    A joint model, such as that of an ANCOVA, is not fitted without one of its arms: its variance and
    slopes are those of all arms, so that the others would be compared by another model than planned.
    """
    if not (task.analysis.specification.compares_pairs and task.due.is_due):
        return []
    possible: list[str] = []
    impossible: dict[str, AnalysisError] = {}
    for arm in task.arms[1:]:
        try:
            _analysed(task.of_arms((task.reference, arm)))
        except AnalysisError as error:
            impossible[arm] = error
        else:
            possible.append(arm)
    if not possible or not impossible:
        return []
    stated = _analysed(task.of_arms((task.reference, *possible)))
    return [*stated, *state_impossible_arms(task, impossible)]
