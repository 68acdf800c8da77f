"""Planned comparisons that allow for clusters, and what the clusters are like."""

from collections.abc import Iterator

from trialkit.analysis.clusters.cluster_regression import cluster_regression
from trialkit.analysis.clusters.cluster_summaries import compare_cluster_summaries
from trialkit.analysis.mixed.linear_mixed_fit import LinearMixedFit
from trialkit.analysis.mixed.partially_nested import partially_nested
from trialkit.analysis.mixed.random_intercepts import random_intercepts
from trialkit.planned.methods.ancova import MEAN_STATS
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.clustered import state_clusters, state_contrasts, with_clusters
from trialkit.planned.task.components import state_components
from trialkit.planned.task.rates import exposure_of, with_exposure
from trialkit.planned.task.stating import (
    records,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.cluster_comparisons import (
    SUMMARIES_OF_CLUSTERS,
    ClusterCovarianceModel,
    ClusterIntercepts,
    ClusterMeansComparison,
    PartiallyNested,
)
from trialkit.protocol.methods.method import Response
from trialkit.results.lookup import Term
from trialkit.results.results import Result


def state_cluster_means(task: Task, specification: ClusterMeansComparison) -> Iterator[Result]:
    """The clusters' means, proportions or rates compared for each contrast, by a t test."""
    frame = with_exposure(with_clusters(task, specification), task)
    column = _column(task, specification.response)
    found = compare_cluster_summaries(
        frame,
        outcome=column,
        cluster="cluster",
        arm="arm",
        reference=task.reference,
        summary=SUMMARIES_OF_CLUSTERS[task.outcome.kind.summary],
        scale=specification.scale_of(task.outcome.type),
        weights=specification.weights,
        exposure=exposure_of(task),
        conf_level=task.level,
        subject="subject_id",
    )
    yield from state_numbers_analysed(task, found.excluded)
    yield from state_contrasts(task, found.to_frame())
    yield from state_clusters(task, frame, column)


def state_cluster_regression(task: Task, specification: ClusterCovarianceModel) -> Iterator[Result]:
    """The adjusted difference for each contrast, with an error that holds for clusters."""
    frame = with_clusters(task, specification)
    column = _column(task, specification.response)
    found = cluster_regression(
        frame,
        outcome=column,
        cluster="cluster",
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        covariance=specification.covariance,
        subject="subject_id",
    )
    yield from state_numbers_analysed(task, found.excluded)
    yield from state_contrasts(task, found.contrasts(conf_level=task.level))
    yield from state_clusters(task, frame, column)


def state_cluster_intercepts(task: Task, specification: ClusterIntercepts) -> Iterator[Result]:
    """The adjusted means and differences of a model with an intercept of each cluster."""
    frame = with_clusters(task, specification)
    fit = random_intercepts(
        frame,
        outcome=response_column(specification.response),
        arm="arm",
        reference=task.reference,
        cluster=("cluster", *specification.groupings),
        covariates=specification.covariates,
        inference=specification.inference,
        subject="subject_id",
    )
    yield from _state_mixed_model(task, fit)
    yield from state_clusters(task, frame, response_column(specification.response))
    if specification.groupings:
        yield from state_components(task, fit)


def state_partially_nested(task: Task, specification: PartiallyNested) -> Iterator[Result]:
    """The same of a model in which participants of some arms are in clusters."""
    frame = with_clusters(task, specification)
    clusters = task.protocol.clusters
    in_clusters = clusters.arms if clusters else ()
    fit = partially_nested(
        frame,
        outcome=response_column(specification.response),
        arm="arm",
        reference=task.reference,
        cluster="cluster",
        clustered_arms=in_clusters,
        residual_by_arm=specification.residual_by_arm,
        covariates=specification.covariates,
        inference=specification.inference,
        subject="subject_id",
    )
    yield from _state_mixed_model(task, fit)
    own = frame[frame["arm"].isin(in_clusters)]
    yield from state_clusters(task, own, response_column(specification.response))


def _state_mixed_model(task: Task, fit: LinearMixedFit) -> Iterator[Result]:
    yield from state_numbers_analysed(task, fit.excluded)
    statement = statement_of(task)
    for row in records(fit.marginal_means(conf_level=task.level)):
        about = statement.about(
            visit=task.outcome.time_point, term=Term.ADJUSTED_MEAN, arm=str(row["arm"])
        )
        yield from about.state_row(row, MEAN_STATS)
    yield from state_contrasts(task, fit.contrasts(conf_level=task.level), note=fit.note)


def _column(task: Task, response: Response) -> str:
    """The column that is compared: an event and a count have no change."""
    return response_column(response) if task.outcome.kind.has_change else "value"


CLUSTER_MEANS = MethodCard(specification=ClusterMeansComparison, carry_out=state_cluster_means)
CLUSTER_REGRESSION = MethodCard(
    specification=ClusterCovarianceModel, carry_out=state_cluster_regression
)
CLUSTER_INTERCEPTS = MethodCard(specification=ClusterIntercepts, carry_out=state_cluster_intercepts)
PARTIALLY_NESTED = MethodCard(specification=PartiallyNested, carry_out=state_partially_nested)
