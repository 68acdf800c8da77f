"""Planned comparisons that allow for clusters, and what the clusters are like."""

import math
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from trialkit.analysis.clusters.cluster_correlation import intracluster_correlation
from trialkit.analysis.clusters.cluster_regression import cluster_regression
from trialkit.analysis.clusters.cluster_rows import cluster_sizes
from trialkit.analysis.clusters.cluster_summaries import compare_cluster_summaries
from trialkit.analysis.mixed.linear_mixed_fit import LinearMixedFit
from trialkit.analysis.mixed.partially_nested import partially_nested
from trialkit.analysis.mixed.random_intercepts import random_intercepts
from trialkit.errors import AnalysisError
from trialkit.planned.methods.ancova import MEAN_STATS
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.stating import (
    contrast_statement,
    records,
    state_contrast,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.cluster_comparisons import (
    ClusterCovarianceModel,
    ClusterIntercepts,
    ClusterMeansComparison,
    PartiallyNested,
)
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.specification import Specification
from trialkit.results.effect import Status
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

SIZES = {
    "clusters": Stat.N_CLUSTERS,
    "mean_size": Stat.CLUSTER_SIZE,
    "cv_size": Stat.CLUSTER_SIZE_CV,
}
"""The columns of an estimator's table of clusters, and what they are in the results."""


def state_cluster_means(task: Task, specification: ClusterMeansComparison) -> Iterator[Result]:
    """The difference of the clusters' means for each contrast, by a t test."""
    frame = _with_clusters(task, specification)
    found = compare_cluster_summaries(
        frame,
        outcome=response_column(specification.response),
        cluster="cluster",
        arm="arm",
        reference=task.reference,
        weights=specification.weights,
        conf_level=task.level,
        subject="subject_id",
    )
    yield from state_numbers_analysed(task, found.excluded)
    yield from _state_contrasts(task, found.to_frame())
    yield from _state_clusters(task, frame, specification.response)


def state_cluster_regression(task: Task, specification: ClusterCovarianceModel) -> Iterator[Result]:
    """The adjusted difference for each contrast, with an error that holds for clusters."""
    frame = _with_clusters(task, specification)
    found = cluster_regression(
        frame,
        outcome=response_column(specification.response),
        cluster="cluster",
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        covariance=specification.covariance,
        subject="subject_id",
    )
    yield from state_numbers_analysed(task, found.excluded)
    yield from _state_contrasts(task, found.contrasts(conf_level=task.level))
    yield from _state_clusters(task, frame, specification.response)


def state_cluster_intercepts(task: Task, specification: ClusterIntercepts) -> Iterator[Result]:
    """The adjusted means and differences of a model with an intercept of each cluster."""
    frame = _with_clusters(task, specification)
    fit = random_intercepts(
        frame,
        outcome=response_column(specification.response),
        arm="arm",
        reference=task.reference,
        cluster="cluster",
        covariates=specification.covariates,
        inference=specification.inference,
        subject="subject_id",
    )
    yield from _state_mixed_model(task, fit)
    yield from _state_clusters(task, frame, specification.response)


def state_partially_nested(task: Task, specification: PartiallyNested) -> Iterator[Result]:
    """The same of a model in which participants of some arms are in clusters."""
    frame = _with_clusters(task, specification)
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
    yield from _state_clusters(task, frame[frame["arm"].isin(in_clusters)], specification.response)


def _state_mixed_model(task: Task, fit: LinearMixedFit) -> Iterator[Result]:
    yield from state_numbers_analysed(task, fit.excluded)
    statement = statement_of(task)
    for row in records(fit.marginal_means(conf_level=task.level)):
        about = statement.about(
            visit=task.outcome.time_point, term=Term.ADJUSTED_MEAN, arm=str(row["arm"])
        )
        yield from about.state_row(row, MEAN_STATS)
    yield from _state_contrasts(task, fit.contrasts(conf_level=task.level), note=fit.note)


def _with_clusters(task: Task, specification: Specification) -> pd.DataFrame:
    """One row a participant, with the covariates and the cluster, which all who need one have."""
    named = task.subjects[["subject_id", "cluster"]]
    rows = with_characteristics(task, specification).merge(
        named, on="subject_id", how="left", validate="many_to_one"
    )
    _refuse_clusters_allocated_to_two_arms(rows, task)
    return rows


def _refuse_clusters_allocated_to_two_arms(rows: pd.DataFrame, task: Task) -> None:
    """A cluster that was allocated whole is in one arm: else its name is of two, or an arm is wrong.

    The arm is the allocated one, in any population: who received another arm stays in the cluster.
    """
    clusters = task.protocol.clusters
    if clusters is None or not clusters.randomised:
        return
    allocated = rows[["subject_id", "cluster"]].merge(
        task.subjects[["subject_id", "arm"]], on="subject_id", how="left", validate="many_to_one"
    )
    arms = allocated.groupby("cluster", sort=True)["arm"].nunique()
    if (arms > 1).any():
        name = str(arms.index[arms > 1][0])
        raise AnalysisError(
            f"{clusters.label} {name!r} has participants of {int(arms[name])} arms, and "
            f"{clusters.plural} were allocated whole",
            advice="correct the arm or the name, or make the names unique over the arms; say "
            "randomised = false in [clusters] where participants were allocated",
        )


def _state_contrasts(task: Task, contrasts: pd.DataFrame, *, note: str = "") -> Iterator[Result]:
    statement = contrast_statement(task)
    for row in records(contrasts):
        about = statement.about(visit=task.outcome.time_point, term=str(row["contrast"]), note=note)
        yield from state_contrast(about, row)


def _state_clusters(task: Task, frame: pd.DataFrame, response: Response) -> Iterator[Result]:
    """How many clusters each arm has, how large they are, and how alike their participants."""
    own = statement_of(task)
    about = own.by(own.method, unit="").about(visit=task.outcome.time_point, term=Term.CLUSTERS)
    for sizes in records(cluster_sizes(frame, cluster="cluster", arm="arm")):
        if sizes["arm"] in task.arms:
            of_arm = about.about(visit=about.visit, term=about.term, arm=str(sizes["arm"]))
            stated = {stat: float(str(sizes[name])) for name, stat in SIZES.items()}
            yield from of_arm.state_all(
                {stat: number for stat, number in stated.items() if not math.isnan(number)}
            )
    try:
        alike = intracluster_correlation(
            frame,
            outcome=response_column(response),
            cluster="cluster",
            arm="arm",
            conf_level=task.level,
        )
    except AnalysisError as error:
        row = about.state(Stat.ICC, None, note=f"not estimable: {error.reason}")
        yield replace(row, status=Status.NOT_ESTIMABLE)
        return
    yield from about.state_all(
        {
            Stat.ICC: alike.icc,
            Stat.CONF_LOW: alike.conf_low,
            Stat.CONF_HIGH: alike.conf_high,
            Stat.CONF_LEVEL: alike.conf_level,
            Stat.DESIGN_EFFECT: alike.design_effect,
        }
    )


CLUSTER_MEANS = MethodCard(specification=ClusterMeansComparison, carry_out=state_cluster_means)
CLUSTER_REGRESSION = MethodCard(
    specification=ClusterCovarianceModel, carry_out=state_cluster_regression
)
CLUSTER_INTERCEPTS = MethodCard(specification=ClusterIntercepts, carry_out=state_cluster_intercepts)
PARTIALLY_NESTED = MethodCard(specification=PartiallyNested, carry_out=state_partially_nested)
