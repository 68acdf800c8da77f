"""What the results state of an imputation: its model, how many values it put in, and what was pooled."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from trialkit.analysis.imputation.events import AT_RANDOM, Affected
from trialkit.analysis.imputation.imputing import Imputations
from trialkit.analysis.imputation.incomplete import IncompleteTrial
from trialkit.analysis.imputation.model import ImputationModel
from trialkit.analysis.imputation.pooling import PooledImputations
from trialkit.analysis.imputation.sequential import SequentialImputations
from trialkit.datasets.measurements import STILL_TO_COME
from trialkit.planned.imputing.filling import number_filled
from trialkit.planned.imputing.imputing import PlannedImputation
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    contrast_statement,
    records,
    state_contrast,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.imputation import CovariateFill, DrawMethod, ImputedQuantity
from trialkit.results.effect import MEASURES
from trialkit.results.lookup import Term
from trialkit.results.notes import NOT_DUE, covariance_note, imputed_note
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

ADJUSTED_MEAN = "adjusted mean"
MEAN_STATS = (Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.CONF_LOW, Stat.CONF_HIGH)


def state_imputation(
    task: Task, found: PlannedImputation, fill: CovariateFill | None
) -> Iterator[Result]:
    """How many baseline values of the task were filled in, how well the model fits, and what was imputed."""
    if fill is not None:
        yield from state_filled(task, found.task, fill)
    yield from state_imputation_model(found.task, found.model)
    yield from state_imputed(found.task, found.imputations)


def state_imputation_model(task: Task, model: ImputationModel) -> Iterator[Result]:
    """How well the model fits, and which covariance it has and why."""
    fit = model.fit
    failed = [(each.structure.value, str(each.reason)) for each in fit.attempts[:-1]]
    about = statement_of(task).about(note=covariance_note(fit.structure.value, failed))
    yield about.state(Stat.LOG_LIKELIHOOD, fit.log_likelihood)


def state_imputed(task: Task, imputations: Imputations | SequentialImputations) -> Iterator[Result]:
    """How many values of each arm and visit were imputed, and by what is supposed of them.

    Of visits after the time point some may be still to come at the data cut: nobody has lost them.
    """
    trial, affected = _imputed_trial(imputations)
    statement = statement_of(task)
    supposed = np.where(affected.not_at_random, np.array(affected.strategy)[:, None], AT_RANDOM)
    coming = trial.frame["missing_reason"].isin(STILL_TO_COME).to_numpy().reshape(trial.shape)
    supposed = np.where(coming, NOT_DUE, supposed)
    for arm in task.arms:
        own = (
            trial.arm == trial.arms.index(arm)
            if arm in trial.arms
            else np.zeros_like(trial.arm, bool)
        )
        for place, visit in enumerate(map(str, trial.visits)):
            counted = Counter(supposed[own & trial.missing[:, place], place].tolist())
            note = imputed_note(counted)
            about = statement.about(visit=visit, term=Term.IMPUTED, arm=arm, note=note)
            yield about.state(Stat.N_IMPUTED, counted.total())
    number = imputations.n_imputations
    about = statement.about(term=Term.IMPUTED, note=_made(_method(imputations), number))
    yield about.state(Stat.N_IMPUTATIONS, number)


def _imputed_trial(
    imputations: Imputations | SequentialImputations,
) -> tuple[IncompleteTrial, Affected]:
    if isinstance(imputations, SequentialImputations):
        return imputations.trial, imputations.trial.affected
    return imputations.draws.trial, imputations.affected


def _method(imputations: Imputations | SequentialImputations) -> DrawMethod:
    if isinstance(imputations, SequentialImputations):
        return imputations.method
    return imputations.draws.method


def _made(method: DrawMethod, number: int) -> str:
    """How many imputed data sets there are, and of what."""
    if method is DrawMethod.JACKKNIFE:
        return f"expected values imputed with everybody and without each of {number - 1}"
    if method is DrawMethod.BOOTSTRAP:
        return f"expected values imputed with everybody and in {number - 1} bootstrap samples"
    return f"{number} imputed data sets"


def state_filled(task: Task, filled: Task, fill: CovariateFill) -> Iterator[Result]:
    """How many baseline values of each arm were filled in, and by what."""
    statement = statement_of(task)
    for arm in task.arms:
        note = f"{fill.value} of all who are analysed"
        if fill is CovariateFill.REGRESSION:
            note = f"{fill.value} on other baseline values"
        about = statement.about(
            visit=task.protocol.baseline.code, term=Term.IMPUTED, arm=arm, note=note
        )
        yield about.state(Stat.N_IMPUTED, number_filled(task, filled, arm))


def state_pooled(task: Task, pooled: PooledImputations) -> Iterator[Result]:
    """The adjusted mean of each arm and each contrast with the reference, at every visit."""
    statement = statement_of(task)
    for row in records(pooled.to_frame()):
        visit, arm = str(row["visit"]), str(row["arm"])
        if row["quantity"] == ImputedQuantity.MEAN.value:
            about = statement.about(visit=visit, term=ADJUSTED_MEAN, arm=arm)
            yield from about.state_row(_finite(row), MEAN_STATS)
        else:
            yield from _contrast(task, pooled, row, visit=visit)


def state_pooled_model(task: Task, pooled: PooledImputations) -> Iterator[Result]:
    """Each contrast of a model with the reference at the time point; ratios with the error of their logarithm."""
    for row in records(pooled.to_frame()):
        yield from _contrast(task, pooled, row, visit=task.outcome.time_point)


def _contrast(
    task: Task, pooled: PooledImputations, row: dict[str, object], *, visit: str
) -> Iterator[Result]:
    of_contrast = contrast_statement(task)
    effect = of_contrast.effect
    sign = "-" if effect is None else effect.sign
    term = f"{row['arm']} {sign} {task.reference}"
    if effect is not None and effect.scale.is_ratio:
        of_contrast = of_contrast.by(of_contrast.method, unit="")
    if effect is not None and task.outcome.kind.is_proportion and effect.scale in MEASURES:
        of_contrast = of_contrast.measure(MEASURES[effect.scale])
    note = f"{_made(pooled.method, pooled.n_imputations)}; {pooled.variance.value} variance"
    about = of_contrast.about(visit=visit, term=term, note=note)
    yield from state_contrast(about, _finite(row), (*CONTRAST_STATS, Stat.MISSING_INFORMATION))


def _finite(row: dict[str, object]) -> dict[str, object]:
    """The row without numbers that are infinite, such as the degrees of freedom of a normal distribution."""
    return {
        name: None if isinstance(value, float) and np.isinf(value) else value
        for name, value in row.items()
    }
