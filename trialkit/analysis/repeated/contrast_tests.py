"""The results of testing contrasts of the fixed effects."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from trialkit.analysis.repeated.fitted import Fitted
from trialkit.analysis.repeated.inference import vector_df
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.repeated import Inference
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class VectorTest(Tabular):
    """The test that one contrast is zero, and its interval."""

    estimate: float
    se: float
    df: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    conf_level: float

    @property
    def title(self) -> str:
        """What the result is, in a line."""
        return "t test of a contrast of the fixed effects"

    def to_frame(self) -> pd.DataFrame:
        """One row: estimate, se, df, statistic, p_value, conf_low, conf_high, conf_level."""
        names = (
            Stat.ESTIMATE,
            Stat.SE,
            Stat.DF,
            Stat.STATISTIC,
            Stat.P_VALUE,
            Stat.CONF_LOW,
            Stat.CONF_HIGH,
            Stat.CONF_LEVEL,
        )
        return pd.DataFrame({name.value: [getattr(self, name.value)] for name in names})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MatrixTest(Tabular):
    """The test that several contrasts are zero together."""

    statistic: float
    df_num: int
    df_den: float
    p_value: float

    @property
    def title(self) -> str:
        """What the result is, in a line."""
        return "F test of contrasts of the fixed effects"

    def to_frame(self) -> pd.DataFrame:
        """One row: df_num, df_den, statistic, p_value."""
        names = (Stat.DF_NUM, Stat.DF_DEN, Stat.STATISTIC, Stat.P_VALUE)
        return pd.DataFrame({name.value: [getattr(self, name.value)] for name in names})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MmrmEstimates:
    """Contrasts with their t tests and intervals, an element each."""

    estimate: np.ndarray
    se: np.ndarray
    df: np.ndarray
    statistic: np.ndarray
    p_value: np.ndarray
    conf_low: np.ndarray
    conf_high: np.ndarray


def estimate_contrasts(
    fitted: Fitted, inference: Inference, contrasts: np.ndarray, *, conf_level: float
) -> MmrmEstimates:
    """Estimate, standard error, test and interval of each contrast (a row)."""
    rows = fitted.internal(contrasts)
    variance = np.einsum("rp,pq,rq->r", rows, fitted.covariance, rows, optimize=True)
    if not (variance > 0).all():
        at = int(np.argmin(variance))
        raise AnalysisError(
            f"contrast {at + 1} has no positive variance ({variance[at]:.3g}): it is zero, or the data "
            "are too few for this covariance of the fixed effects"
        )
    return student(
        rows @ fitted.estimate,
        np.sqrt(variance),
        vector_df(inference, fitted, contrasts),
        conf_level=conf_level,
    )


def student(
    estimate: np.ndarray, se: np.ndarray, df: np.ndarray, *, conf_level: float
) -> MmrmEstimates:
    """Two-sided t tests and intervals."""
    statistic = estimate / se
    reach = stdtrit(df, 0.5 + conf_level / 2) * se
    return MmrmEstimates(
        estimate=estimate,
        se=se,
        df=df,
        statistic=statistic,
        p_value=2 * stdtr(df, -np.abs(statistic)),
        conf_low=estimate - reach,
        conf_high=estimate + reach,
    )
