"""A planned MMRM: means, contrasts and tests at each visit, and the covariance they rest on."""

from collections.abc import Iterator

from trialkit.analysis.repeated.batch import mmrm_batch
from trialkit.analysis.repeated.fit import mmrm
from trialkit.analysis.repeated.result import MmrmFit
from trialkit.errors import AnalysisError, DesignError
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.kernel import Decisions, Kernel, SimulatedTrials
from trialkit.planned.methods.repeated_models import (
    TARGET_DAY,
    model_residuals,
    modelled_rows,
    state_by_visit,
)
from trialkit.planned.task.stating import state_numbers_analysed
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.results.results import Result
from trialkit.results.series import Series


def state_mmrm(task: Task, specification: Mmrm) -> Iterator[Result | Series]:
    """The rows of an MMRM; its headline is the difference between arms at the time point."""
    yield from state_numbers_analysed(task)
    fit = fit_mmrm(task, specification)
    yield from state_by_visit(task, fit, fit)
    yield from model_residuals(task, fit, response_column(specification.response))


def fit_mmrm(task: Task, specification: Mmrm) -> MmrmFit:
    """The model as the plan declares it, on the visits after baseline."""
    rows = task.from_baseline_on(specification.visits)
    later = rows[rows["visit"] != task.protocol.baseline.code]
    return mmrm(
        modelled_rows(task, specification, later),
        outcome=response_column(specification.response),
        subject="subject_id",
        visit="visit",
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


def _decide(specification: Mmrm, trials: SimulatedTrials) -> Decisions:
    later = trials.values[:, :, 1:]
    if specification.response is Response.CHANGE:
        later = later - trials.values[:, :, :1]
    try:
        fitted = mmrm_batch(
            later,
            arm=trials.arms,
            covariates=trials.columns(specification.covariates),
            covariates_by_visit=trials.columns(specification.covariates_by_visit),
            covariance=specification.covariance,
            method=specification.likelihood,
            inference=specification.inference,
            conf_level=trials.level,
        )
    except AnalysisError as error:
        raise DesignError(f"the planned MMRM cannot be simulated: {error}") from None
    at = trials.place - 1
    return Decisions(
        estimate=fitted.estimate[:, :, at],
        se=fitted.se[:, :, at],
        p_value=fitted.p_value[:, :, at],
        conf_low=fitted.conf_low[:, :, at],
        conf_high=fitted.conf_high[:, :, at],
    )


def _refusal(specification: Mmrm) -> str:
    if specification.covariance_by or specification.weights or specification.fallback:
        return "an MMRM with covariance_by, weights or fallback has no kernel"
    if specification.visits:
        return "an MMRM of chosen visits has no kernel"
    return ""


MMRM = MethodCard(
    specification=Mmrm,
    carry_out=state_mmrm,
    kernel=Kernel(methods=(Method.MMRM,), decide=_decide, refusal=_refusal),
)
