"""Planned analyses of a factorial trial: at the margins of its table, inside it, and the interactions."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from trialkit.analysis.diagnosing.diagnostics import diagnose_ancova
from trialkit.analysis.factorial.factorial_means import factorial_means
from trialkit.analysis.factorial.factorial_risks import factorial_risks
from trialkit.analysis.linear.ancova import ancova
from trialkit.planned.methods.ancova import ADJUSTED_MEAN, MEAN_STATS
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.diagnostics import state_diagnostics
from trialkit.planned.methods.factorial_kernel import decide_factorial, factorial_refusal
from trialkit.planned.methods.kernel import Kernel
from trialkit.planned.methods.standardised_risks import RISK_STATS
from trialkit.planned.series.residuals import residual_series
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    EFFECT_STATS,
    Statement,
    contrast_statement,
    records,
    state_contrast,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.factorial import FactorialComparison, FactorialRiskComparison
from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.factors import (
    FactorialContrast,
    factorial_contrasts,
    level_term,
)
from trialkit.results.effect import Status
from trialkit.results.lookup import Term
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat

_MARK = "@"
"""Before the code of a factor as a column of a frame: no code and no other column has it."""
_TEST = (Stat.DF_NUM, Stat.DF_DEN, Stat.STATISTIC, Stat.P_VALUE)
_Key = tuple[str, str, str, str]


def state_factorial(task: Task, specification: FactorialComparison) -> Iterator[Result | Series]:
    """Numbers and means at each level, adjusted means of the cells, every effect, diagnostics."""
    frame = _with_factors(task, specification)
    column = response_column(specification.response)
    found = factorial_means(
        frame,
        outcome=column,
        factors=[f"{_MARK}{each.code}" for each in task.protocol.factors],
        reference={f"{_MARK}{each.code}": each.reference.code for each in task.protocol.factors},
        covariates=specification.covariates,
        robust=specification.robust,
        subject="subject_id",
    )
    yield from state_numbers_analysed(task, found.excluded)
    yield from _state_levels(task, frame, column)
    visit = task.outcome.time_point
    statement = statement_of(task)
    for row in records(found.cell_means(conf_level=task.level)):
        own = statement.about(visit=visit, term=ADJUSTED_MEAN, arm=_arm_of(row, task))
        yield from own.state_row(row, MEAN_STATS)
    of_contrast = contrast_statement(task)
    for term, row in _by_term(found.effects(conf_level=task.level), task):
        yield from state_contrast(of_contrast.about(visit=visit, term=term), row)
    interactions = [each for each in _contrasts(task) if each.effect is FactorialEffect.INTERACTION]
    if len(interactions) > 1:
        test = found.interaction_test()
        stated = (test.df_num, test.df_den, test.statistic, test.p_value)
        about = statement.by(statement.method, unit="").about(visit=visit, term=Term.INTERACTIONS)
        yield from about.state_all(dict(zip(_TEST, stated, strict=True)))
    yield from _state_residuals(task, specification, frame, column)


def state_factorial_risks(task: Task, specification: FactorialRiskComparison) -> Iterator[Result]:
    """Who has the event at each level, standardised risks of the cells, every effect on two scales."""
    frame = _with_factors(task, specification)
    found = factorial_risks(
        frame,
        outcome="value",
        factors=[f"{_MARK}{each.code}" for each in task.protocol.factors],
        reference={f"{_MARK}{each.code}": each.reference.code for each in task.protocol.factors},
        covariates=specification.covariates,
        variance=specification.variance,
        subject="subject_id",
    )
    yield from state_numbers_analysed(task, found.excluded)
    yield from _state_levels(task, frame, "value")
    visit = task.outcome.time_point
    whole = statement_of(task).by(specification.method.value, unit="")
    for row in records(found.cell_risks(conf_level=task.level)):
        own = whole.about(visit=visit, term=Term.STANDARDISED_RISK, arm=_arm_of(row, task))
        yield from own.state_row(row, RISK_STATS)
    about = contrast_statement(task)
    for term, row in _by_term(found.effects(conf_level=task.level), task):
        yield from _state_risk(about.about(visit=visit, term=term, note=str(row["note"])), row)


def _state_risk(about: Statement, row: Mapping[str, object]) -> Iterator[Result]:
    """A difference of risks with its test, or the odds ratio beside it with its limits alone."""
    measure = Stat(str(row["measure"]))
    own = replace(about.measure(measure), status=Status(str(row["status"])))
    if own.status is Status.ESTIMATED:
        of_difference = measure is Stat.RISK_DIFFERENCE
        yield from own.state_row(row, CONTRAST_STATS if of_difference else EFFECT_STATS)
        return
    note = f"not estimable: {row['note']}"
    if measure is Stat.RISK_DIFFERENCE:
        yield from replace(own, note=note).state_row(row, (Stat.ESTIMATE,))
        yield own.state(Stat.P_VALUE, None, note=note)
    else:
        yield own.state(Stat.ESTIMATE, None, note=note)


def _with_factors(task: Task, specification: Specification) -> pd.DataFrame:
    """One row a participant, with the covariates and the level of each factor, by its code."""
    rows = with_characteristics(task, specification)
    arms = rows["arm"].astype("str")
    levels = {}
    for factor in task.protocol.factors:
        of_arm = {arm.code: arm.level_of(factor.code) for arm in task.protocol.arms}
        levels[f"{_MARK}{factor.code}"] = pd.Categorical(
            arms.map(of_arm), categories=[each.code for each in factor.levels], ordered=True
        )
    return rows.assign(**levels)


def _contrasts(task: Task) -> tuple[FactorialContrast, ...]:
    return factorial_contrasts(task.protocol.factors)


def _by_term(effects: pd.DataFrame, task: Task) -> Iterator[tuple[str, dict[str, object]]]:
    """The rows of an estimator, each by the name that the results give it, in their order."""
    terms = {_key(each): each.term for each in _contrasts(task)}
    for row in records(effects):
        named = (str(row[name]).replace(_MARK, "") for name in ("effect", "factor", "contrast"))
        effect, factor, contrast = named
        held = str(row["held"]).replace(_MARK, "")
        yield terms[effect, factor, contrast, held], row


def _key(contrast: FactorialContrast) -> _Key:
    """How an estimator labels a contrast."""
    pairs = [
        f"{level.code} - {factor.reference.code}"
        for factor, level in zip(contrast.factors, contrast.levels, strict=True)
    ]
    return (
        contrast.effect.value,
        " x ".join(each.code for each in contrast.factors),
        " x ".join(pairs if len(pairs) == 1 else (f"({each})" for each in pairs)),
        ", ".join(f"{factor.code} = {level.code}" for factor, level in contrast.held),
    )


def _arm_of(row: Mapping[str, object], task: Task) -> str:
    """The arm whose levels an estimator's row of a cell has."""
    cell = tuple(str(row[f"{_MARK}{each.code}"]) for each in task.protocol.factors)
    return next(
        arm.code
        for arm in task.protocol.arms
        if tuple(level.code for level in task.protocol.cell(arm)) == cell
    )


def _state_levels(task: Task, frame: pd.DataFrame, column: str) -> Iterator[Result]:
    """How many of those analysed are in each combination and at each level, and what they had."""
    statement = statement_of(task)
    visit = task.outcome.time_point
    arms = frame["arm"].astype("str")
    for arm in task.arms:
        about = statement.about(visit=visit, term=Term.COMBINATION, arm=arm)
        yield from about.state_all(_summed_up(frame.loc[arms == arm, column].dropna(), task))
    for factor in task.protocol.factors:
        for level in factor.levels:
            own = frame.loc[frame[f"{_MARK}{factor.code}"] == level.code, column].dropna()
            about = statement.about(visit=visit, term=level_term(factor, level))
            yield from about.state_all(_summed_up(own, task))


def _summed_up(values: pd.Series, task: Task) -> dict[Stat, float | None]:
    n = len(values)
    if task.outcome.kind.is_proportion:
        events = int(values.sum())
        return {Stat.EVENTS: events, Stat.N: n, Stat.PERCENT: 100 * events / n if n else None}
    return {
        Stat.N: n,
        Stat.MEAN: float(values.mean()) if n else None,
        Stat.SD: float(values.std(ddof=1)) if n > 1 else None,
    }


def _state_residuals(
    task: Task, specification: FactorialComparison, frame: pd.DataFrame, column: str
) -> Iterator[Result | Series]:
    """What the model with a mean for each cell leaves over: that of its arms, which are the cells."""
    fit = ancova(
        frame,
        outcome=column,
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        robust=specification.robust,
        subject="subject_id",
    )
    yield from state_diagnostics(statement_of(task), diagnose_ancova(fit))
    left, arms = fit.model.fit.residuals, fit.rows.arm
    yield from residual_series(
        task,
        fitted=fit.rows.outcome - left,
        residuals=left,
        arms=np.asarray([str(level) for level in arms.levels])[arms.codes],
    )


FACTORIAL = MethodCard(
    specification=FactorialComparison,
    carry_out=state_factorial,
    kernel=Kernel(methods=(Method.FACTORIAL,), decide=decide_factorial, refusal=factorial_refusal),
)
FACTORIAL_RISKS = MethodCard(specification=FactorialRiskComparison, carry_out=state_factorial_risks)
