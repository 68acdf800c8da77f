"""Planned generalised estimating equations: the arms at each visit, and the working correlation."""

from collections.abc import Iterator

from trialkit.analysis.gee.estimating import EstimatingEquations, generalised_estimating_equations
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.stating import state_numbers_analysed, statement_of
from trialkit.planned.task.task import Task
from trialkit.planned.task.visits_compared import state_at_visits, visits_after_baseline
from trialkit.protocol.methods.gee import Gee
from trialkit.protocol.methods.generalised_models import WorkingCorrelation
from trialkit.protocol.methods.repeated_events import family_of
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_gee(task: Task, specification: Gee) -> Iterator[Result]:
    """The rows of a GEE; its headline is the contrast at the time point."""
    yield from state_numbers_analysed(task)
    fit = generalised_estimating_equations(
        visits_after_baseline(task, specification),
        outcome="value",
        subject="subject_id",
        visit="visit",
        arm="arm",
        reference=task.reference,
        family=family_of(task.outcome.type),
        correlation=specification.correlation,
        covariance=specification.covariance,
        compared_with=specification.compared_with,
        covariates=specification.covariates,
        by_visit=True,
    )
    yield from _correlations(task, fit)
    yield from state_at_visits(task, fit.contrasts(conf_level=task.level))


def _correlations(task: Task, fit: EstimatingEquations) -> Iterator[Result]:
    """The working correlation of each two visits, where there is one."""
    if fit.correlation is WorkingCorrelation.INDEPENDENCE:
        return
    about = statement_of(task)
    visits, matrix = fit.long.visits, fit.solved.correlation
    for place, first in enumerate(visits):
        for other in range(place + 1, len(visits)):
            where = about.about(term=f"{first}, {visits[other]}")
            yield where.state(Stat.CORRELATION, float(matrix[place, other]))


GEE = MethodCard(specification=Gee, carry_out=state_gee)
