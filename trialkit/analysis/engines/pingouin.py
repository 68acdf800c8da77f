"""What trialkit asks of pingouin: statistics for diagnostics, one question a function.

Only statistics, degrees of freedom and p values are taken; pingouin's rounded intervals, verdicts
and effect sizes are not.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pingouin


@dataclass(frozen=True, slots=True, kw_only=True)
class HypothesisTest:
    """A test's statistic with its degrees of freedom, where it has any, and p value."""

    statistic: float
    p_value: float
    df_num: float | None = None
    df_den: float | None = None


@contextmanager
def _warnings_are_errors() -> Iterator[None]:
    """A warning from pingouin is a doubt about its answer; its own use of pandas is not."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", category=FutureWarning)
        warnings.simplefilter("ignore", category=DeprecationWarning)
        warnings.simplefilter("ignore", category=pd.errors.Pandas4Warning)
        yield


def shapiro_wilk(values: np.ndarray) -> HypothesisTest:
    """Shapiro–Wilk's test that ``values`` (n > 3, not all equal) are normal."""
    with _warnings_are_errors():
        table = pingouin.normality(np.asarray(values, dtype=float))  # type: ignore[no-untyped-call]
    row = table.iloc[0]
    return HypothesisTest(statistic=float(row["W"]), p_value=float(row["pval"]))


def brown_forsythe(samples: Sequence[np.ndarray]) -> HypothesisTest:
    """Levene's test with medians that the samples have the same variance."""
    with _warnings_are_errors():
        table = pingouin.homoscedasticity(list(samples), center="median")  # type: ignore[no-untyped-call]
    row = table.iloc[0]
    return HypothesisTest(
        statistic=float(row["W"]),
        p_value=float(row["pval"]),
        df_num=float(len(samples) - 1),
        df_den=float(sum(len(sample) for sample in samples) - len(samples)),
    )


def mauchly_w(residuals: np.ndarray) -> float:
    """Mauchly's W of ``residuals`` (n, k ≥ 3), centred in their groups.

    pingouin's p value counts n − 1 degrees of freedom whatever was centred; it is not taken.
    """
    with _warnings_are_errors():
        return float(pingouin.sphericity(pd.DataFrame(residuals)).W)  # type: ignore[no-untyped-call]


def greenhouse_geisser_epsilon(residuals: np.ndarray) -> float:
    """Greenhouse–Geisser's epsilon of ``residuals`` (n, k ≥ 3), centred in their groups."""
    with _warnings_are_errors():
        return float(pingouin.epsilon(pd.DataFrame(residuals)))  # type: ignore[no-untyped-call]
