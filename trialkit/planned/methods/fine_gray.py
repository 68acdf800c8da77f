"""A planned regression of the incidence of one of several competing events."""

from collections.abc import Iterator

from trialkit.analysis.survival.fine_gray import fine_gray
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.cox import no_finite_ratio, state_ratio
from trialkit.planned.methods.cumulative_incidence import EVENT_ITSELF
from trialkit.planned.methods.times_at import state_used
from trialkit.planned.task.stating import contrast_statement, records
from trialkit.planned.task.task import Task
from trialkit.planned.task.times import STATUS, TIME, censored_in, with_times
from trialkit.protocol.methods.fine_gray import SubdistributionHazards
from trialkit.results.results import Result


def state_fine_gray(task: Task, specification: SubdistributionHazards) -> Iterator[Result]:
    """The subdistribution hazard ratio of each arm and the reference."""
    frame = with_times(task, specification)
    fit = fine_gray(
        frame,
        time=TIME,
        event=STATUS,
        cause=EVENT_ITSELF,
        censored=censored_in(frame),
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        subject="subject_id",
    )
    yield from state_used(task, frame, [fit.excluded])
    statement = contrast_statement(task).by(specification.method.value, unit="")
    told = no_finite_ratio(task, frame, fit.excluded, of="subdistribution hazard ratio")
    for row in records(fit.hazard_ratios(conf_level=task.level)):
        about = statement.about(visit=task.outcome.time_point, term=str(row["contrast"]))
        yield from state_ratio(about, row | told)


FINE_GRAY = MethodCard(specification=SubdistributionHazards, carry_out=state_fine_gray)
