"""A planned constrained longitudinal analysis: the rows of an MMRM, the baseline among the visits."""

from collections.abc import Iterator

from trialkit.analysis.repeated.constrained_longitudinal import (
    ConstrainedLongitudinalFit,
    constrained_longitudinal,
)
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.repeated_models import (
    TARGET_DAY,
    model_residuals,
    modelled_rows,
    state_by_visit,
)
from trialkit.planned.task.stating import state_numbers_analysed
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.constrained_longitudinal import ConstrainedLongitudinal
from trialkit.results.results import Result
from trialkit.results.series import Series

VALUE = "value"


def state_constrained(
    task: Task, specification: ConstrainedLongitudinal
) -> Iterator[Result | Series]:
    """The rows of the analysis; its headline is the difference between arms at the time point."""
    yield from state_numbers_analysed(task)
    fit = fit_constrained(task, specification)
    yield from state_by_visit(task, fit, fit.model)
    yield from model_residuals(task, fit.model, VALUE)


def fit_constrained(
    task: Task, specification: ConstrainedLongitudinal
) -> ConstrainedLongitudinalFit:
    """The model as the plan declares it, on the baseline and the visits after it."""
    return constrained_longitudinal(
        modelled_rows(task, specification, task.from_baseline_on(specification.visits)),
        outcome=VALUE,
        subject="subject_id",
        visit="visit",
        baseline=task.protocol.baseline.code,
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        covariates_by_visit=specification.covariates_by_visit,
        covariance=specification.covariance,
        fallback=specification.fallback,
        covariance_by=specification.covariance_by or None,
        time=TARGET_DAY if specification.is_spatial else None,
        weights=specification.weights or None,
        method=specification.likelihood,
        inference=specification.inference,
        coefficient_covariance=specification.coefficient_covariance,
    )


CONSTRAINED_LONGITUDINAL = MethodCard(
    specification=ConstrainedLongitudinal, carry_out=state_constrained
)
