"""A planned mixed model with a random intercept: the arms at each visit, for one participant."""

from collections.abc import Iterator

from trialkit.analysis.gee.random_intercept import random_intercept_model
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.stating import state_numbers_analysed, statement_of
from trialkit.planned.task.task import Task
from trialkit.planned.task.visits_compared import state_at_visits, visits_after_baseline
from trialkit.protocol.methods.glmm import Glmm
from trialkit.protocol.methods.repeated_events import family_of
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_glmm(task: Task, specification: Glmm) -> Iterator[Result]:
    """The rows of the model; its headline is the contrast at the time point."""
    yield from state_numbers_analysed(task)
    fit = random_intercept_model(
        visits_after_baseline(task, specification),
        outcome="value",
        subject="subject_id",
        visit="visit",
        arm="arm",
        reference=task.reference,
        family=family_of(task.outcome.type),
        nodes=specification.nodes,
        covariates=specification.covariates,
        by_visit=True,
    )
    of_the_model = statement_of(task).about(note=fit.note)
    yield of_the_model.state(Stat.LOG_LIKELIHOOD, fit.log_likelihood)
    yield of_the_model.state(Stat.SD_INTERCEPT, fit.sd_intercept)
    yield from state_at_visits(task, fit.contrasts(conf_level=task.level), note=fit.note)


GLMM = MethodCard(specification=Glmm, carry_out=state_glmm)
