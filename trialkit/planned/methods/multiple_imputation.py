"""A planned multiple imputation: what was imputed, and the arms compared in the imputed data sets."""

from collections.abc import Iterator

import pandas as pd

from trialkit.analysis.imputation.analysing import analyse_imputations
from trialkit.analysis.imputation.imputing import Imputations
from trialkit.analysis.imputation.pooling import pool_imputations
from trialkit.planned.imputing.imputing import (
    planned_ancova,
    planned_imputation_model,
    planned_imputations,
)
from trialkit.planned.imputing.shifting import planned_deltas
from trialkit.planned.imputing.stating import (
    state_imputation_model,
    state_imputed,
    state_pooled,
)
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.stating import state_numbers_analysed
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.results.results import Result


def state_multiple_imputation(task: Task, specification: MultipleImputation) -> Iterator[Result]:
    """The rows of the analysis; its headline is the pooled difference at the time point."""
    yield from state_numbers_analysed(task)
    model = planned_imputation_model(task, specification)
    imputations = planned_imputations(model, specification)
    yield from state_imputation_model(task, model)
    yield from state_imputed(task, imputations)
    analyses = analyse_imputations(
        imputations, planned_ancova(specification), deltas=_deltas(imputations, specification)
    )
    pooled = pool_imputations(
        analyses,
        conf_level=task.level,
        limits=specification.limits,
    )
    yield from state_pooled(task, pooled)


def _deltas(imputations: Imputations, specification: MultipleImputation) -> pd.DataFrame | None:
    by_arm = {arm: specification.deltas_of(arm) for arm in specification.delta}
    return planned_deltas(imputations, by_arm)


MULTIPLE_IMPUTATION = MethodCard(
    specification=MultipleImputation, carry_out=state_multiple_imputation
)
