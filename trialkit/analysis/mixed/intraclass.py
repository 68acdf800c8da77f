"""Intraclass correlations of the groupings of a fitted model, with limits."""

import numpy as np
import pandas as pd

from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.mixed.exact_correlation import exact_limits
from trialkit.analysis.mixed.groupings import RowGrouping
from trialkit.analysis.mixed.profiling import correlation_limits, limits_note
from trialkit.analysis.mixed.variance_fit import VarianceFit
from trialkit.errors import AnalysisError
from trialkit.grammar import counted
from trialkit.protocol.methods.mixed_models import IccLimits
from trialkit.protocol.tables.choices import choose
from trialkit.results.vocabulary import Stat


def intraclass_correlations(
    model: VarianceFit,
    groupings: tuple[RowGrouping, ...],
    classes: np.ndarray,
    arms: tuple[object, ...],
    *,
    limits: IccLimits | str | None,
    conf_level: float,
) -> pd.DataFrame:
    """A row for each grouping and residual class (n,) in which it has rows.

    ``arms`` are the arms of the residual classes, (None,) where one class is of all. Raises ``AnalysisError``
    for exact limits of a model that has none.
    """
    check_level(conf_level)
    count, residuals = len(groupings), len(arms)
    possible = count == 1 and residuals == 1
    usual = IccLimits.EXACT if possible else IccLimits.PROFILE
    kind = usual if limits is None else choose(IccLimits, limits, parameter="limits")
    if kind is IccLimits.EXACT and not possible:
        raise AnalysisError(
            "limits='exact' are for one grouping and one residual variance; here are "
            f"{counted(count, 'grouping')} and {counted(residuals, 'residual variance')}",
            advice="choose limits='profile'",
        )
    found = []
    for each in groupings:
        shared = np.zeros(count + residuals, dtype=bool)
        shared[:count] = [each.is_within(other) for other in groupings]
        for number in np.unique(classes[each.codes >= 0]):
            total = np.zeros(count + residuals, dtype=bool)
            total[:count] = total[count + number] = True
            if kind is IccLimits.EXACT:
                low, high = exact_limits(model.sums, conf_level=conf_level)
            else:
                low, high = correlation_limits(model, shared, total, conf_level=conf_level)
            theta = model.at.theta
            found.append(
                {
                    "grouping": each.name,
                    "arm": arms[number],
                    Stat.ESTIMATE.value: float(theta[shared].sum() / theta[total].sum()),
                    Stat.CONF_LOW.value: low,
                    Stat.CONF_HIGH.value: high,
                    Stat.CONF_LEVEL.value: conf_level,
                    "limits": kind.value,
                    "note": limits_note(low),
                }
            )
    return pd.DataFrame(found)
