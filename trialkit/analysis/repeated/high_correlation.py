"""The climb where visits are so highly correlated that their covariance is nearly singular.

There the parameters of the structure are bent and stiff, and the inverse of Σ costs the digits that
its derivatives need. So the climb goes in the coordinates of ``whitening``, which are renewed as Σ
moves, and the unstructured Σ = A Σ′ Aᵀ is given by the parameters of Σ′, which is near the identity.
"""

from dataclasses import replace

import numpy as np

from trialkit.analysis.repeated.cohort import Cohort, pairwise_moments, statistics_of
from trialkit.analysis.repeated.likelihood import CovarianceModel
from trialkit.analysis.repeated.maximise import Failure, Optimum, maximise
from trialkit.analysis.repeated.shapes import CorrelationForm
from trialkit.analysis.repeated.statistics import MmrmStatistics, Patterns
from trialkit.analysis.repeated.whitening import triangular_parameters

HIGH = 1e-3
"""Correlation matrices with an eigenvalue below this are fitted in the coordinates of whitening."""
_SINGULAR = 1e-11
_ROUNDS = 60
_STEPS = 8

Found = tuple[CovarianceModel, MmrmStatistics, Patterns, Optimum]


def climb_whitened(
    cohort: Cohort,
    model: CovarianceModel,
    block: np.ndarray,
    theta: np.ndarray,
    *,
    restricted: bool,
) -> Found | Failure:
    """Climb from the covariance at ``theta``, which may be far from the optimum."""
    recentred = model.structure.shape.form is CorrelationForm.CHOLESKY
    if recentred:
        factors = [model.factor(theta[model.own(each)]) for each in range(model.n_groups)]
        root, factors = _recentre(np.eye(model.structure.visits), factors)
    failure = Failure(reason=f"the climb did not settle in {_ROUNDS * _STEPS} steps")
    for _ in range(_ROUNDS):
        if recentred:
            cells = model.structure.shape.cells
            start = np.concatenate([triangular_parameters(each, cells) for each in factors])
        else:
            root, start = _mean_root(model, theta), theta
        if smallest_of_root(root) < _SINGULAR:
            return Failure(reason=_singular(root))
        own = replace(model, root=root, recentred=recentred)
        statistics, patterns = statistics_of(cohort, block, root)
        climbed = maximise(statistics, own, start, restricted=restricted, steps=_STEPS)
        if isinstance(climbed, Optimum):
            return own, statistics, patterns, climbed
        failure = climbed
        if climbed.theta is None or np.array_equal(climbed.theta, start):
            break
        theta = climbed.theta
        if recentred:
            factors = [own.factor(theta[own.own(each)]) for each in range(own.n_groups)]
            root, factors = _recentre(root, factors)
    return failure


def unshrunk_root(cohort: Cohort, group: int) -> np.ndarray | None:
    """A root of the covariances of the least squares residuals, where they are definite."""
    moments = pairwise_moments(cohort, group)
    sd = np.sqrt(np.maximum(np.diagonal(moments), 0))
    if not (sd > 0).all():
        return None
    try:
        root = np.linalg.cholesky(moments / np.outer(sd, sd))
    except np.linalg.LinAlgError:
        return None
    return np.asarray(sd[:, None] * root) if np.diagonal(root).min() > 1e-6 else None


def smallest_of_root(root: np.ndarray) -> float:
    """The smallest eigenvalue of the correlation matrix of which ``root`` is a root but for scale."""
    scaled = root / np.linalg.norm(root, axis=1, keepdims=True)
    return float(np.linalg.svd(scaled, compute_uv=False)[-1] ** 2)


def _recentre(root: np.ndarray, factors: list[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
    """A root of the mean of the groups, and the factors of the groups by it."""
    if len(factors) == 1:
        return root @ factors[0], [np.eye(len(root))]
    step = np.linalg.cholesky(sum(each @ each.T for each in factors) / len(factors))
    return root @ step, [np.linalg.solve(step, each) for each in factors]


def _mean_root(model: CovarianceModel, theta: np.ndarray) -> np.ndarray:
    """A root of the mean of the groups' covariances, zero where rounding has made it singular."""
    sigma = model.sigma(theta).mean(axis=2)
    sd = np.sqrt(np.diagonal(sigma))
    try:
        return np.asarray(sd[:, None] * np.linalg.cholesky(sigma / np.outer(sd, sd)))
    except np.linalg.LinAlgError:
        return np.diag(sd) @ np.ones((len(sd), len(sd)))


def _singular(root: np.ndarray) -> str:
    return (
        "the covariance matrix became singular (smallest eigenvalue of the correlation matrix "
        f"{smallest_of_root(root):.1e}; below {_SINGULAR:.0e} double precision cannot tell it from "
        "zero): some visits repeat others exactly"
    )
