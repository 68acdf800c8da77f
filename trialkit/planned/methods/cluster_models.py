"""Planned models of events, counts and times of participants in clusters."""

from collections.abc import Iterator

import pandas as pd

from trialkit.analysis.gee.estimating import generalised_estimating_equations
from trialkit.analysis.gee.random_intercept import random_intercept_model
from trialkit.analysis.survival.cox import cox_regression
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.cox import no_finite_ratio, state_events, state_ratio
from trialkit.planned.task.clustered import (
    join_clusters,
    state_clusters,
    state_contrasts,
    with_clusters,
)
from trialkit.planned.task.rates import exposure_of, with_exposure
from trialkit.planned.task.stating import (
    contrast_statement,
    records,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.planned.task.times import EVENT, TIME, with_times
from trialkit.protocol.methods.cluster_models import FAMILIES, ClusterCox, ClusterGee, ClusterGlmm
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_cluster_gee(task: Task, specification: ClusterGee) -> Iterator[Result]:
    """The odds or rate ratio of each contrast, the working correlation, and the clusters."""
    frame = with_exposure(with_clusters(task, specification), task)
    fit = generalised_estimating_equations(
        frame,
        outcome="value",
        cluster="cluster",
        arm="arm",
        reference=task.reference,
        family=FAMILIES[task.outcome.kind.summary],
        correlation=specification.correlation,
        covariance=specification.covariance,
        compared_with=specification.compared_with,
        covariates=specification.covariates,
        exposure=exposure_of(task),
    )
    yield from state_numbers_analysed(task, _by_subject(fit.excluded, frame))
    for alpha in fit.alpha:
        yield statement_of(task).state(Stat.CORRELATION, float(alpha))
    yield from state_contrasts(task, fit.contrasts(conf_level=task.level))
    yield from state_clusters(task, frame, "value")


def state_cluster_glmm(task: Task, specification: ClusterGlmm) -> Iterator[Result]:
    """The ratio of each contrast within a cluster, the model's fit, and the clusters."""
    frame = with_exposure(with_clusters(task, specification), task)
    fit = random_intercept_model(
        frame,
        outcome="value",
        cluster="cluster",
        arm="arm",
        reference=task.reference,
        family=FAMILIES[task.outcome.kind.summary],
        nodes=specification.nodes,
        covariates=specification.covariates,
        exposure=exposure_of(task),
    )
    yield from state_numbers_analysed(task, _by_subject(fit.excluded, frame))
    of_the_model = statement_of(task).about(note=fit.note)
    yield of_the_model.state(Stat.LOG_LIKELIHOOD, fit.log_likelihood)
    yield of_the_model.state(Stat.SD_INTERCEPT, fit.sd_intercept)
    yield from state_contrasts(task, fit.contrasts(conf_level=task.level), note=fit.note)
    yield from state_clusters(task, frame, "value")


def state_cluster_cox(task: Task, specification: ClusterCox) -> Iterator[Result]:
    """The hazard ratio of each contrast, the events of each arm, and the clusters."""
    frame = join_clusters(with_times(task, specification), task)
    fit = cox_regression(
        frame,
        time=TIME,
        event=EVENT,
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        strata=specification.strata,
        ties=specification.ties,
        robust=True,
        cluster="cluster",
        subject="subject_id",
    )
    yield from state_numbers_analysed(task, fit.excluded)
    yield from state_events(task, frame, fit.excluded)
    statement = contrast_statement(task).by(specification.method.value, unit="")
    told = no_finite_ratio(task, frame, fit.excluded, of="hazard ratio")
    for row in records(fit.hazard_ratios(conf_level=task.level)):
        about = statement.about(visit=task.outcome.time_point, term=str(row["contrast"]))
        yield from state_ratio(about, row | told)
    yield from state_clusters(task, frame, TIME)


def _by_subject(excluded: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that the fit leaves out, by the participant of each."""
    return excluded.assign(subject=frame.loc[excluded["row"], "subject_id"].to_numpy())


CLUSTER_GEE = MethodCard(specification=ClusterGee, carry_out=state_cluster_gee)
CLUSTER_GLMM = MethodCard(specification=ClusterGlmm, carry_out=state_cluster_glmm)
CLUSTER_COX = MethodCard(specification=ClusterCox, carry_out=state_cluster_cox)
