"""What the results state of an imputation: its model, how many values it put in, and what was pooled."""

from collections.abc import Iterator

import numpy as np

from trialkit.analysis.frames.groups import contrast_label
from trialkit.analysis.imputation.imputing import Imputations
from trialkit.analysis.imputation.model import ImputationModel
from trialkit.analysis.imputation.pooling import PooledImputations
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    contrast_statement,
    records,
    state_contrast,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.imputation import DrawMethod, ImputedQuantity
from trialkit.results.notes import covariance_note
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

ADJUSTED_MEAN = "adjusted mean"
IMPUTED = "imputed"
MEAN_STATS = (Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.CONF_LOW, Stat.CONF_HIGH)


def state_imputation_model(task: Task, model: ImputationModel) -> Iterator[Result]:
    """How well the model fits, and which covariance it has and why."""
    fit = model.fit
    failed = [(each.structure.value, str(each.reason)) for each in fit.attempts[:-1]]
    about = statement_of(task).about(note=covariance_note(fit.structure.value, failed))
    yield about.state(Stat.LOG_LIKELIHOOD, fit.log_likelihood)


def state_imputed(task: Task, imputations: Imputations) -> Iterator[Result]:
    """How many values of each arm and visit were imputed, and by what is supposed of them."""
    trial, statement = imputations.draws.trial, statement_of(task)
    found = records(imputations.to_frame())
    for arm in task.arms:
        for visit in map(str, trial.visits):
            own = [row for row in found if (row["arm"], row["visit"]) == (arm, visit)]
            note = "; ".join(sorted(f"{row['strategy']}: {row['n_missing']}" for row in own))
            about = statement.about(visit=visit, term=IMPUTED, arm=arm, note=note)
            yield about.state(Stat.N_IMPUTED, sum(int(str(row["n_missing"])) for row in own))
    number = imputations.n_imputations
    about = statement.about(term=IMPUTED, note=_made(imputations.draws.method, number))
    yield about.state(Stat.N_IMPUTATIONS, number)


def _made(method: DrawMethod, number: int) -> str:
    """How many imputed data sets there are, and of what."""
    if method is DrawMethod.JACKKNIFE:
        return f"expected values imputed with everybody and without each of {number - 1}"
    if method is DrawMethod.BOOTSTRAP:
        return f"expected values imputed with everybody and in {number - 1} bootstrap samples"
    return f"{number} imputed data sets"


def state_pooled(task: Task, pooled: PooledImputations) -> Iterator[Result]:
    """The adjusted mean of each arm and each contrast with the reference, at every visit."""
    statement, of_contrast = statement_of(task), contrast_statement(task)
    note = f"{_made(pooled.method, pooled.n_imputations)}; {pooled.variance.value} variance"
    for row in records(pooled.to_frame()):
        told = {
            name: None if isinstance(value, float) and np.isinf(value) else value
            for name, value in row.items()
        }
        visit, arm = str(row["visit"]), str(row["arm"])
        if row["quantity"] == ImputedQuantity.MEAN.value:
            about = statement.about(visit=visit, term=ADJUSTED_MEAN, arm=arm)
            yield from about.state_row(told, MEAN_STATS)
        else:
            term = contrast_label(arm, task.reference)
            about = of_contrast.about(visit=visit, term=term, note=note)
            yield from state_contrast(about, told, (*CONTRAST_STATS, Stat.MISSING_INFORMATION))
