"""A fitted Cox model: coefficients and covariances on the scale of the covariates."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import assert_never

import numpy as np
from scipy.special import chdtrc

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.linear.linear_model import refuse_collinear
from trialkit.analysis.survival.cox_rows import CoxRows
from trialkit.analysis.survival.exact_ties import ExactLikelihood, exact
from trialkit.analysis.survival.newton import Maximum, maximise, solved
from trialkit.analysis.survival.partial_likelihood import PartialLikelihood, breslow, efron
from trialkit.analysis.survival.risk_sets import risk_sets
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.time_to_event import TiedEvents

APART = 1e-4
"""The least eigenvalue of the covariates' correlations at which nothing is a combination of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTest:
    """A chi-square test; NaN where it does not exist."""

    name: str
    statistic: float
    df: int
    p_value: float


@dataclass(frozen=True, kw_only=True, eq=False)
class CoxFit:
    """The maximum in covariates of mean 0 and standard deviation 1, and what turns it back.

    ``robust`` (p, p) is the sandwich on the scale of the covariates, None where it was not asked for.
    """

    rows: CoxRows
    ties: TiedEvents
    likelihood: PartialLikelihood | ExactLikelihood
    maximum: Maximum
    scale: np.ndarray
    robust: np.ndarray | None

    @cached_property
    def coefficients(self) -> np.ndarray:
        """The logarithms of the hazard ratios (p,); plus or minus infinity where none is finite."""
        unbounded = self.maximum.unbounded
        finite = self.maximum.beta / self.scale
        return np.select([unbounded > 0, unbounded < 0], [np.inf, -np.inf], finite)

    @cached_property
    def model_covariance(self) -> np.ndarray:
        """The inverse information (p, p); NaN where a coefficient is not finite."""
        return self.maximum.covariance / np.outer(self.scale, self.scale)

    @property
    def covariance(self) -> np.ndarray:
        """The covariance in use: the sandwich, if it was asked for."""
        return self.model_covariance if self.robust is None else self.robust

    def tests(self) -> tuple[ModelTest, ...]:
        """Likelihood ratio, score and Wald tests that no coefficient differs from 0.

        The first two are the model's own. Where the likelihood still rises the ratio is that of its
        limit, and there is no Wald test.
        """
        zero, at, df = self.maximum.at_zero, self.maximum.at, len(self.scale)
        ratio = 2 * (at.log_likelihood - zero.log_likelihood)
        score = float(zero.score @ solved(zero.information, zero.score))
        wald = float("nan")
        if not self.maximum.unbounded.any():
            wald = float(self.coefficients @ solved(self.covariance, self.coefficients))
        return tuple(
            ModelTest(name=name, statistic=found, df=df, p_value=float(chdtrc(df, found)))
            for name, found in (("likelihood_ratio", ratio), ("score", score), ("wald", wald))
        )

    def tie_likelihood(self, asking: str) -> PartialLikelihood:
        """The likelihood with its moments, which the exact one does not have."""
        if isinstance(self.likelihood, ExactLikelihood):
            raise AnalysisError(
                f"{asking} does not exist for the exact likelihood of ties",
                advice="choose efron or breslow",
            )
        return self.likelihood


@one_thread()
def fit_cox(rows: CoxRows, *, ties: TiedEvents, robust: bool) -> CoxFit:
    """The model of all columns of the rows; ``robust`` asks for the sandwich over ``rows.clusters``.

    Without clusters each row is one. Raises :class:`AnalysisError` without any event, for collinear
    columns, for a robust exact fit, and where the likelihood cannot be maximised.
    """
    sets = risk_sets(rows.time, rows.event, rows.strata, start=rows.start)
    standard, scale = standardised(rows, sets.order)
    likelihood: PartialLikelihood | ExactLikelihood
    match ties:
        case TiedEvents.EFRON:
            likelihood = efron(sets, standard)
        case TiedEvents.BRESLOW:
            likelihood = breslow(sets, standard)
        case TiedEvents.EXACT:
            likelihood = exact(sets, standard)
        case _:
            assert_never(ties)
    maximum = maximise(likelihood, len(scale))
    fit = CoxFit(
        rows=rows, ties=ties, likelihood=likelihood, maximum=maximum, scale=scale, robust=None
    )
    if not robust:
        return fit
    residuals = fit.tie_likelihood("a robust standard error").score_residuals(maximum.beta)
    if rows.clusters is not None:
        residuals = clustered(residuals, rows.clusters[sets.order])
    return replace(fit, robust=sandwich(residuals, maximum, scale))


def sandwich(residuals: np.ndarray, maximum: Maximum, scale: np.ndarray) -> np.ndarray:
    """The covariance (p, p) that what rows or clusters add to the score, (n, p), shows.

    NaN where a coefficient is not finite; the others are those of the limit.
    """
    covariance = maximum.covariance
    influence = residuals @ np.nan_to_num(covariance)
    found = (influence.T @ influence) / np.outer(scale, scale)
    return np.where(np.isnan(covariance), np.nan, found)


def standardised(rows: CoxRows, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The covariates (p, n) in that order, of mean 0 and standard deviation 1, and what they were.

    Columns that are clearly of their own need no search for those that depend on others.
    """
    x = np.ascontiguousarray(np.take(rows.design.matrix, order, axis=0).T[1:])
    x -= x.mean(axis=1, keepdims=True)
    size = np.sqrt(np.einsum("ij,ij->i", x, x) / x.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = (x @ x.T) / np.outer(size, size) / x.shape[1]
    few = x.shape[1] <= len(x) + 1
    if few or not np.isfinite(correlation).all() or np.linalg.eigvalsh(correlation)[0] < APART:
        refuse_collinear(rows.design)
    x /= size[:, None]
    return x, size


def clustered(values: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """Sums of rows (n, p) over each cluster (clusters, p)."""
    order = np.argsort(clusters, kind="stable")
    first = np.flatnonzero(np.append(True, np.diff(clusters[order]) != 0))
    return np.asarray(np.add.reduceat(values[order], first, axis=0))
