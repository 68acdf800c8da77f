"""A planned MMRM: means, contrasts and tests at each visit, and the covariance they rest on."""

from collections.abc import Iterator

from trialkit.analysis.repeated.batch import mmrm_batch
from trialkit.analysis.repeated.fit import mmrm
from trialkit.analysis.repeated.result import MmrmFit
from trialkit.errors import AnalysisError, DesignError
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.kernel import Decisions, Kernel, SimulatedTrials
from trialkit.planned.series.residuals import residual_series
from trialkit.planned.task.covariates import join_characteristics
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    Statement,
    contrast_statement,
    records,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.repeated import ResidualKind
from trialkit.results.notes import covariance_note
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat

MARGINAL_MEAN = "marginal mean"
OVER_VISITS = "average"
MEAN_STATS = (Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.CONF_LOW, Stat.CONF_HIGH)
TERM_STATS = (Stat.DF_NUM, Stat.DF_DEN, Stat.STATISTIC, Stat.P_VALUE)


def state_mmrm(task: Task, specification: Mmrm) -> Iterator[Result | Series]:
    """The rows of an MMRM; its headline is the difference between arms at the time point."""
    yield from state_numbers_analysed(task)
    fit = fit_mmrm(task, specification)
    statement, of_contrast = statement_of(task), contrast_statement(task)
    yield from _of_the_model(statement, fit)
    for row in records(fit.marginal_means(conf_level=task.level)):
        about = statement.about(visit=str(row["visit"]), term=MARGINAL_MEAN, arm=str(row["arm"]))
        yield from about.state_row(row, MEAN_STATS)
    for row in records(fit.contrasts(conf_level=task.level)):
        about = of_contrast.about(visit=str(row["visit"]), term=str(row["contrast"]))
        yield from about.state_row(row, CONTRAST_STATS)
    for row in records(fit.averaged_contrasts(conf_level=task.level)):
        about = of_contrast.about(visit=OVER_VISITS, term=str(row["contrast"]))
        yield from about.state_row(row, CONTRAST_STATS)
    for row in records(fit.term_tests()):
        yield from statement.about(term=str(row["term"])).state_row(row, TERM_STATS)
    yield from _residuals(task, specification, fit)


def fit_mmrm(task: Task, specification: Mmrm) -> MmrmFit:
    """The model as the plan declares it, on the visits after baseline."""
    baseline = task.protocol.baseline.code
    rows = task.from_baseline_on()
    later = rows[rows["visit"] != baseline]
    frame = join_characteristics(later, task, specification).assign(
        visit=later["visit"].cat.remove_unused_categories()
    )
    days = {visit.code: float(visit.day) for visit in task.protocol.visits}
    frame["target_day"] = frame["visit"].astype("str").map(days)
    spatial = any("spatial" in each for each in (specification.covariance, *specification.fallback))
    return mmrm(
        frame,
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
        time="target_day" if spatial else None,
        weights=specification.weights or None,
        method=specification.likelihood,
        inference=specification.inference,
        coefficient_covariance=specification.coefficient_covariance,
    )


def _residuals(task: Task, specification: Mmrm, fit: MmrmFit) -> Iterator[Series]:
    """Residuals of the response, and the values less them."""
    found = fit.residuals(ResidualKind.RESPONSE)
    column = response_column(specification.response)
    rows = task.from_baseline_on()[["subject_id", "visit", "arm", column]].astype(
        {"subject_id": "str", "visit": "str", "arm": "str"}
    )
    keyed = found.assign(subject=found["subject"].astype("str"), visit=found["visit"].astype("str"))
    joined = keyed.merge(rows, left_on=["subject", "visit"], right_on=["subject_id", "visit"])
    left = joined["residual"].to_numpy(dtype=float)
    yield from residual_series(
        task,
        fitted=joined[column].to_numpy(dtype=float) - left,
        residuals=left,
        arms=joined["arm"].to_numpy(),
    )


def _of_the_model(statement: Statement, fit: MmrmFit) -> Iterator[Result]:
    """How well it fits, which structure was used and why, and the covariance by visit."""
    failed = [(each.structure.value, str(each.reason)) for each in fit.attempts[:-1]]
    note = covariance_note(fit.structure.value, failed)
    about = statement.by(statement.method, unit="").about(note=note)
    yield from about.state_all(
        {Stat.LOG_LIKELIHOOD: fit.log_likelihood, Stat.AIC: fit.aic, Stat.BIC: fit.bic}
    )
    groups = fit.parts.records.groups
    for group in groups:
        arm = str(group) if len(groups) > 1 else ""
        covariance = fit.covariance(group).to_numpy()
        correlation = fit.correlation(group).to_numpy()
        for row, first in enumerate(fit.visits):
            for column, second in enumerate(fit.visits[row:], start=row):
                where = about.about(term=f"{first}, {second}", arm=arm)
                yield where.state(Stat.COVARIANCE, float(covariance[row, column]))
                yield where.state(Stat.CORRELATION, float(correlation[row, column]))


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
    return ""


MMRM = MethodCard(
    specification=Mmrm,
    carry_out=state_mmrm,
    kernel=Kernel(methods=(Method.MMRM,), decide=_decide, refusal=_refusal),
)
