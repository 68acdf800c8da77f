"""Two-stage least squares of one treatment, on arrays. See ``docs/methods/instrumental.md``."""

from dataclasses import dataclass

import numpy as np
from scipy.special import fdtrc, fdtri

from trialkit.analysis.linear.least_squares import LeastSquaresFit, least_squares
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.linear_models import RobustCovariance

NOTHING = 1e-9
"""A first stage that moves the treatment by less than this share of its spread moves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStage:
    """F of the instruments in the treatment; infinite where they determine it."""

    df_num: int
    df_den: int
    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoStageFit:
    """Two-stage least squares of ``outcome`` (n,) on ``treatment`` (n,) and ``exogenous`` (n, q).

    ``coefficients`` (1 + q,) begin with the treatment's; ``instruments`` (n, k) stand in its place in the
    first stage, whose fitted values make ``projected`` (n, 1 + q).
    """

    outcome: np.ndarray
    treatment: np.ndarray
    exogenous: np.ndarray
    instruments: np.ndarray
    coefficients: np.ndarray
    root: np.ndarray
    projected: np.ndarray
    first: LeastSquaresFit

    @property
    def residuals(self) -> np.ndarray:
        """The outcome less what treatment (as received) and covariates explain (n,)."""
        both = np.column_stack([self.treatment, self.exogenous])
        return np.asarray(self.outcome - both @ self.coefficients)

    @property
    def df(self) -> int:
        """Rows less coefficients."""
        return len(self.outcome) - len(self.coefficients)

    def se(self, robust: RobustCovariance | None) -> np.ndarray:
        """The standard errors (1 + q,) of the coefficients: of one variance, HC0 or HC1."""
        bread = self.root @ self.root.T
        residuals = self.residuals
        if robust is None:
            return np.asarray(np.sqrt(np.diag(bread) * (residuals @ residuals) / self.df))
        half = (self.projected * residuals[:, None]) @ bread
        factor = len(residuals) / self.df if robust is RobustCovariance.HC1 else 1.0
        return np.asarray(np.sqrt(factor * np.sum(half**2, axis=0)))

    def first_stage(self, robust: RobustCovariance | None) -> FirstStage:
        """F of the instruments, with the covariance of the second stage."""
        k, fit = self.instruments.shape[1], self.first
        own = fit.coefficients[-k:]
        spread = float(np.ptp(self.treatment))
        if float(np.abs(fit.residuals).max()) <= NOTHING * spread:
            return FirstStage(df_num=k, df_den=fit.df, statistic=float("inf"), p_value=0.0)
        root = fit.root[-k:]
        if robust is None:
            covariance = root @ root.T * fit.sigma**2
        else:
            design = np.column_stack([self.exogenous, self.instruments])
            half = (design @ fit.root) * fit.residuals[:, None] @ root.T
            factor = len(half) / fit.df if robust is RobustCovariance.HC1 else 1.0
            covariance = factor * half.T @ half
        statistic = float(own @ np.linalg.solve(covariance, own)) / k
        return FirstStage(
            df_num=k,
            df_den=fit.df,
            statistic=statistic,
            p_value=float(fdtrc(k, fit.df, statistic)),
        )

    def anderson_rubin(self, conf_level: float) -> tuple[float, float]:
        """Limits of one instrument's effect that hold however weak it is, ±∞ where they are open.

        Those b with which the instrument tells nothing of outcome − b × treatment, by F.
        """
        design = np.column_stack([self.exogenous, self.instruments])
        fits = [least_squares(design, each) for each in (self.outcome, self.treatment)]
        (reduced, first), df = (each.coefficients[-1] for each in fits), fits[0].df
        scale = float(fits[0].root[-1] @ fits[0].root[-1]) * float(fdtri(1, df, conf_level)) / df
        yy, dd, yd = (
            scale * float(fits[i].residuals @ fits[j].residuals)
            for i, j in ((0, 0), (1, 1), (0, 1))
        )
        # (reduced − b first)² ≤ scale (yy − 2 b yd + b² dd)
        square, half, constant = first**2 - dd, reduced * first - yd, reduced**2 - yy
        inside = half**2 - square * constant
        if square <= 0 or inside < 0:
            return -np.inf, np.inf
        return float((half - np.sqrt(inside)) / square), float((half + np.sqrt(inside)) / square)


def two_stage_least_squares(
    outcome: np.ndarray, treatment: np.ndarray, exogenous: np.ndarray, instruments: np.ndarray
) -> TwoStageFit:
    """Fit; ``exogenous`` (n, q) with an intercept and ``instruments`` (n, k) have full rank together.

    Raises ``AnalysisError`` where the instruments do not move the treatment, and where the outcome is
    reproduced exactly.
    """
    first = least_squares(np.column_stack([exogenous, instruments]), treatment)
    without = least_squares(exogenous, treatment)
    moved = np.abs(first.fitted - without.fitted).max()
    if not moved > NOTHING * max(float(np.ptp(treatment)), float(np.abs(treatment).max()), 1e-300):
        raise AnalysisError(
            "the arms do not differ in what was received: nothing can be told of its effect"
        )
    projected = np.column_stack([first.fitted, exogenous])
    second = least_squares(projected, outcome)
    found = TwoStageFit(
        outcome=outcome,
        treatment=treatment,
        exogenous=exogenous,
        instruments=instruments,
        coefficients=second.coefficients,
        root=second.root,
        projected=projected,
        first=first,
    )
    if float(np.abs(found.residuals).max()) <= 1e-13 * float(np.abs(outcome).max()):
        raise AnalysisError(
            "what was received reproduces the outcome exactly: there is no residual variance"
        )
    return found
