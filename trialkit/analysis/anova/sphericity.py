"""Sphericity of the repeated measures: epsilons and Mauchly's test.

All of it works on the error matrix of orthonormal within-subject contrasts, pooled over the groups.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Sphericity(Tabular):
    """How far the repeated measures are from spherical, and Mauchly's test of it.

    With two visits sphericity holds by construction: every epsilon is 1 and there is no Mauchly
    test (``None``). It is ``None`` too where the error degrees of freedom are fewer than the
    contrasts, and where the error matrix is singular. ``epsilon_hf`` is car's form (Lecoutre's correction), which may exceed 1; the
    corrected p value then uses 1. Where that form does not exist, because the error degrees of
    freedom are no more than (visits − 1) × ``epsilon_gg``, it is ``epsilon_gg``, and ``note`` says
    so.
    """

    within: str
    epsilon_gg: float
    epsilon_hf: float
    epsilon_lower_bound: float
    mauchly_w: float | None
    mauchly_statistic: float | None
    mauchly_df: int | None
    mauchly_p_value: float | None
    note: str

    def to_frame(self) -> pd.DataFrame:
        """One row; the Mauchly columns are absent where there is no such test."""
        row: dict[str, object] = {
            "term": self.within,
            Stat.EPSILON_GG.value: self.epsilon_gg,
            Stat.EPSILON_HF.value: self.epsilon_hf,
            "epsilon_lower_bound": self.epsilon_lower_bound,
        }
        if self.mauchly_w is not None:
            row |= {
                Stat.MAUCHLY_W.value: self.mauchly_w,
                Stat.STATISTIC.value: self.mauchly_statistic,
                Stat.DF.value: self.mauchly_df,
                Stat.MAUCHLY_P_VALUE.value: self.mauchly_p_value,
            }
        return pd.DataFrame([row | {"note": self.note}])


def greenhouse_geisser(error: np.ndarray) -> np.ndarray:
    """Greenhouse and Geisser's epsilon of error matrices (..., p, p)."""
    share = error / np.trace(error, axis1=-2, axis2=-1)[..., None, None]
    return np.asarray(1 / (error.shape[-1] * np.square(share).sum(axis=(-2, -1))))


def huynh_feldt(epsilon_gg: np.ndarray, *, contrasts: int, df: int) -> np.ndarray:
    """Huynh and Feldt's epsilon with Lecoutre's correction, not cut at 1.

    ``df`` are the between-subject error degrees of freedom (subjects − groups).
    """
    if contrasts == 1:
        return np.ones_like(epsilon_gg)
    shrunk = contrasts * epsilon_gg
    exists = df > shrunk * (1 + 1e-9)
    below = contrasts * np.where(exists, df - shrunk, 1.0)
    return np.where(exists, ((df + 1) * shrunk - 2) / below, epsilon_gg)


def sphericity_of(error: np.ndarray, *, df: int, within: str) -> Sphericity:
    """Epsilons and Mauchly's test from one error matrix (p, p) with ``df`` degrees of freedom."""
    contrasts = len(error)
    epsilon_gg = float(greenhouse_geisser(error))
    epsilon_hf = float(huynh_feldt(np.array(epsilon_gg), contrasts=contrasts, df=df))
    notes = []
    if contrasts == 1:
        notes.append("two visits: sphericity holds by construction")
    elif df <= contrasts * epsilon_gg * (1 + 1e-9):
        notes.append("too few subjects for Huynh–Feldt's epsilon: Greenhouse–Geisser's is used")
    w, statistic, test_df, p_value = None, None, None, None
    if contrasts > 1 and df < contrasts:
        notes.append("too few subjects for Mauchly's test")
    elif contrasts > 1 and _is_singular(error):
        notes.append("a difference between visits follows from the others: Mauchly has no test")
    elif contrasts > 1:
        w, statistic, test_df, p_value = _mauchly(error, df=df)
    return Sphericity(
        within=within,
        epsilon_gg=epsilon_gg,
        epsilon_hf=epsilon_hf,
        epsilon_lower_bound=1 / contrasts,
        mauchly_w=w,
        mauchly_statistic=statistic,
        mauchly_df=test_df,
        mauchly_p_value=p_value,
        note="; ".join(notes),
    )


def _is_singular(error: np.ndarray) -> bool:
    """Whether an error matrix has a direction without variance, to rounding."""
    values = np.linalg.eigvalsh(error)
    return bool(values[0] <= len(error) * np.finfo(float).eps * values[-1])


def _mauchly(error: np.ndarray, *, df: int) -> tuple[float, float, int, float]:
    """W, its chi-square, degrees of freedom and p value to second order, as car has it."""
    p = len(error)
    log_determinant = float(np.linalg.slogdet(error / (np.trace(error) / p)).logabsdet)
    test_df = p * (p + 1) // 2 - 1
    rho = 1 - (2 * p**2 + p + 2) / (6 * p * df)
    log_w = min(0.0, log_determinant)
    # R (stats::mauchly.test and car alike) has the number of visits, p + 1, in the linear term of
    # the second-order coefficient, where the other terms have p; published p values are R's
    numerator = (p + 2) * (p - 1) * (p - 2) * (2 * p**3 + 6 * p**2 + 3 * (p + 1) + 2)
    second_order = numerator / (288 * (df * p * rho) ** 2)
    statistic = -df * rho * log_w
    first = float(special.chdtrc(test_df, statistic))
    p_value = first + second_order * (float(special.chdtrc(test_df + 4, statistic)) - first)
    return float(np.exp(log_w)), statistic, test_df, min(1.0, max(0.0, p_value))
