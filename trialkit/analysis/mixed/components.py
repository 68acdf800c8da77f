"""Minus twice the (restricted) log-likelihood of variance components, with its derivatives.

The covariance V = Σ θₐVₐ of all rows is linear in the variances θ. With W = V⁻¹, A = [X y],

    M = AᵀWA,  Mₐ = AᵀWVₐWA,  Mₐᵦ = AᵀWVₐWVᵦWA,  tₐ = tr(WVₐ),  tₐᵦ = tr(WVₐWVᵦ),

P = W − WXΦXᵀW, Φ = (XᵀWX)⁻¹ and β̂ = ΦXᵀWy:

    gradient   tr(PVₐ) − yᵀPVₐPy
    observed   2 yᵀPVₐPVᵦPy − tr(PVₐPVᵦ)
    expected   tr(PVₐPVᵦ)                              (ML: W for P in the traces)

docs/methods/linear_mixed_models.md derives these.
"""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.mixed.cell_sums import CellStack, CellSums
from trialkit.analysis.mixed.crossed_block import crossed_moments
from trialkit.analysis.mixed.variance_moments import VarianceMoments
from trialkit.analysis.repeated.positive import invert

SMALLEST = 1e-60
"""A residual variance, in units of that of least squares, below which its powers cannot be computed; no
variance is above its inverse."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VarianceEvaluation:
    """The likelihood at variances ``theta`` (t,): its ``value`` −2ℓ and derivatives by θ.

    ``squares`` yᵀPy, ``phi`` Φ (p, p), ``gamma`` β̂ (p,), ``couplings`` XᵀWVₐWX (t, p, p), ``second`` XᵀWVₐWVᵦWX (t, t, p, p).
    """

    theta: np.ndarray
    value: float
    squares: float
    phi: np.ndarray
    gamma: np.ndarray
    gradient: np.ndarray
    observed: np.ndarray
    expected: np.ndarray
    couplings: np.ndarray
    second: np.ndarray


def evaluate(sums: CellSums, theta: np.ndarray, *, restricted: bool) -> VarianceEvaluation | None:
    """−2ℓ at ``theta`` with its derivatives, or nothing where V or XᵀWX is not definite."""
    found = _moments(sums, theta)
    if found is None:
        return None
    m = found.m
    phi, logdet_x, definite = invert(m[:-1, :-1], lead=0)
    if not definite:
        return None
    gamma = phi @ m[:-1, -1]
    residual = np.append(-gamma, 1.0)
    pulled = found.m1 @ residual  # (t, a)
    quadratic = np.einsum("a,ta->t", residual, pulled)
    forces = pulled[:, :-1]
    twice = np.einsum("a,tuab,b->tu", residual, found.m2, residual) - forces @ phi @ forces.T
    couplings, second = found.m1[:, :-1, :-1], found.m2[:, :, :-1, :-1]
    traces, products = found.t1, found.t2
    squares = float(residual @ m @ residual)
    value = found.logdet + squares
    freedom = sums.n
    if restricted:
        spun = couplings @ phi
        traces = traces - np.einsum("tpp->t", spun)
        products = (
            products
            - 2 * np.einsum("tupq,qp->tu", second, phi)
            + np.einsum("tpq,uqp->tu", spun, spun)
        )
        value += float(logdet_x) + sums.log_columns
        freedom -= sums.p
    observed = 2 * twice - products
    return VarianceEvaluation(
        theta=theta,
        value=value + freedom * float(np.log(2 * np.pi)),
        squares=squares,
        phi=phi,
        gamma=gamma,
        gradient=traces - quadratic,
        observed=(observed + observed.T) / 2,
        expected=(products + products.T) / 2,
        couplings=couplings,
        second=second,
    )


def _moments(sums: CellSums, theta: np.ndarray) -> VarianceMoments | None:
    groupings = len(theta) - len(sums.within)
    of_class = theta[groupings:]
    if not (of_class > SMALLEST).all() or theta.max() > 1 / SMALLEST:
        return None
    t, a = len(theta), sums.p + 1
    m = np.einsum("r,rab->ab", 1 / of_class, sums.within)
    m1, m2 = np.zeros((t, a, a)), np.zeros((t, t, a, a))
    t1, t2 = np.zeros(t), np.zeros((t, t))
    own = np.arange(groupings, t)
    m1[own] = sums.within / np.square(of_class)[:, None, None]
    m2[own, own] = m1[own] / of_class[:, None, None]
    t1[own] = sums.within_df / of_class
    t2[own, own] = t1[own] / of_class
    logdet = float(sums.within_df @ np.log(of_class))
    parts = [
        *(_of_stack(stack, theta) for stack in sums.stacks),
        *(crossed_moments(block, theta) for block in sums.crossed),
    ]
    for added in parts:
        if added is None:
            return None
        logdet += added.logdet
        m += added.m
        m1 += added.m1
        m2 += added.m2
        t1 += added.t1
        t2 += added.t2
    return VarianceMoments(
        logdet=logdet, m=m, m1=m1, m2=(m2 + m2.transpose(1, 0, 3, 2)) / 2, t1=t1, t2=t2
    )


def _of_stack(stack: CellStack, theta: np.ndarray) -> VarianceMoments | None:
    """The sums over the blocks of a stack."""
    groupings = len(stack.shared)
    m = stack.rows.shape[1]
    v = np.tensordot(theta[:groupings], stack.shared, (0, 0))
    diagonal = np.arange(m)
    v[:, diagonal, diagonal] += np.tensordot(theta[groupings:], stack.residual, (0, 0))
    precision, logdet, definite = invert(v, lead=1)
    if not definite:
        return None
    spun = precision @ stack.rows  # WA
    pushed = np.concatenate([stack.shared @ spun, stack.residual[..., None] * spun])  # VₐWA
    turned = np.concatenate(
        [precision @ stack.shared, precision * stack.residual[:, :, None, :]]
    )  # WVₐ
    flat = turned.reshape(len(theta), -1)
    mirrored = np.swapaxes(turned, 2, 3).reshape(len(theta), -1)
    return VarianceMoments(
        logdet=float(logdet.sum()),
        m=np.tensordot(stack.rows, spun, ((0, 1), (0, 1))),
        m1=np.tensordot(pushed, spun, ((1, 2), (0, 1))),
        m2=np.tensordot(pushed, precision @ pushed, ((1, 2), (1, 2))).transpose(0, 2, 1, 3),
        t1=np.einsum("tkii->t", turned),
        t2=flat @ mirrored.T,
    )
