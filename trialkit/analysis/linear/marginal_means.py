"""Which average of a linear model a marginal mean is."""

from collections.abc import Mapping

import numpy as np

from trialkit.analysis.linear.linear_model import Design, FactorColumn
from trialkit.protocol.methods.linear_models import MarginalWeights


def marginal_row(
    design: Design, *, at: Mapping[str, float], weights: MarginalWeights
) -> np.ndarray:
    """The row (p,) whose product with the coefficients is a marginal mean.

    ``at`` holds factors at a level (its number) and covariates at a value. Other numeric covariates
    stand at their mean over the rows used; other factors are averaged over their levels, equally or
    as they occur.
    """
    setting: dict[str, float | np.ndarray] = {}
    for column in design.columns:
        if not isinstance(column, FactorColumn):
            setting[column.name] = float(at.get(column.name, column.values.mean()))
            continue
        count = len(column.levels)
        if column.name in at:
            setting[column.name] = np.eye(count)[int(at[column.name])]
        elif weights is MarginalWeights.EQUAL:
            setting[column.name] = np.full(count, 1 / count)
        else:
            setting[column.name] = np.bincount(column.codes, minlength=count) / len(column.codes)
    return design.row(setting)
