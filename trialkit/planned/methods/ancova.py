"""A planned analysis of covariance: adjusted means and adjusted differences."""

from collections.abc import Iterator

import numpy as np

from trialkit.analysis.diagnosing.diagnostics import diagnose_ancova
from trialkit.analysis.linear.ancova import Ancova as AncovaFit
from trialkit.analysis.linear.ancova import ancova
from trialkit.analysis.means.batched_means import ancova_batch
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.diagnostics import state_diagnostics
from trialkit.planned.methods.kernel import (
    Decisions,
    Kernel,
    SimulatedTrials,
    decided,
    refuse_adjusted,
)
from trialkit.planned.series.residuals import residual_series
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.stating import (
    contrast_statement,
    contrast_stats,
    records,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment, OutcomeScale
from trialkit.protocol.methods.method import Method
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat

ADJUSTED_MEAN = "adjusted mean"
MEAN_STATS = (Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.CONF_LOW, Stat.CONF_HIGH)


def state_ancova(task: Task, specification: Ancova) -> Iterator[Result | Series]:
    """The rows of an ANCOVA; its headline is the adjusted difference at the time point."""
    yield from state_numbers_analysed(task)
    fit = fit_ancova(task, specification)
    statement = statement_of(task)
    of_contrast = contrast_statement(task)
    visit = task.outcome.time_point
    for row in records(fit.marginal_means(weights=specification.weights, conf_level=task.level)):
        about = statement.about(visit=visit, term=ADJUSTED_MEAN, arm=str(row["arm"]))
        yield from about.state_row(row, MEAN_STATS)
    contrasts = fit.contrasts(
        comparisons=specification.comparisons,
        adjustment=specification.adjustment,
        conf_level=task.level,
    )
    if specification.scale is OutcomeScale.LOG:
        of_contrast = of_contrast.by(statement.method, unit="")
    for row in records(contrasts):
        about = of_contrast.about(visit=visit, term=str(row["contrast"]))
        yield from about.state_row(row, contrast_stats(specification.adjustment))
    yield from state_diagnostics(statement, diagnose_ancova(fit))
    left, arms = fit.model.fit.residuals, fit.rows.arm
    yield from residual_series(
        task,
        fitted=fit.rows.outcome - left,
        residuals=left,
        arms=np.asarray([str(level) for level in arms.levels])[arms.codes],
    )


def fit_ancova(task: Task, specification: Ancova) -> AncovaFit:
    """The model as the plan declares it."""
    return ancova(
        with_characteristics(task, specification),
        outcome=response_column(specification.response),
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        robust=specification.robust,
        scale=specification.scale,
        subject="subject_id",
    )


def _decide(specification: Ancova, trials: SimulatedTrials) -> Decisions:
    return decided(
        ancova_batch(
            trials.response(specification.response),
            trials.arms,
            trials.columns(specification.covariates),
            conf_level=trials.level,
        )
    )


def _refusal(specification: Ancova) -> str:
    if specification.adjustment is not ContrastAdjustment.NONE:
        return refuse_adjusted(specification.adjustment)
    if specification.robust or specification.scale is not OutcomeScale.IDENTITY:
        return "a robust or logarithmic ANCOVA has no kernel"
    if specification.comparisons is not Comparisons.REFERENCE:
        return "comparisons of all pairs have no kernel"
    return ""


ANCOVA = MethodCard(
    specification=Ancova,
    carry_out=state_ancova,
    kernel=Kernel(methods=(Method.ANCOVA,), decide=_decide, refusal=_refusal),
)
