"""A planned comparison of the shares that are without the event at one time."""

from collections.abc import Iterator

from trialkit.analysis.survival.kaplan_meier import KaplanMeier, kaplan_meier
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.times_at import (
    state_compared,
    state_of_arms,
    state_used,
    time_of,
    when_of,
)
from trialkit.planned.task.stating import contrast_statement, records
from trialkit.planned.task.task import Task
from trialkit.planned.task.times import EVENT, TIME, refuse_beyond, with_times
from trialkit.protocol.methods.milestone import Milestone
from trialkit.results.lookup import Term
from trialkit.results.results import Result


def state_milestone(task: Task, specification: Milestone) -> Iterator[Result]:
    """The share of each arm without the event at the time, and the difference of each contrast."""
    frame = with_times(task, specification)
    when = time_of(task, specification)
    refuse_beyond(when, frame, task, any_event=False)
    curves = kaplan_meier(
        frame,
        time=TIME,
        event=EVENT,
        arm="arm",
        reference=task.reference,
        limits=specification.limits,
        conf_level=task.level,
        subject="subject_id",
    )
    yield from state_used(task, frame, [curves.excluded])
    shares = _shares(curves, when)
    note = f"at {when_of(task, specification)}"
    yield from state_of_arms(task, shares, term=Term.WITHOUT_EVENT, unit="", note=note)
    rows = records(
        curves.differences([when], reference=task.reference, limits=specification.limits)
    )
    statement = contrast_statement(task).by(specification.method.value, unit="")
    for arm, row in zip(task.arms[1:], rows, strict=True):
        about = statement.about(visit=task.outcome.time_point, term=str(row["contrast"]), note=note)
        without = no_variance(shares, (task.reference, arm), task, had="without")
        yield from state_compared(about, row, without)


def _shares(curves: KaplanMeier, when: float) -> dict[str, dict[str, object]]:
    found = curves.at([when]).rename(columns={"survival": "estimate"})
    return {str(row["arm"]): bare(row) for row in records(found)}


def bare(row: dict[str, object]) -> dict[str, object]:
    """The share of an arm; one of none and of all has no limits, for its curve has no variance."""
    if row["estimate"] in {0, 1}:
        return {**row, "se": None, "conf_low": None, "conf_high": None, "conf_level": None}
    return row


def no_variance(
    shares: dict[str, dict[str, object]], arms: tuple[str, ...], task: Task, *, had: str
) -> str:
    """Why two shares have no test: one of them is of none or of all; blank where they have one."""
    at_edge = [
        f"{task.protocol.arm(arm).label} ({'all' if shares[arm]['estimate'] == 1 else 'none'} {had} it)"
        for arm in arms
        if shares[arm]["estimate"] in {0, 1}
    ]
    if not at_edge:
        return ""
    return (
        f"the curve has no variance by then in {' and '.join(at_edge)}, so that the difference of the "
        "shares has neither limits nor a test"
    )


MILESTONE = MethodCard(specification=Milestone, carry_out=state_milestone)
