"""A linear model fitted by least squares: coefficients, tests of hypotheses, influence of rows."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from trialkit.analysis.frames.groups import check_level
from trialkit.analysis.linear.contrasts import t_critical, t_p_value
from trialkit.analysis.linear.least_squares import LeastSquaresFit, least_squares
from trialkit.analysis.linear.linear_model import (
    Design,
    ModelColumn,
    Term,
    build_design,
    independent_columns,
    refuse_collinear,
    term_hypotheses,
    term_name,
)
from trialkit.analysis.linear.variance_explained import partial_eta_squared_limits
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import RobustCovariance, SumOfSquares
from trialkit.results.vocabulary import Stat

ROUNDING = 64 * np.finfo(float).eps
"""A residual below this share of the outcome is rounding, not variance."""
ALONE = 1e-10
"""A row with less than this share of itself left by the model has leverage 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FTest:
    """An F test of a hypothesis about the coefficients of a linear model."""

    df_num: int
    df_den: int
    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedModel:
    """A design with its least squares fit and a root (p, …) of the covariance of its coefficients.

    ``robust`` names the covariance where it is heteroscedasticity-consistent; ``None`` is the
    ordinary one.
    """

    design: Design
    fit: LeastSquaresFit
    root: np.ndarray
    robust: RobustCovariance | None

    @property
    def covariance(self) -> np.ndarray:
        """The covariance of the coefficients (p, p)."""
        return np.asarray(self.root @ self.root.T)

    def covariance_of(self, rows: np.ndarray) -> np.ndarray:
        """The covariance (m, m) of linear combinations (m, p) of the coefficients."""
        half = rows @ self.root
        return np.asarray(half @ half.T)

    def f_test(self, hypothesis: np.ndarray) -> FTest:
        """F of Lβ = 0 for L (df, p) of full row rank: Wald's statistic over its df."""
        return _wald(
            hypothesis @ self.fit.coefficients,
            self.covariance_of(hypothesis),
            df_den=self.fit.df,
        )

    def f_test_of_added(self, terms: tuple[Term, ...], outcome: np.ndarray) -> FTest:
        """F of ``terms`` added to the model of ``outcome`` (n,), on what of them can be estimated.

        Columns that are a combination of those before them are left out, as R's ``lm`` does: an
        interaction with an empty cell is tested on the degrees of freedom that it has.
        Raises ``AnalysisError`` where nothing of the terms, or no residual, is left.
        """
        larger = build_design(self.design.columns, (*self.design.terms, *terms))
        independent = independent_columns(larger)
        added = (larger.term_of > len(self.design.terms))[independent]
        if not added.any():
            raise AnalysisError("no degree of freedom of the interaction can be estimated")
        if independent.sum() >= len(outcome):
            raise AnalysisError("the model with the interaction leaves no degree of freedom")
        fit, root = _fit(larger.matrix[:, independent], outcome, robust=self.robust)
        return _wald(fit.coefficients[added], root[added] @ root[added].T, df_den=fit.df)

    def anova_table(self, kind: SumOfSquares, *, conf_level: float) -> pd.DataFrame:
        """One row a term; sums of squares and partial eta squared only without ``robust``."""
        rows = []
        hypotheses = term_hypotheses(self.design, kind)
        for term, hypothesis in zip(self.design.terms, hypotheses, strict=True):
            test = self.f_test(hypothesis)
            row: dict[str, object] = {
                "term": term_name(term),
                Stat.DF_NUM.value: float(test.df_num),
                Stat.DF_DEN.value: float(test.df_den),
                Stat.STATISTIC.value: test.statistic,
                Stat.P_VALUE.value: test.p_value,
            }
            if self.robust is None:
                row |= self._variance_explained(test, conf_level=conf_level)
            rows.append(row)
        return pd.DataFrame(rows)

    def _variance_explained(self, test: FTest, *, conf_level: float) -> dict[str, object]:
        low, high = partial_eta_squared_limits(
            test.statistic, df_num=test.df_num, df_den=test.df_den, conf_level=conf_level
        )
        explained = test.statistic * test.df_num
        return {
            Stat.SUM_SQUARES.value: explained * self.fit.sigma**2,
            Stat.PARTIAL_ETA_SQUARED.value: explained / (explained + test.df_den),
            Stat.PARTIAL_ETA_SQUARED_CONF_LOW.value: low,
            Stat.PARTIAL_ETA_SQUARED_CONF_HIGH.value: high,
        }

    def coefficient_table(self, *, conf_level: float) -> pd.DataFrame:
        """One row a coefficient in treatment coding."""
        check_level(conf_level)
        estimate = self.fit.coefficients
        se = np.linalg.norm(self.root, axis=1)
        reach = t_critical(conf_level, self.fit.df) * se
        return pd.DataFrame(
            {
                "term": list(self.design.names),
                Stat.ESTIMATE.value: estimate,
                Stat.SE.value: se,
                Stat.DF.value: float(self.fit.df),
                Stat.STATISTIC.value: estimate / se,
                Stat.P_VALUE.value: t_p_value(estimate / se, self.fit.df),
                Stat.CONF_LOW.value: estimate - reach,
                Stat.CONF_HIGH.value: estimate + reach,
                Stat.CONF_LEVEL.value: conf_level,
            }
        )

    def influence_table(self) -> pd.DataFrame:
        """Fitted value, residuals, leverage and Cook's distance of each row used.

        A row that determines a coefficient alone has residual 0 and infinite Cook's distance.
        """
        leverage = self.fit.leverage
        left = np.maximum(1 - leverage, 0.0)
        alone = left < ALONE
        safe = np.where(alone, 1.0, left)
        residuals = np.where(alone, 0.0, self.fit.residuals)
        standardised = residuals / (self.fit.sigma * np.sqrt(safe))
        cooks = standardised**2 * leverage / (safe * len(self.fit.coefficients))
        return pd.DataFrame(
            {
                "fitted": self.fit.fitted,
                "residual": residuals,
                "standardised_residual": standardised,
                "leverage": np.minimum(leverage, 1.0),
                "cooks_distance": np.where(alone, np.inf, cooks),
            }
        )


def fit_model(
    columns: tuple[ModelColumn, ...],
    terms: tuple[Term, ...],
    outcome: np.ndarray,
    *,
    robust: RobustCovariance | None,
) -> FittedModel:
    """Fit an intercept and ``terms`` to ``outcome`` (n,).

    Raises ``AnalysisError`` for a collinear column, too few rows, and an outcome that the model
    reproduces exactly.
    """
    design = build_design(columns, terms)
    refuse_collinear(design)
    fit, root = _fit(design.matrix, outcome, robust=robust)
    return FittedModel(design=design, fit=fit, root=root, robust=robust)


def fit_design(design: np.ndarray, outcome: np.ndarray) -> LeastSquaresFit:
    """The fit of columns of full rank (n, p); raises ``AnalysisError`` where nothing is left over."""
    fit = least_squares(design, outcome)
    if fit.residual_sum_squares <= ROUNDING**2 * float(outcome @ outcome):
        raise AnalysisError(
            "the model reproduces the outcome exactly: there is no residual variance beyond the "
            f"rounding of values up to {float(np.abs(outcome).max())!r}, and neither standard "
            "errors nor tests are defined"
        )
    return fit


def _fit(
    design: np.ndarray, outcome: np.ndarray, *, robust: RobustCovariance | None
) -> tuple[LeastSquaresFit, np.ndarray]:
    """The fit of columns of full rank (n, p) and a root of the covariance of its coefficients."""
    fit = fit_design(design, outcome)
    if robust is None:
        return fit, fit.root * fit.sigma
    return fit, robust_root(design, fit, kind=robust)


def _wald(estimate: np.ndarray, covariance: np.ndarray, *, df_den: int) -> FTest:
    """Wald's statistic of estimates (m,) with their covariance (m, m) over m."""
    df_num = len(estimate)
    statistic = float(estimate @ np.linalg.solve(covariance, estimate)) / df_num
    return FTest(
        df_num=df_num,
        df_den=df_den,
        statistic=statistic,
        p_value=float(special.fdtrc(df_num, df_den, statistic)),
    )


def robust_root(design: np.ndarray, fit: LeastSquaresFit, *, kind: RobustCovariance) -> np.ndarray:
    """A root (p, n) of the heteroscedasticity-consistent covariance of the coefficients.

    MacKinnon and White 1985 (HC0–HC3), Cribari-Neto 2004 (HC4).
    """
    n, p = design.shape
    left = 1 - fit.leverage
    if kind not in {RobustCovariance.HC0, RobustCovariance.HC1} and (left < ALONE).any():
        raise AnalysisError(
            f"robust={kind.value!r} is not defined: a row determines a coefficient alone "
            f"(leverage 1), such as the only subject of an arm; there are {int((left < ALONE).sum())}"
        )
    match kind:
        case RobustCovariance.HC0:
            weights = np.ones(n)
        case RobustCovariance.HC1:
            weights = np.full(n, n / (n - p))
        case RobustCovariance.HC2:
            weights = 1 / left
        case RobustCovariance.HC3:
            weights = 1 / left**2
        case RobustCovariance.HC4:
            weights = left ** -np.minimum(4.0, n * fit.leverage / p)
    bread = fit.root @ (design @ fit.root).T
    return np.asarray(bread * (np.sqrt(weights) * fit.residuals))
