"""Quantiles compared between arms, adjusted for covariates. See ``docs/methods/quantiles.md``."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtr

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.frames.any_frame import AnyFrame, as_pandas
from trialkit.analysis.frames.frames import Order
from trialkit.analysis.frames.groups import check_level, contrast_label
from trialkit.analysis.generalised.ratio_model import arm_design
from trialkit.analysis.linear.contrasts import t_critical
from trialkit.analysis.linear.linear_model import Design
from trialkit.analysis.linear.model_rows import ModelRows, read_model_rows
from trialkit.analysis.quantiles.rank_inversion import rank_limits, statistic_at_none
from trialkit.analysis.quantiles.rank_scores import (
    RankScoreTest,
    coefficient_range,
    fit_quantile,
)
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.results.tabular import Tabular
from trialkit.results.vocabulary import Stat

SEVERAL = "several lines fit alike: the estimate is the middle of theirs, lowest to highest"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileContrast:
    """The difference of an arm from the reference; ``lowest`` and ``highest`` of all best fits."""

    contrast: str
    estimate: float
    lowest: float
    highest: float
    statistic: float
    p_value: float
    conf_low: float
    conf_high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class QuantileComparison(Tabular):
    """Differences of a quantile between arms, with limits by rank inversion."""

    outcome: str
    reference: object
    quantile: float
    conf_level: float
    df: int
    rows: ModelRows
    contrasts: tuple[QuantileContrast, ...]

    @property
    def title(self) -> str:
        """What the table shows, in a line."""
        adjusted = ", ".join(each.name for each in self.rows.covariates)
        by = f" adjusted for {adjusted}" if adjusted else ""
        return (
            f"Quantile {self.quantile:g} of {self.outcome} by {self.rows.arm.name}{by} "
            f"(rank inversion, n = {len(self.rows.outcome)})"
        )

    @property
    def excluded(self) -> pd.DataFrame:
        """The rows left out, each with the reason."""
        return self.rows.excluded

    def to_frame(self) -> pd.DataFrame:
        """A row for each other arm against the reference.

        Columns ``contrast``, ``quantile``, ``estimate``, ``lowest``, ``highest``, ``statistic``, ``df``,
        ``p_value``, ``conf_low``, ``conf_high``, ``conf_level``, ``limits``, ``note``.
        """
        return pd.DataFrame(
            [
                {
                    "contrast": each.contrast,
                    "quantile": self.quantile,
                    Stat.ESTIMATE.value: each.estimate,
                    "lowest": each.lowest,
                    "highest": each.highest,
                    Stat.STATISTIC.value: each.statistic,
                    Stat.DF.value: float(self.df),
                    Stat.P_VALUE.value: each.p_value,
                    Stat.CONF_LOW.value: each.conf_low,
                    Stat.CONF_HIGH.value: each.conf_high,
                    Stat.CONF_LEVEL.value: self.conf_level,
                    "limits": "rank inversion",
                    "note": SEVERAL if each.highest > each.lowest else "",
                }
                for each in self.contrasts
            ]
        )


@one_thread()
def quantile_regression(
    frame: AnyFrame,
    *,
    outcome: str,
    arm: str,
    reference: object,
    quantile: float = 0.5,
    covariates: Sequence[str] = (),
    categories: Sequence[str] = (),
    conf_level: float = 0.95,
    subject: str | None = None,
    order: Order | None = None,
) -> QuantileComparison:
    """Arms compared in a quantile of the outcome (the median), adjusted for covariates.

    Estimand
        The difference in the ``quantile`` of the outcome between each other arm and ``reference`` among
        people of the same covariates, taken to be the same whatever these are. Without covariates it is
        the difference of the arms' quantiles.

    Reference
        Koenker R, Bassett G. Econometrica 1978;46:33-50. Gutenbrunner C, Jurečková J, Koenker R, Portnoy
        S. J Nonparametr Stat 1993;2:307-331. Koenker R. In: Asymptotic Statistics, 1994:349-359 (limits).

    Checked against
        ``tests/reference/published/quantreg.json``

    ``frame`` has one row a subject; covariates as in ``ancova``. The fit is a linear programme, exact.
    Limits are the differences that a rank score test (errors of one distribution, t with rows less
    coefficients, between its steps as quantreg) does not reject; ±∞ where few rows reject nothing. p is
    of that test at 0, and agrees with the limits. Where several lines fit alike the estimate is the middle, as a median of evenly
    many is, and ``note`` says so. Rows without outcome, arm or a covariate are in ``.excluded``.

    Raises ``AnalysisError`` for a quantile outside 0 to 1, an outcome that is the same in all rows, and
    what ``ancova`` refuses of arms and covariates.
    """
    frame = as_pandas(frame)
    check_level(conf_level)
    if not 0 < quantile < 1:
        raise AnalysisError(f"quantile lies between 0 and 1 (0.5 is the median), got {quantile}")
    rows = read_model_rows(
        frame,
        outcome=outcome,
        arm=arm,
        reference=reference,
        covariates=covariates,
        categories=categories,
        scale=OutcomeScale.IDENTITY,
        subject=subject,
        order=order,
    )
    spread = float(np.ptp(rows.outcome))
    if spread <= 1e-12 * float(np.abs(rows.outcome).max()):
        raise AnalysisError(f"{outcome!r} is the same in all rows used: nothing is to be compared")
    design = arm_design(rows)
    scaled = (rows.outcome - np.median(rows.outcome)) / spread
    df = len(scaled) - design.matrix.shape[1]
    return QuantileComparison(
        outcome=outcome,
        reference=reference,
        quantile=quantile,
        conf_level=conf_level,
        df=df,
        rows=rows,
        contrasts=tuple(
            _contrast(
                design,
                int(index),
                scaled,
                spread=spread,
                quantile=quantile,
                critical=t_critical(conf_level, df),
                df=df,
                name=contrast_label(str(level), str(reference)),
            )
            for index, level in zip(
                np.flatnonzero(design.term_of == 1), rows.arm.other_levels, strict=True
            )
        ),
    )


def _contrast(
    design: Design,
    index: int,
    outcome: np.ndarray,
    *,
    spread: float,
    quantile: float,
    critical: float,
    df: int,
    name: str,
) -> QuantileContrast:
    """The coefficient of one column, of an ``outcome`` of unit spread."""
    basis, triangle = np.linalg.qr(design.matrix)
    fit = fit_quantile(basis, outcome, quantile)
    along = np.linalg.solve(triangle.T, np.eye(len(triangle))[index])
    lowest, highest = coefficient_range(basis, outcome, fit, along)
    if highest - lowest <= 1e-9 * max(abs(lowest), abs(highest), 1.0):
        lowest = highest = float(along @ fit.coefficients)
    middle = (lowest + highest) / 2
    others = np.delete(design.matrix, index, axis=1)
    test = RankScoreTest(
        basis=np.linalg.qr(others)[0],
        column=design.matrix[:, index],
        outcome=outcome,
        quantile=quantile,
    )
    low, high = rank_limits(test, middle, critical)
    statistic = statistic_at_none(test, middle)
    return QuantileContrast(
        contrast=name,
        estimate=middle * spread,
        lowest=lowest * spread,
        highest=highest * spread,
        statistic=statistic,
        p_value=float(2 * stdtr(df, -abs(statistic))),
        conf_low=min(low, lowest) * spread,
        conf_high=max(high, highest) * spread,
    )
