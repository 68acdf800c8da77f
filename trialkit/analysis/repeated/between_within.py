"""Between–within degrees of freedom.

Columns constant within every subject are tested between subjects, the others within. A contrast of
both kinds gets the smaller number, the intercept counting as within.
"""

import numpy as np

from trialkit.analysis.repeated.cohort import Cohort
from trialkit.analysis.repeated.design import MmrmDesign
from trialkit.analysis.repeated.fitted import (
    Fitted,
    FStatistic,
    WithinSubject,
    independent_rows,
    wald,
)
from trialkit.errors import AnalysisError


def split_columns(cohort: Cohort, design: MmrmDesign) -> WithinSubject:
    """Which columns change within a subject, and the two numbers of degrees of freedom."""
    place, visit = np.nonzero(cohort.observed)
    rows = design.rows(cohort.subjects[place], visit)
    first = np.searchsorted(place, np.arange(len(cohort.subjects)))
    changes = (rows != rows[first[place]]).any(axis=0)
    changing = int(changes.sum())
    changes[0] = True  # the intercept, which is counted as neither
    n = len(cohort.subjects)
    return WithinSubject(
        changes=changes,
        between=float(n - (len(changes) - changing)),
        within=float(cohort.n_observations - n - changing),
    )


def vector_df(fitted: Fitted, contrasts: np.ndarray) -> np.ndarray:
    """The degrees of freedom of each contrast (a row) of the reported coefficients."""
    return np.array([_smallest(fitted, row != 0) for row in contrasts])


def matrix_test(fitted: Fitted, matrix: np.ndarray) -> FStatistic:
    """The F test that all contrasts (rows) of the reported coefficients are zero."""
    rows = independent_rows(fitted.internal(matrix))
    df = _smallest(fitted, (matrix != 0).any(axis=0))
    return FStatistic(statistic=wald(fitted, rows), df_num=len(rows), df_den=df)


def _smallest(fitted: Fitted, involved: np.ndarray) -> float:
    kinds = fitted.within_subject
    if kinds is None:
        raise AnalysisError("the columns were not split into between and within subjects")
    choices = np.where(kinds.changes[involved], kinds.within, kinds.between)
    df = float(choices.min(initial=np.inf))
    if df <= 0:
        raise AnalysisError(
            f"the contrast has {df:g} between–within degrees of freedom: the data are too few, or no "
            "subject has two visits; choose other degrees of freedom"
        )
    return df
