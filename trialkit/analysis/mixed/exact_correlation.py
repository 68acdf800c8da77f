"""Exact limits of the intraclass correlation of one grouping, whatever its sizes and the fixed effects.

With the variance between levels λ times the residual one, the generalised least squares residual sum of
squares Q(λ) is that of a regression on fixed effects and levels, E, plus one between levels that is independent
of it. So (Q(λ) − E)/s over E/f has the F distribution of s and f degrees of freedom at the true λ, and falls with
λ (Wald 1940; Seely and El-Bassiouni 1983). With equal sizes and no covariate it is Searle's (1971).
"""

from collections.abc import Callable

import numpy as np
from scipy.special import fdtri

from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.analysis.mixed.cell_sums import CellSums
from trialkit.analysis.mixed.components import evaluate
from trialkit.errors import AnalysisError

LARGEST_RATIO = 1e12
DEPENDENT = 1e-10
"""A direction of orthonormal columns with a smaller share of itself within levels has none there."""


def exact_limits(sums: CellSums, *, conf_level: float) -> tuple[float, float]:
    """The limits, from the sums of orthonormal columns of a model with one grouping and one residual variance.

    Raises ``AnalysisError`` where no degree of freedom is left between or within levels.
    """
    inner = sums.within[0]
    values, vectors = np.linalg.eigh(inner[:-1, :-1])
    kept = values > DEPENDENT
    explained = np.square(vectors[:, kept].T @ inner[:-1, -1]) / values[kept]
    left = float(inner[-1, -1] - explained.sum())
    within = float(sums.within_df[0] - kept.sum())
    between = sums.n - sums.p - within
    if between < 1 or within < 1 or left <= 0:
        raise AnalysisError(
            "an exact interval needs degrees of freedom between and within the levels",
            advice="choose limits='profile'",
        )

    def statistic(ratio: float) -> float:
        at = evaluate(sums, np.array([ratio, 1.0]), restricted=False)
        # at a ratio at which nothing can be computed the sum between levels is long gone
        return 0.0 if at is None else (at.squares - left) / between / (left / within)

    def ratio_at(quantile: float) -> float:
        return _ratio(lambda ratio: statistic(ratio) - quantile)

    tail = (1 - conf_level) / 2
    low = ratio_at(float(fdtri(between, within, 1 - tail)))
    high = ratio_at(float(fdtri(between, within, tail)))
    return low / (1 + low), 1.0 if np.isinf(high) else high / (1 + high)


def _ratio(above: Callable[[float], float]) -> float:
    """The ratio at which a falling function is 0; 0 where it is negative from the start."""
    if above(0.0) <= 0:
        return 0.0
    top = 1.0
    while above(top) > 0 and top < LARGEST_RATIO:
        top *= 4
    if top >= LARGEST_RATIO:
        return float(np.inf)
    return bracketed_root(above, 0.0, top, xtol=1e-15, rtol=1e-13)
