"""The two distributions that simultaneous comparisons need: Tukey's range and Dunnett's maximum.

Both are computed by deterministic quadrature as sums of positive terms, so that small tail
probabilities keep their relative precision (scipy's ``studentized_range.sf`` is one minus its
distribution function, and its multivariate t is a random lattice rule).
"""

from collections.abc import Callable

import numpy as np
from scipy import special

from trialkit.analysis.distributions import chi_squared
from trialkit.analysis.distributions.bracketed_root import bracketed_root
from trialkit.analysis.engines.sobol import scrambled_points
from trialkit.errors import AnalysisError

NORMAL_REACH = 8.5
"""Beyond this many standard deviations a normal variable is taken not to go (1e-17)."""
QUADRATURE_CONTRASTS = 4
"""Up to this many contrasts with an arbitrary correlation are integrated by nested quadrature."""
LATTICE_SEED = 20250101
LATTICE_LOG2_POINTS = 17


def tukey_tail(range_statistic: float, *, means: int, df: float) -> float:
    """Probability that the studentised range of ``means`` means exceeds ``range_statistic``.

    A pairwise t statistic ``t`` has the Tukey–Kramer p value ``tukey_tail(abs(t) * sqrt(2))``.
    """
    if range_statistic <= 0:
        return 1.0
    scales, scale_weights = _scale_rule(df)
    z, z_weights = _normal_rule(nodes=20, panels=10)
    below = special.ndtr(z)
    ratio = special.ndtr(z[:, None] - range_statistic * scales[None, :]) / below[:, None]
    with np.errstate(divide="ignore"):
        one_far = -np.expm1((means - 1) * np.log1p(-ratio))
    tail = means * ((z_weights * below ** (means - 1)) @ one_far)
    pairs = means * (means - 1) // 2
    single = float(2 * special.stdtr(df, -range_statistic / np.sqrt(2)))
    return _between_bounds(float(tail @ scale_weights), single=single, contrasts=pairs)


def tukey_critical(level: float, *, means: int, df: float) -> float:
    """The |t| that the largest of all pairwise t statistics exceeds with probability 1 − level."""
    return _critical(
        lambda t: tukey_tail(t * np.sqrt(2.0), means=means, df=df),
        level=level,
        df=df,
        contrasts=means * (means - 1) // 2,
    )


def dunnett_tail(largest: float, *, correlation: np.ndarray, df: float) -> float:
    """Probability that any of several t statistics exceeds ``largest`` in absolute value.

    ``correlation`` is that of the contrasts (m, m); the t statistics share one variance estimate
    with ``df`` degrees of freedom. A correlation of the form λᵢλⱼ (groups without covariates) is
    integrated in one dimension for any m; otherwise up to four contrasts by nested quadrature, and
    more by a fixed Sobol sequence (absolute error below 1e-5).
    """
    if largest <= 0:
        return 1.0
    count = len(correlation)
    single = float(2 * special.stdtr(df, -largest))
    if count == 1:
        return single
    scales, weights = _scale_rule(df)
    limits = largest * scales
    loadings = _one_factor(correlation)
    if loadings is not None:
        tails = _tails_one_factor(limits, loadings)
    elif count <= QUADRATURE_CONTRASTS:
        tails = _tails_nested(limits, _cholesky(correlation))
    else:
        tail = _tail_by_lattice(largest, _cholesky(correlation), df)
        return _between_bounds(tail, single=single, contrasts=count)
    return _between_bounds(float(tails @ weights), single=single, contrasts=count)


def dunnett_critical(level: float, *, correlation: np.ndarray, df: float) -> float:
    """The |t| that the largest of the t statistics exceeds with probability 1 − level."""
    return _critical(
        lambda t: dunnett_tail(t, correlation=correlation, df=df),
        level=level,
        df=df,
        contrasts=len(correlation),
    )


def _between_bounds(tail: float, *, single: float, contrasts: int) -> float:
    """A joint tail is at least that of one contrast and at most Bonferroni's sum of them.

    The bounds bite only where the tail is smaller than what the quadrature resolves.
    """
    return min(1.0, max(single, min(tail, contrasts * single)))


def _critical(tail: Callable[[float], float], *, level: float, df: float, contrasts: int) -> float:
    """Root of ``tail(t) = 1 − level`` between the unadjusted and the Bonferroni value."""
    alpha = 1 - level
    low = -float(special.stdtrit(df, alpha / 2))
    high = -float(special.stdtrit(df, alpha / (2 * contrasts)))
    if contrasts == 1:
        return low
    return bracketed_root(
        lambda t: tail(t) - alpha, low * (1 - 1e-9), high * (1 + 1e-9), xtol=1e-12, rtol=1e-12
    )


def _scale_rule(df: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes s and weights for the expectation over s = χ(df)/√df, in the logarithm of s."""
    low = 0.5 * np.log(max(float(chi_squared.ppf(1e-18, df)), 1e-36) / df)
    high = 0.5 * np.log(float(chi_squared.isf(1e-18, df)) / df)
    panels = max(4, int(np.ceil((high - low) / 1.8)))
    nodes, weights = _panels(low, high, nodes=16, panels=panels)
    # the density of log s up to a constant, which is 1 at its mode s = 1
    density = np.exp(df * (nodes - 0.5 * np.expm1(2 * nodes)))
    return np.exp(nodes), weights * density / (weights @ density)


def _normal_rule(*, nodes: int, panels: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights for the expectation over a standard normal variable."""
    points, weights = _panels(-NORMAL_REACH, NORMAL_REACH, nodes=nodes, panels=panels)
    return points, weights * np.exp(-0.5 * points**2) / np.sqrt(2 * np.pi)


def _panels(low: float, high: float, *, nodes: int, panels: int) -> tuple[np.ndarray, np.ndarray]:
    """A composite Gauss–Legendre rule."""
    unit, weights = np.polynomial.legendre.leggauss(nodes)
    edges = np.linspace(low, high, panels + 1)
    half = 0.5 * np.diff(edges)
    middle = 0.5 * (edges[:-1] + edges[1:])
    return (middle[:, None] + half[:, None] * unit).ravel(), (half[:, None] * weights).ravel()


def _one_factor(correlation: np.ndarray) -> np.ndarray | None:
    """λ with correlation λᵢλⱼ off the diagonal and |λ| < 1, where there is one."""
    count = len(correlation)
    if count == 2:
        shared = float(correlation[0, 1])
        root = np.sqrt(abs(shared))
        loadings = np.array([root, np.copysign(root, shared)])
    else:
        r12, r13, r23 = correlation[0, 1], correlation[0, 2], correlation[1, 2]
        if min(abs(r12), abs(r13), abs(r23)) < 1e-8 or r12 * r13 * r23 < 0:
            return None
        first = np.sqrt(r12 * r13 / r23)
        loadings = np.append(first, correlation[0, 1:] / first)
    off_diagonal = ~np.eye(count, dtype=bool)
    fits = np.allclose(
        np.outer(loadings, loadings)[off_diagonal], correlation[off_diagonal], rtol=0, atol=1e-12
    )
    return loadings if fits and (np.abs(loadings) < 1 - 1e-9).all() else None


def _tails_one_factor(limits: np.ndarray, loadings: np.ndarray) -> np.ndarray:
    """For each limit, the probability that some |Zᵢ| exceeds it, Zᵢ = λᵢU + √(1−λᵢ²)Vᵢ."""
    u, weights = _normal_rule(nodes=20, panels=10)
    spread = np.sqrt(1 - loadings**2)
    centre = (u[:, None] * loadings)[:, None, :]
    reach = limits[None, :, None]
    outside = special.ndtr((centre - reach) / spread) + special.ndtr((-centre - reach) / spread)
    with np.errstate(divide="ignore"):
        any_outside = -np.expm1(np.log1p(-np.minimum(outside, 1.0)).sum(axis=2))
    return np.asarray(weights @ any_outside)


def _tails_nested(limits: np.ndarray, root: np.ndarray) -> np.ndarray:
    """The same for any correlation: one variable after the other, given those before it."""
    count = len(root)
    nodes, weights = np.polynomial.legendre.leggauss(48 if count <= 3 else 28)
    total = np.zeros_like(limits)
    mass = np.ones((len(limits), 1))
    earlier = np.zeros((len(limits), 1, 0))
    for i in range(count):
        centre = earlier @ root[i, :i]
        low = (-limits[:, None] - centre) / root[i, i]
        high = (limits[:, None] - centre) / root[i, i]
        total += (mass * (special.ndtr(low) + special.ndtr(-high))).sum(axis=1)
        if i == count - 1:
            break
        low, high = np.clip(low, -NORMAL_REACH, None), np.clip(high, None, NORMAL_REACH)
        half = 0.5 * np.maximum(high - low, 0.0)
        z = 0.5 * (high + low)[:, :, None] + half[:, :, None] * nodes
        density = np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi)
        mass = (mass[:, :, None] * half[:, :, None] * weights * density).reshape(len(limits), -1)
        repeated = np.repeat(earlier, len(nodes), axis=1)
        earlier = np.concatenate([repeated, z.reshape(len(limits), -1, 1)], axis=2)
    return total


def _tail_by_lattice(largest: float, root: np.ndarray, df: float) -> float:
    """The tail by Genz's transformation on a fixed scrambled Sobol sequence."""
    count = len(root)
    points = scrambled_points(count, log2_points=LATTICE_LOG2_POINTS, seed=LATTICE_SEED)
    limit = largest * np.sqrt(chi_squared.ppf(points[:, 0], df) / df)
    inside = np.ones(len(points))
    total = np.zeros(len(points))
    drawn = np.zeros((len(points), count - 1))
    for i in range(count):
        centre = drawn[:, :i] @ root[i, :i]
        low = special.ndtr((-limit - centre) / root[i, i])
        above = special.ndtr((centre - limit) / root[i, i])
        total += inside * (low + above)
        within = np.maximum(1 - low - above, 0.0)
        if i < count - 1:
            drawn[:, i] = special.ndtri(np.clip(low + points[:, i + 1] * within, 1e-16, 1 - 1e-16))
        inside = inside * within
    return float(total.mean())


def _cholesky(correlation: np.ndarray) -> np.ndarray:
    """The lower Cholesky factor, or an error where contrasts depend on each other linearly."""
    try:
        return np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError:
        raise AnalysisError(
            "Dunnett's adjustment needs contrasts that do not depend on each other linearly",
            advice="leave out the redundant contrast or choose adjustment='bonferroni'",
        ) from None
