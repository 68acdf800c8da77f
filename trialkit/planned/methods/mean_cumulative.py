"""A planned comparison of mean cumulative functions at a time."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from trialkit.analysis.recurrent.mean_cumulative import MeanCumulative, mean_cumulative
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.recurrent_models import no_event_words, state_events_analysed
from trialkit.planned.methods.times_at import time_of, when_of
from trialkit.planned.task.intervals import EVENT, START, STOP, SUBJECT, with_intervals
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    EFFECT_STATS,
    Statement,
    contrast_statement,
    records,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.mean_cumulative import MeanCumulativeComparison, MeanNumbers
from trialkit.results.effect import Status
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_mean_cumulative(task: Task, specification: MeanCumulativeComparison) -> Iterator[Result]:
    """Each arm's mean number of events by the time, and its difference or ratio to the reference's."""
    rows = with_intervals(task, specification)
    fit = mean_cumulative(
        rows,
        subject=SUBJECT,
        start=START,
        stop=STOP,
        event=EVENT,
        arm="arm",
        reference=task.reference,
        limits=specification.limits,
        conf_level=task.level,
    )
    when = time_of(task, specification)
    said = when_of(task, specification)
    note = f"at {said}"
    yield from state_numbers_analysed(task, fit.excluded.drop_duplicates("subject"))
    yield from state_events_analysed(task, rows)
    yield from _means(task, fit, when, note=note)
    compared = _COMPARED[specification.compare](fit, [when], reference=task.reference)
    is_ratio = specification.compare is MeanNumbers.RATIO
    statement = contrast_statement(task)
    statement = statement.by(statement.method, unit="") if is_ratio else statement
    for row in records(compared):
        about = statement.about(visit=task.outcome.time_point, term=str(row["contrast"]), note=note)
        if pd.isna(row["p_value"]):  # type: ignore[call-overload]
            yield from _state_nothing(about, _why(task, fit, rows, when, said))
        else:
            yield from about.state_row(row, CONTRAST_STATS)


_COMPARED = {
    MeanNumbers.DIFFERENCE: MeanCumulative.differences,
    MeanNumbers.RATIO: MeanCumulative.ratios,
}


def _means(task: Task, fit: MeanCumulative, when: float, *, note: str) -> Iterator[Result]:
    """The means of the arms; one later than anybody was watched is left out, and that of none has no limits."""
    for row in records(fit.at([when]).rename(columns={"mean": "estimate"})):
        about = statement_of(task).about(
            visit=task.outcome.time_point, term=Term.MEAN_NUMBER, arm=str(row["arm"]), note=note
        )
        stats = EFFECT_STATS if row["estimate"] else (Stat.ESTIMATE,)
        yield from about.state_row(row, stats)


def _why(task: Task, fit: MeanCumulative, rows: pd.DataFrame, when: float, said: str) -> str:
    """Why there is no comparison: an arm that nobody was watched in for so long, or without event."""
    means = fit.at([when])
    early = means.loc[means["mean"].isna(), "arm"].tolist()
    if early:
        names = " or ".join(task.protocol.arm(str(arm)).label for arm in early)
        return f"nobody in {names} was followed for {said}"
    return f"{no_event_words(task, rows[rows[STOP] <= when])} by then"


def _state_nothing(about: Statement, why: str) -> Iterator[Result]:
    note = f"not estimable {about.note}: {why}"
    lacking = replace(about, note=note, status=Status.NOT_ESTIMABLE)
    yield lacking.state(Stat.ESTIMATE, None)
    yield lacking.state(Stat.P_VALUE, None)


MEAN_CUMULATIVE = MethodCard(
    specification=MeanCumulativeComparison, carry_out=state_mean_cumulative
)
