"""Generalised estimating equations solved, and the covariances of their coefficients."""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.gee.long_rows import LongRows
from trialkit.analysis.gee.working import estimate_correlation, whitening
from trialkit.analysis.generalised.families import ResponseDistribution
from trialkit.analysis.generalised.scoring import fit_generalised
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.generalised_models import GeeCovariance, WorkingCorrelation

MOST_STEPS = 300
CONVERGED = 1e-11
MOST_SHARE = 0.75
"""Fay and Graubard's bound on a subject's share of the information of a coefficient."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SolvedEquations:
    """Coefficients (p,), working correlation and scale, and what the covariances are made of.

    For each pattern of visits, ``designs`` (subjects, m, p) and ``residuals`` (subjects, m) divided
    by their standard deviations and whitened by the working correlation; ``bread`` (p, p) is the
    inverse of their information.
    """

    coefficients: np.ndarray
    alpha: np.ndarray
    correlation: np.ndarray
    scale: float
    bread: np.ndarray
    designs: tuple[np.ndarray, ...]
    residuals: tuple[np.ndarray, ...]

    def covariance(self, kind: GeeCovariance) -> np.ndarray:
        """The covariance (p, p) of the kind.

        Raises ``AnalysisError`` for a correction where a subject determines a coefficient alone.
        """
        if kind is GeeCovariance.MODEL:
            return np.asarray(self.scale * self.bread)
        meat = np.zeros_like(self.bread)
        for design, residual in zip(self.designs, self.residuals, strict=True):
            scores = self._scores(design, residual, kind)
            meat += scores.T @ scores
        return np.asarray(self.bread @ meat @ self.bread)

    def _scores(self, design: np.ndarray, residual: np.ndarray, kind: GeeCovariance) -> np.ndarray:
        """Each subject's estimating function (subjects, p), corrected for its own influence."""
        match kind:
            case GeeCovariance.KAUERMANN_CARROLL:
                residual = self._blown_up(design, residual, power=-0.5)
            case GeeCovariance.MANCL_DEROUEN:
                residual = self._blown_up(design, residual, power=-1.0)
            case _:
                pass
        scores = np.einsum("kmp,km->kp", design, residual)
        if kind is GeeCovariance.FAY_GRAUBARD:
            share = np.sum(design * (design @ self.bread), axis=1)
            scores = scores / np.sqrt(1 - np.minimum(share, MOST_SHARE))
        return np.asarray(scores)

    def _blown_up(self, design: np.ndarray, residual: np.ndarray, *, power: float) -> np.ndarray:
        """Residuals by a power of 1 − leverage, a symmetric matrix since they are whitened."""
        leverage = design @ self.bread @ np.swapaxes(design, 1, 2)
        values, vectors = np.linalg.eigh(np.eye(design.shape[1]) - leverage)
        if values.min() < 1e-10:
            raise AnalysisError(
                "a subject or cluster determines a coefficient alone: its residuals cannot be corrected",
                advice="take covariance='robust', or a model without that coefficient",
            )
        along = np.einsum("kmj,km->kj", vectors, residual) * values**power
        return np.asarray(np.einsum("kmj,kj->km", vectors, along))


@one_thread()
def solve_equations(
    long: LongRows, family: ResponseDistribution, kind: WorkingCorrelation
) -> SolvedEquations:
    """Alternate scale, correlation and a step of scoring, from the independent estimates.

    The scale is Pearson's χ² over the number of values, as geepack has it.
    Raises ``AnalysisError`` where a coefficient has no finite estimate or no solution is found.
    """
    design, outcome = long.design, long.outcome
    start = fit_generalised(design, outcome, family, offset=long.offset)
    if not np.isfinite(start.estimates).all():
        names = [
            name
            for name, each in zip(long.model.names, start.estimates, strict=True)
            if not np.isfinite(each)
        ]
        raise AnalysisError(
            f"no finite estimate of {', '.join(names)}: the outcome is at its end in all rows there",
            advice="leave the term out, or compare subjects by one number each",
        )
    found = start.coefficients
    for _ in range(MOST_STEPS):
        solved = _at(long, family, kind, found)
        score = np.zeros(len(found))
        for wide, residual in zip(solved.designs, solved.residuals, strict=True):
            score += np.einsum("kmp,km->p", wide, residual)
        step = solved.bread @ score
        moved = float(np.max(np.abs(design @ step)))
        if not np.isfinite(moved):
            break
        found = found + step
        if moved < CONVERGED * (1 + float(np.abs(design @ found).max())):
            return _at(long, family, kind, found)
    raise AnalysisError(
        f"the estimating equations with {kind.value} correlation did not come to a solution",
        advice="take independence, whose robust errors hold too",
    )


def _at(
    long: LongRows, family: ResponseDistribution, kind: WorkingCorrelation, at: np.ndarray
) -> SolvedEquations:
    """Everything at given coefficients (p,)."""
    mean = family.mean(long.design @ at + long.offset)
    deviation = np.sqrt(family.variance(mean))
    residuals = (long.outcome - mean) / deviation
    scaled = long.design * (family.slope(mean) / deviation)[:, None]
    scale = float(residuals @ residuals) / len(residuals)
    alpha, correlation = estimate_correlation(
        residuals, long.patterns, kind=kind, visits=len(long.visits), scale=scale
    )
    designs, whitened, information = [], [], np.zeros((len(at), len(at)))
    for each in long.patterns:
        white = whitening(correlation, each.visits)
        wide = white @ scaled[each.rows]
        flat = wide.reshape(-1, len(at))
        information += flat.T @ flat
        designs.append(wide)
        whitened.append(residuals[each.rows] @ white.T)
    return SolvedEquations(
        coefficients=at,
        alpha=alpha,
        correlation=correlation,
        scale=scale,
        bread=np.linalg.inv(information),
        designs=tuple(designs),
        residuals=tuple(whitened),
    )
