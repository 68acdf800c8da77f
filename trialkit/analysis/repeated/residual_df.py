"""Residual degrees of freedom: rows less columns, for every contrast."""

import numpy as np

from trialkit.analysis.repeated.fitted import Fitted, FStatistic, independent_rows, wald


def vector_df(fitted: Fitted, contrasts: np.ndarray) -> np.ndarray:
    """The degrees of freedom of each contrast (a row) of the reported coefficients."""
    return np.full(len(contrasts), _residual(fitted))


def matrix_test(fitted: Fitted, matrix: np.ndarray) -> FStatistic:
    """The F test that all contrasts (rows) of the reported coefficients are zero."""
    rows = independent_rows(fitted.internal(matrix))
    return FStatistic(statistic=wald(fitted, rows), df_num=len(rows), df_den=_residual(fitted))


def _residual(fitted: Fitted) -> float:
    return float(fitted.n_observations - len(fitted.estimate))
