"""A planned comparison of cumulative incidences: Gray's test, and their difference at one time."""

from collections.abc import Iterator

from trialkit.analysis.survival.cumulative_incidence import (
    CumulativeIncidence,
    cumulative_incidence,
)
from trialkit.analysis.survival.gray import gray_test
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.milestone import bare, no_variance
from trialkit.planned.methods.times_at import (
    state_compared,
    state_of_arms,
    state_used,
    time_of,
    when_of,
)
from trialkit.planned.task.stating import contrast_statement, records
from trialkit.planned.task.task import Task
from trialkit.planned.task.times import (
    STATUS,
    TIME,
    censored_in,
    of_two_arms,
    refuse_beyond,
    with_times,
)
from trialkit.protocol.methods.cumulative_incidence import IncidenceComparison
from trialkit.results.at_risk import AtRiskStatus
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

_OF_GRAY = (Stat.STATISTIC, Stat.DF, Stat.P_VALUE)
EVENT_ITSELF = AtRiskStatus.EVENT.value
"""What stands in ``status`` for the event of the outcome."""


def state_incidence(task: Task, specification: IncidenceComparison) -> Iterator[Result]:
    """The incidence of each arm at the time, and of each contrast Gray's test and the difference."""
    frame = with_times(task, specification)
    when = time_of(task, specification)
    refuse_beyond(when, frame, task, any_event=True)
    curves = cumulative_incidence(
        frame,
        time=TIME,
        event=STATUS,
        censored=censored_in(frame),
        arm="arm",
        reference=task.reference,
        limits=specification.limits,
        conf_level=task.level,
        subject="subject_id",
    )
    tests = [
        gray_test(
            own := of_two_arms(frame, task.reference, arm),
            time=TIME,
            event=STATUS,
            cause=EVENT_ITSELF,
            censored=censored_in(own),
            arm="arm",
            strata=specification.strata,
            reference=task.reference,
            subject="subject_id",
        )
        for arm in task.arms[1:]
    ]
    yield from state_used(task, frame, [curves.excluded, *(each.excluded for each in tests)])
    shares = _shares(curves, when)
    note = f"at {when_of(task, specification)}"
    yield from state_of_arms(task, shares, term=Term.WITH_EVENT, unit="", note=note)
    differences = curves.differences(
        [when], reference=task.reference, cause=EVENT_ITSELF, limits=specification.limits
    )
    statement = contrast_statement(task).by(specification.method.value, unit="")
    rows = zip(task.arms[1:], records(differences), tests, strict=True)
    for arm, row, test in rows:
        about = statement.about(visit=task.outcome.time_point, term=str(row["contrast"]), note=note)
        gray = {"statistic": test.statistic, "df": test.df, "p_value": test.p_value}
        without = no_variance(shares, (task.reference, arm), task, had="with")
        yield from state_compared(about, row | gray, without, tested=_OF_GRAY)


def _shares(curves: CumulativeIncidence, when: float) -> dict[str, dict[str, object]]:
    found = curves.at([when]).rename(columns={"incidence": "estimate"})
    own = found[found["cause"] == EVENT_ITSELF]
    return {str(row["arm"]): bare(row) for row in records(own)}


CUMULATIVE_INCIDENCE = MethodCard(specification=IncidenceComparison, carry_out=state_incidence)
