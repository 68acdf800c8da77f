"""The participants of an analysis in their clusters, and what these clusters are like."""

import math
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from trialkit.analysis.clusters.cluster_correlation import intracluster_correlation
from trialkit.analysis.clusters.cluster_rows import cluster_sizes
from trialkit.errors import AnalysisError
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.stating import contrast_statement, records, state_contrast, statement_of
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.specification import Specification
from trialkit.results.effect import MEASURES, Status
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

SIZES = {
    "clusters": Stat.N_CLUSTERS,
    "mean_size": Stat.CLUSTER_SIZE,
    "cv_size": Stat.CLUSTER_SIZE_CV,
}
"""The columns of an estimator's table of clusters, and what they are in the results."""
_HAVE_CORRELATION = frozenset({Summary.MEAN, Summary.PROPORTION})


def with_clusters(task: Task, specification: Specification) -> pd.DataFrame:
    """One row a participant, with the covariates and the cluster, which all who need one have."""
    return join_clusters(with_characteristics(task, specification), task)


def join_clusters(frame: pd.DataFrame, task: Task) -> pd.DataFrame:
    """The rows with the cluster of each participant.

    Raises :class:`AnalysisError` for a cluster that was allocated whole and is in two arms.
    """
    named = task.subjects[["subject_id", "cluster"]]
    rows = frame.merge(named, on="subject_id", how="left", validate="many_to_one")
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


def state_contrasts(task: Task, contrasts: pd.DataFrame, *, note: str = "") -> Iterator[Result]:
    """Each arm against the reference at the time point; what is compared with a normal has no ``df``.

    A ratio has no unit; a measure of risks is stated by its name, as everywhere.
    """
    statement = contrast_statement(task)
    effect = statement.effect
    if effect is not None and effect.scale in MEASURES:
        statement = statement.measure(MEASURES[effect.scale])
    elif effect is not None and effect.scale.is_ratio:
        statement = replace(statement, unit="")
    for row in records(contrasts):
        about = statement.about(visit=task.outcome.time_point, term=str(row["contrast"]), note=note)
        df = row.get(Stat.DF.value)
        finite = df if isinstance(df, float) and math.isfinite(df) else None
        yield from state_contrast(about, {**row, Stat.DF.value: finite})


def state_clusters(task: Task, frame: pd.DataFrame, column: str) -> Iterator[Result]:
    """How many clusters each arm has, how large they are, and how alike their participants.

    Of counts and times, for which participants were at risk for unequal times, no correlation is
    stated.
    """
    own = statement_of(task)
    about = own.by(own.method, unit="").about(visit=task.outcome.time_point, term=Term.CLUSTERS)
    for sizes in records(cluster_sizes(frame, cluster="cluster", arm="arm")):
        if sizes["arm"] in task.arms:
            of_arm = about.about(visit=about.visit, term=about.term, arm=str(sizes["arm"]))
            stated = {stat: float(str(sizes[name])) for name, stat in SIZES.items()}
            yield from of_arm.state_all(
                {stat: number for stat, number in stated.items() if not math.isnan(number)}
            )
    if task.outcome.kind.summary not in _HAVE_CORRELATION:
        return
    try:
        alike = intracluster_correlation(
            frame,
            outcome=column,
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
