"""A planned comparison of restricted mean times without the event."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from trialkit.analysis.survival.restricted_mean import RestrictedMeans, restricted_mean
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.times_at import (
    state_compared,
    state_of_arms,
    state_used,
    time_of,
    unit_of,
    when_of,
)
from trialkit.planned.task.stating import EFFECT_STATS, Statement, contrast_statement, records
from trialkit.planned.task.task import Task
from trialkit.planned.task.times import EVENT, TIME, of_two_arms, refuse_beyond, with_times
from trialkit.protocol.methods.restricted_mean import RESTRICTED_SCALES, RestrictedMean
from trialkit.protocol.methods.time_to_event import RestrictedContrast
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import OTHER_RESTRICTED

NO_EVENTS = "nobody of either arm had the event by then, so that there is no standard error"


def state_restricted_mean(task: Task, specification: RestrictedMean) -> Iterator[Result]:
    """The restricted mean of each arm, then each contrast as the plan names it, and the other one."""
    frame = with_times(task, specification)
    when = time_of(task, specification)
    refuse_beyond(when, frame, task, any_event=False)
    found = [
        restricted_mean(
            of_two_arms(frame, task.reference, arm),
            time=TIME,
            event=EVENT,
            arm="arm",
            reference=task.reference,
            horizon=when,
            conf_level=task.level,
            subject="subject_id",
        )
        for arm in task.arms[1:]
    ]
    yield from state_used(task, frame, [each.excluded for each in found])
    yield from state_of_arms(
        task,
        _of_arms(found),
        term=Term.RESTRICTED_MEAN,
        unit=unit_of(task),
        note=f"up to {when_of(task, specification)}",
    )
    for each in found:
        for row in records(each.to_frame()):
            yield from _state(task, specification, row)


def _of_arms(found: list[RestrictedMeans]) -> Mapping[str, Mapping[str, object]]:
    rows = pd.concat([each.of_arms() for each in found]).drop_duplicates("arm")
    return {str(row["arm"]): row for row in records(rows)}


def _state(
    task: Task, specification: RestrictedMean, row: Mapping[str, object]
) -> Iterator[Result]:
    kind = RestrictedContrast(str(row["scale"]))
    about = contrast_statement(task).about(
        visit=task.outcome.time_point, term=str(row["contrast"]),
        note=f"up to {when_of(task, specification)}",
    )  # fmt: skip
    unit = unit_of(task) if kind is RestrictedContrast.DIFFERENCE else ""
    without = NO_EVENTS if pd.isna(row["p_value"]) else ""  # type: ignore[call-overload]
    if kind is specification.contrast:
        yield from state_compared(about.by(about.method, unit=unit), row, without)
    elif not without:
        yield from (
            _beside(about, kind).by(OTHER_RESTRICTED[kind], unit=unit).state_row(row, EFFECT_STATS)
        )


def _beside(about: Statement, kind: RestrictedContrast) -> Statement:
    """The same contrast on the scale that the plan does not test."""
    effect = about.effect
    if effect is None:
        return about
    scale = RESTRICTED_SCALES[kind]
    return about.of(replace(effect, scale=scale, has_headline_p=False, agrees=False))


RESTRICTED_MEAN = MethodCard(specification=RestrictedMean, carry_out=state_restricted_mean)
