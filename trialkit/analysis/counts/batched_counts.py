"""Poisson and negative-binomial models of many replicates at once, for simulation.

The method is in ``docs/methods/counts.md``.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from trialkit.analysis.counts.count_cells import CountCells, cell_layout
from trialkit.analysis.counts.theta import NO_OVERDISPERSION
from trialkit.analysis.engines.one_thread import one_thread
from trialkit.analysis.linear.contrasts import t_p_value
from trialkit.protocol.methods.generalised_models import CountVariance
from trialkit.protocol.tables.choices import choose

CHUNK = 200_000
"""So many numbers of a chunk of replicates at once."""
MOST_STEPS = 100
SMALL = 1e-8


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BatchedRates:
    """Models of R replicates: ``coefficients``, ``se`` (R, p), ``df`` and ``theta`` (R,).

    ``theta`` is infinite for Poisson models and for counts without overdispersion. A replicate
    without a finite maximum (no event where a column tells rows from the others) is not
    ``converged`` and has NaN.
    """

    coefficients: np.ndarray
    se: np.ndarray
    theta: np.ndarray
    df: float
    converged: np.ndarray

    @cached_property
    def p_value(self) -> np.ndarray:
        """Two-sided p of each coefficient (R, p), by Wald's statistic."""
        return t_p_value(self.coefficients / self.se, self.df)


@one_thread()
def poisson_batch(
    counts: np.ndarray,
    design: np.ndarray,
    *,
    exposure: np.ndarray | None = None,
    variance: CountVariance | str = CountVariance.HC1,
) -> BatchedRates:
    """Poisson models of R replicates of counts.

    Estimand
        As ``poisson_regression``, for each replicate: logarithms of rates and of their ratios.

    Reference
        As ``poisson_regression``.

    Checked against
        ``tests/reference/counts/counts_falls_simulated.json``

    ``counts`` have the shape (R, rows), ``design`` (rows, columns) with the intercept first and then
    the arm, ``exposure`` (rows,) or (R, rows). ``variance`` is as in ``poisson_regression``.

    Raises ``AnalysisError`` for values that are no counts, exposures of 0 or less, shapes that do
    not fit, collinear columns.
    """
    kind = choose(CountVariance, variance, parameter="variance")
    cells = cell_layout(counts, design, exposure).filled(counts, slice(None))
    coefficients, converged = _poisson(cells)
    mean = cells.mean(coefficients)
    bread = _inverse(cells.information(cells.size * mean), converged)
    n, p = design.shape
    squared = cells.squared_residuals(mean)
    match kind:
        case CountVariance.MODEL:
            covariance = bread
        case CountVariance.QUASI:
            covariance = bread * (np.sum(squared / mean, axis=1) / (n - p))[:, None, None]
        case CountVariance.HC0 | CountVariance.HC1:
            by = n / (n - p) if kind is CountVariance.HC1 else 1.0
            covariance = bread @ cells.information(squared) @ bread * by
    return BatchedRates(
        coefficients=np.where(converged[:, None], coefficients, np.nan),
        se=np.sqrt(np.diagonal(covariance, axis1=1, axis2=2)),
        theta=np.full(len(counts), np.inf),
        df=float(n - p) if kind is CountVariance.QUASI else np.inf,
        converged=converged,
    )


@one_thread()
def negative_binomial_batch(
    counts: np.ndarray, design: np.ndarray, *, exposure: np.ndarray | None = None
) -> BatchedRates:
    """Negative-binomial models (NB2) of R replicates of counts.

    Estimand
        As ``negative_binomial_regression``, for each replicate: logarithms of rates and of ratios.

    Reference
        As ``negative_binomial_regression``.

    Checked against
        ``tests/reference/counts/counts_epilepsy_total.json``

    ``counts`` have the shape (R, rows), ``design`` (rows, columns) with the intercept first and then
    the arm, ``exposure`` (rows,) or (R, rows). Rows with one design and one exposure are summed, and
    all replicates take their steps together.

    Raises ``AnalysisError`` for what ``poisson_batch`` refuses.
    """
    layout = cell_layout(counts, design, exposure)
    width = max(len(layout.size), int(counts.max(initial=0)) + 1)
    step = max(1, CHUNK // width)
    parts = [
        _negative_binomial(layout.filled(counts, slice(first, first + step)))
        for first in range(0, max(len(counts), 1), step)
    ]
    coefficients, se, theta, converged = (np.concatenate(each) for each in zip(*parts, strict=True))
    return BatchedRates(
        coefficients=coefficients, se=se, theta=theta, df=np.inf, converged=converged
    )


Fits = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _negative_binomial(cells: CountCells) -> Fits:
    """Coefficients, standard errors, theta, and whether there is a maximum, of each replicate."""
    coefficients, finite = _poisson(cells)
    mean = cells.mean(coefficients)
    excess = np.sum(cells.squared_residuals(mean) - cells.sums, axis=1)
    theta = np.full(len(finite), np.inf)
    overdispersed = finite & (excess > 0)
    if overdispersed.any():
        at = np.flatnonzero(overdispersed)
        moment = np.sum(cells.size * mean[at] ** 2, axis=1) / excess[at]
        coefficients[at], theta[at], finite[at] = _climb(
            cells.of(at), coefficients[at], np.maximum(moment, 1e-3)
        )
    mean = cells.mean(coefficients)
    covariance = _inverse(
        cells.information(cells.size * mean / (1 + mean / theta[:, None])), finite
    )
    se = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    lost = ~finite
    coefficients[lost], theta[lost] = np.nan, np.nan
    return coefficients, se, theta, finite


def _climb(
    cells: CountCells, coefficients: np.ndarray, theta: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """From Poisson's estimates and a theta by moments to the joint maximum."""
    done = np.zeros(len(theta), dtype=bool)
    active = np.arange(len(theta))
    now, mean = cells, cells.mean(coefficients)
    for _ in range(MOST_STEPS):
        at, dispersion = coefficients[active], theta[active]
        step = _score_step(now, mean, dispersion)
        at = at + np.clip(step, -3.0, 3.0)
        mean = now.mean(at)
        grow = _theta_step(now, mean, dispersion)
        dispersion = dispersion * np.exp(np.clip(grow, -2.0, 2.0))
        coefficients[active], theta[active] = at, dispersion
        poisson = dispersion > NO_OVERDISPERSION * mean.max(axis=1)
        theta[active[poisson]] = np.inf
        ended = (np.abs(step).max(axis=1) < SMALL) & (np.abs(grow) < SMALL) | poisson
        done[active[ended]] = True
        if ended.all():
            break
        if ended.any():
            active, now, mean = active[~ended], now.of(~ended), mean[~ended]
    return coefficients, theta, done


def _score_step(cells: CountCells, mean: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Fisher's step (R, p) of the coefficients."""
    shrink = 1 / (1 + mean / theta[:, None])
    information = cells.information(cells.size * mean * shrink)
    score = ((cells.sums - cells.size * mean) * shrink) @ cells.design
    return np.asarray(np.linalg.solve(information, score[:, :, None])[:, :, 0])


def _theta_step(cells: CountCells, mean: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Newton's step in log theta, or a step up the slope where the likelihood is no hill."""
    by = theta[:, None]
    factor = 1 / (by + np.arange(cells.above.shape[1]))
    inverse = 1 / (mean + by)
    expected = cells.size * mean
    behind = (expected - cells.sums) * inverse
    first = (
        np.einsum("rk,rk->r", cells.above, factor)
        + behind.sum(axis=1)
        - _log_of_one_and(mean / by) @ cells.size
    )
    second = (
        np.einsum("rc,rc->r", expected, inverse) / theta
        - np.einsum("rk,rk,rk->r", cells.above, factor, factor)
        - np.einsum("rc,rc->r", behind, inverse)
    )
    slope, bend = theta * first, theta**2 * second + theta * first
    return np.asarray(np.where(bend < 0, -slope / np.where(bend < 0, bend, 1.0), np.sign(slope)))


def _log_of_one_and(share: np.ndarray) -> np.ndarray:
    """Take log (1 + share) by the quick logarithm where that loses no digit that counts."""
    logarithm = np.log(1 + share)
    small = share.max(axis=1) < 1e-2
    logarithm[small] = np.log1p(share[small])
    return np.asarray(logarithm)


def _poisson(cells: CountCells) -> tuple[np.ndarray, np.ndarray]:
    """Poisson's estimates (R, p), and which replicates have them."""
    crude = np.log((cells.sums + 0.1 * cells.size) / (cells.size * cells.exposure))
    weight = cells.sums + 0.1 * cells.size
    right = (weight * crude) @ cells.design
    coefficients = np.linalg.solve(cells.information(weight), right[:, :, None])[:, :, 0]
    done = np.zeros(len(coefficients), dtype=bool)
    some = cells.sums.sum(axis=1) > 0
    active = np.flatnonzero(some)
    now = cells.of(active)
    for _ in range(30):
        if not len(active):
            break
        mean = now.mean(coefficients[active])
        step = _score_step(now, mean, np.full(len(active), np.inf))
        coefficients[active] += np.clip(step, -5.0, 5.0)
        ended = np.abs(step).max(axis=1) < SMALL
        done[active[ended]] = True
        if ended.any():
            active, now = active[~ended], now.of(~ended)
    return coefficients, done


def _inverse(information: np.ndarray, there: np.ndarray) -> np.ndarray:
    inverse = np.full(information.shape, np.nan)
    if there.any():
        inverse[there] = np.linalg.inv(information[there])
    return inverse
