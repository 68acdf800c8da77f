"""Minus twice the (restricted) log-likelihood, its gradient and its information, in closed form.

With Vᵢ the covariance of subject i, W = V⁻¹, Φ = (Σ XᵀWX)⁻¹ and r the residuals from the generalised
least squares estimate:

    −2ℓ = Σ log|V| + log|Σ XᵀWX| + Σ rᵀWr + constant            (the second term under REML only)

Its derivatives are first taken by the elements of the covariance matrix Σ of all visits, which every
pattern of missing visits shares, and then carried to the parameters of the structure by the chain
rule. With N = Σ (rrᵀ + XΦXᵀ) over the subjects of a pattern (the second under REML only), D = WNW and
the derivative Vₐ of V by parameter a:

    gradient     Σ n W − D
    expected     Σ n tr(W Vₐ W Vᵦ)                               (leaving out what REML adds)
    observed     Σ 2 tr(D Vₐ W Vᵦ) − n tr(W Vₐ W Vᵦ) + ⟨gradient, Vₐᵦ⟩ − tr(ΦBₐΦBᵦ) − 2 FₐᵀΦFᵦ
                 Bₐ = Σ XᵀWVₐWX (its trace under REML only), Fₐ = Σ XᵀWVₐWr

docs/methods/mmrm.md derives these. Arrays may carry an axis of data sets last, as in ``statistics``.
"""

from dataclasses import dataclass

import numpy as np

from trialkit.analysis.repeated.positive import invert
from trialkit.analysis.repeated.statistics import MmrmStatistics
from trialkit.analysis.repeated.structures import (
    Structure,
    covariance,
    curvature,
    first_derivatives,
    second_total,
)
from trialkit.analysis.repeated.whitening import (
    curvature_of_root,
    reported_jacobian,
    triangular_parameters,
)

_CHUNK = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CovarianceModel:
    """The structure, and which of its groups of parameters each covariance block has.

    Subjects share a block when they share Σ: all of them, those of a group, or, when the spatial
    structure has times of its own for each subject, those with the same times.

    With a ``root`` A the likelihood works in the coordinates of ``whitening``. If ``recentred`` the
    parameters are those of A⁻¹ΣA⁻ᵀ, near nothing at all, rather than those of Σ.
    """

    structure: Structure
    group_of_block: np.ndarray
    n_groups: int
    root: np.ndarray | None = None
    recentred: bool = False

    @property
    def n_parameters(self) -> int:
        """The number of covariance parameters of all groups."""
        return self.n_groups * self.structure.n_parameters

    def by_block(self, theta: np.ndarray) -> np.ndarray:
        """The parameters (parameter, block, …) of each block."""
        each = theta.reshape(self.n_groups, self.structure.n_parameters, *theta.shape[1:])
        return np.swapaxes(each, 0, 1)[:, self.group_of_block]

    def sigma(self, theta: np.ndarray) -> np.ndarray:
        """Σ of each block (visit, visit, block, …)."""
        found = covariance(self.structure, self.by_block(theta))
        return _congruent(self.root, found) if self.root is not None and self.recentred else found

    def whitened_sigma(self, theta: np.ndarray) -> np.ndarray:
        """Σ of each block in the coordinates of the likelihood (visit, visit, block, …)."""
        return self.whitened(covariance(self.structure, self.by_block(theta)))

    def jacobian(self, theta: np.ndarray) -> np.ndarray:
        """Its derivatives by θ (visit, visit, parameter, block, …)."""
        return self.whitened(first_derivatives(self.structure, self.by_block(theta)))

    def curvature(self, theta: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        """Σᵤᵥ gradientᵤᵥ times its second derivatives (parameter, parameter, block, …)."""
        if self.root is not None and not self.recentred:
            gradient = _congruent(np.linalg.inv(self.root).T, gradient)
        return curvature(self.structure, self.by_block(theta), gradient)

    def second_total(self, theta: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """Σₐᵦ weightₐᵦ times the second derivatives by the *reported* parameters, of a group's block."""
        if self.root is None or not self.recentred:
            return self.whitened(second_total(self.structure, self.by_block(theta), weight))
        bent = [
            curvature_of_root(self.root, self.factor(each), self.structure.shape.cells, weight)
            for each in np.moveaxis(self.by_block(theta), 1, 0)
        ]
        return np.stack(bent, axis=2)

    def factor(self, own: np.ndarray) -> np.ndarray:
        """The triangular factor that parameters of an unstructured block stand for."""
        m = self.structure.visits
        rows, columns = self.structure.shape.cells.T
        factor = np.eye(m)
        factor[rows, columns] = own[m:]
        return np.asarray(np.exp(own[:m])[:, None] * factor)

    def reported(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The parameters of Σ itself, and their derivatives by ``theta``."""
        if self.root is None or not self.recentred:
            return theta, np.eye(len(theta))
        found, jacobian = np.zeros(len(theta)), np.zeros((len(theta), len(theta)))
        cells = self.structure.shape.cells
        for group in range(self.n_groups):
            own = self.own(group)
            factor = self.factor(theta[own])
            found[own] = triangular_parameters(self.root @ factor, cells)
            jacobian[own, own] = reported_jacobian(self.root, factor, cells)
        return found, jacobian

    def whitened(self, matrix: np.ndarray) -> np.ndarray:
        """A matrix (visit, visit, …) of the structure in the coordinates of the likelihood."""
        if self.root is None or self.recentred:
            return matrix
        return _congruent(np.linalg.inv(self.root), matrix)

    def own(self, group: int) -> slice:
        """Where the parameters of ``group`` stand."""
        size = self.structure.n_parameters
        return slice(group * size, (group + 1) * size)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """The likelihood at one value of the covariance parameters."""

    theta: np.ndarray
    value: np.ndarray  # −2ℓ (…), infinite where a covariance was not definite
    precision: np.ndarray  # W (K, m, m, …), zero at unobserved visits
    phi: np.ndarray  # Φ (p, p, …)
    gamma: np.ndarray  # generalised least squares estimate (p, …)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slope:
    """The first derivatives at an evaluation."""

    gradient: np.ndarray  # of −2ℓ by θ (t, …)
    by_element: np.ndarray  # of −2ℓ by the elements of Σ of each block (m, m, block, …)
    spread: np.ndarray  # D = WNW (K, m, m, …)
    jacobian: np.ndarray  # (m, m, t of a group, block, …)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Information:
    """The second derivatives at an evaluation."""

    observed: np.ndarray  # of −2ℓ by θ (t, t, …)
    couplings: np.ndarray  # Bₐ (t, p, p, …)


def _congruent(outer: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The product outer · matrix · outerᵀ for a symmetric matrix (visit, visit, …)."""
    half = np.tensordot(outer, matrix, (1, 0))
    turned = np.tensordot(outer, half, (1, 1))
    return np.asarray((turned + np.swapaxes(turned, 0, 1)) / 2)


def contract(subscripts: str, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """``einsum`` of two arrays, through BLAS where there is no axis of data sets and it pays."""
    letters = subscripts.split(",", maxsplit=1)[0].replace(".", "")
    if left.ndim == len(letters) and left.size * right.size > 200_000:
        return np.asarray(np.einsum(subscripts, left, right, optimize=True))
    return np.asarray(np.einsum(subscripts, left, right))


def evaluate(
    statistics: MmrmStatistics, model: CovarianceModel, theta: np.ndarray, *, restricted: bool
) -> Evaluation:
    """−2ℓ at ``theta``, with the generalised least squares estimate."""
    precision, logdet, definite = _precision(statistics, model.whitened_sigma(theta))
    layout = statistics.layout
    xwx = _sandwich(layout, contract("kab...,kde...->adbe...", precision, statistics.zz))
    phi, logdet_x, estimable = invert(xwx, lead=0)
    wy = contract("kab...,kdb...->ad...", precision, statistics.zy)
    xwy = np.tensordot(layout, wy.reshape(layout.shape[0], *wy.shape[2:]), (0, 0))
    gamma = np.einsum("pq...,q...->p...", phi, xwy)
    ywy = np.einsum("kab...,kab...->...", precision, statistics.yy)
    counts = _along(statistics.counts, logdet.ndim)
    value = (counts * logdet).sum(axis=0) + ywy - np.einsum("p...,p...->...", xwy, gamma)
    freedom = statistics.n_observations
    if restricted:
        value = value + logdet_x + statistics.log_columns
        freedom = freedom - statistics.n_coefficients
    value = value + freedom * np.log(2 * np.pi) - 2 * statistics.log_weights
    return Evaluation(
        theta=theta,
        value=np.where(definite & estimable, value, np.inf),
        precision=precision,
        phi=phi,
        gamma=gamma,
    )


def slope(
    statistics: MmrmStatistics, model: CovarianceModel, at: Evaluation, *, restricted: bool
) -> Slope:
    """The gradient of −2ℓ."""
    layout = statistics.layout
    m, d = statistics.n_visits, statistics.zz.shape[1]
    coef = np.tensordot(layout, at.gamma, (1, 0)).reshape(m, d, *at.gamma.shape[1:])
    # Σ (y − Xγ)(y − Xγ)ᵀ + XΦXᵀ, both as forms in the profiles
    form = coef[:, :, None, None] * coef[None, None]
    if restricted:
        spread = np.tensordot(layout, np.tensordot(layout, at.phi, (1, 0)), (1, 1))
        form = form + spread.reshape(m, d, m, d, *at.phi.shape[2:])
    crossed = contract("ad...,kdb...->kab...", coef, statistics.zy)
    scatter = statistics.yy - crossed - np.swapaxes(crossed, 1, 2)
    scatter = scatter + contract("kde...,adbe...->kab...", statistics.zz, form)
    spread = _twice(at.precision, scatter)
    counts = _along(statistics.counts, spread.ndim - 2)[:, None, None]
    by_block = np.add.reduceat(counts * at.precision - spread, statistics.block_starts, axis=0)
    by_element = np.moveaxis(by_block, 0, 2)
    jacobian = model.jacobian(at.theta)
    by_parameter = np.einsum("uvtk...,uvk...->tk...", jacobian, by_element)
    gradient = np.zeros(at.theta.shape)
    for group in range(model.n_groups):
        own = by_parameter[:, model.group_of_block == group]
        gradient[model.own(group)] = own.sum(axis=1)
    return Slope(gradient=gradient, by_element=by_element, spread=spread, jacobian=jacobian)


def expected_information(
    statistics: MmrmStatistics, model: CovarianceModel, at: Evaluation, first: Slope
) -> np.ndarray:
    """Twice the expected information of complete-data likelihood (t, t, …): always definite."""
    counts = _along(statistics.counts, at.precision.ndim - 2)[:, None, None]
    return _by_parameters(statistics, model, first, counts * at.precision, at.precision)


def observed_information(
    statistics: MmrmStatistics,
    model: CovarianceModel,
    at: Evaluation,
    first: Slope,
    *,
    restricted: bool,
) -> Information:
    """The second derivatives of −2ℓ, and Bₐ, which inference needs too."""
    counts = _along(statistics.counts, at.precision.ndim - 2)[:, None, None]
    outer = 2 * first.spread - counts * at.precision
    observed = _by_parameters(statistics, model, first, outer, at.precision)
    bent = model.curvature(at.theta, first.by_element)
    for group in range(model.n_groups):
        own = model.own(group)
        observed[own, own] += bent[:, :, model.group_of_block == group].sum(axis=2)
    couplings, forces = _couplings(statistics, model, at, first)
    if restricted:
        observed -= _traces(couplings, at.phi)
    pulled = np.einsum("tp...,pq...->tq...", forces, at.phi)
    observed -= 2 * np.einsum("aq...,bq...->ab...", pulled, forces)
    observed = (observed + np.swapaxes(observed, 0, 1)) / 2
    return Information(observed=observed, couplings=couplings)


def weighted_second_order(
    statistics: MmrmStatistics,
    model: CovarianceModel,
    at: Evaluation,
    first: Slope,
    weight: np.ndarray,
) -> np.ndarray:
    """Σₐᵦ weightₐᵦ XᵀWVₐWVᵦWX (p, p, …), Kenward and Roger's Q summed."""
    middle = np.zeros_like(at.precision)
    for block, patterns in _blocks(statistics):
        own = model.own(int(model.group_of_block[block]))
        jacobian = first.jacobian[:, :, :, block]
        weighted = np.einsum("usa...,ab...->usb...", jacobian, weight[own, own])
        spread = np.einsum("usb...,tvb...->uvst...", weighted, jacobian)
        middle[patterns] = contract("kst...,uvst...->kuv...", at.precision[patterns], spread)
    return _sum_of_forms(statistics, _twice(at.precision, middle))


def weighted_curvature(
    statistics: MmrmStatistics, model: CovarianceModel, at: Evaluation, weight: np.ndarray
) -> np.ndarray:
    """Σₐᵦ weightₐᵦ XᵀWVₐᵦWX (p, p), Kenward and Roger's R summed; for one data set."""
    bent = np.zeros_like(at.precision)
    totals = [
        model.second_total(at.theta, weight[model.own(group), model.own(group)])
        for group in range(model.n_groups)
    ]
    for block, patterns in _blocks(statistics):
        bent[patterns] = totals[int(model.group_of_block[block])][:, :, block]
    return _sum_of_forms(statistics, _twice(at.precision, bent))


def _along(array: np.ndarray, ndim: int) -> np.ndarray:
    """``array`` with axes of length one behind its own, up to ``ndim``."""
    return array.reshape(array.shape + (1,) * (ndim - array.ndim))


def _precision(
    statistics: MmrmStatistics, sigma: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """W of each pattern, embedded in all visits, and log|V|."""
    present = statistics.present
    both = _along(present[:, :, None] & present[:, None, :], sigma.ndim)
    alone = _along(np.eye(present.shape[1]) * ~present[:, :, None], sigma.ndim)
    stack = np.moveaxis(sigma, 2, 0)[statistics.block]
    turn = None if statistics.whitening is None else statistics.whitening.turn
    if turn is not None:
        stack = _turned(np.swapaxes(turn, 1, 2), stack)
    inverse, logdet, definite = invert(np.where(both, stack, alone), lead=1)
    inverse = np.where(both, inverse, 0.0)
    return inverse if turn is None else _turned(turn, inverse), logdet, definite


def _turned(turn: np.ndarray, stack: np.ndarray) -> np.ndarray:
    """The products turn · matrix · turnᵀ for stacks (K, m, m, …) of symmetric matrices."""
    if stack.ndim == 3:
        return np.asarray(turn @ stack @ np.swapaxes(turn, 1, 2))
    half = np.einsum("kab,kbc...->kac...", turn, stack)
    return np.asarray(np.einsum("kac...,kdc->kad...", half, turn))


def _twice(outer: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """The product outer · inner · outer for stacks (K, m, m, …) of symmetric matrices."""
    if outer.ndim == 3:
        return np.asarray(outer @ inner @ outer)
    half = np.einsum("kab...,kbc...->kac...", outer, inner)
    return np.asarray(np.einsum("kab...,kbc...->kac...", half, outer))


def _sandwich(layout: np.ndarray, form: np.ndarray) -> np.ndarray:
    """Tᵀ form T (p, p, …) for a symmetric form (m, d, m, d, …) in the profiles of two visits."""
    rows, columns = layout.shape
    flat = form.reshape(rows, rows, *form.shape[4:])
    if rows != columns or not np.array_equal(layout, np.eye(rows)):  # else every column is a cell
        flat = np.tensordot(layout, np.tensordot(layout, flat, (0, 0)), (0, 1))
    return np.asarray((flat + np.swapaxes(flat, 0, 1)) / 2)


def _sum_of_forms(statistics: MmrmStatistics, middle: np.ndarray) -> np.ndarray:
    """Σ Xᵀ middle X (p, p, …) over the patterns."""
    return _sandwich(statistics.layout, contract("kab...,kde...->adbe...", middle, statistics.zz))


def _blocks(statistics: MmrmStatistics) -> list[tuple[int, slice]]:
    """Each covariance block with its patterns."""
    starts = statistics.block_starts
    ends = np.append(starts[1:], len(statistics.block))
    return [
        (int(statistics.block[start]), slice(int(start), int(end)))
        for start, end in zip(starts, ends, strict=True)
    ]


def _by_parameters(
    statistics: MmrmStatistics,
    model: CovarianceModel,
    first: Slope,
    left: np.ndarray,
    right: np.ndarray,
) -> np.ndarray:
    """Σ tr(left Vₐ right Vᵦ) over the patterns, within each group (t, t, …)."""
    total = np.zeros((model.n_parameters, model.n_parameters, *left.shape[3:]))
    for block, patterns in _blocks(statistics):
        jacobian = first.jacobian[:, :, :, block]
        elements = contract("kus...,kvt...->uvst...", left[patterns], right[patterns])
        half = contract("uvst...,stb...->uvb...", elements, jacobian)
        own = model.own(int(model.group_of_block[block]))
        total[own, own] += contract("uva...,uvb...->ab...", jacobian, half)
    return (total + np.swapaxes(total, 0, 1)) / 2


def _couplings(
    statistics: MmrmStatistics, model: CovarianceModel, at: Evaluation, first: Slope
) -> tuple[np.ndarray, np.ndarray]:
    """Bₐ = Σ XᵀWVₐWX (t, p, p, …) and Fₐ = Σ XᵀWVₐWr (t, p, …)."""
    p, batch = statistics.n_coefficients, at.gamma.shape[1:]
    layout = statistics.layout
    m, d = statistics.n_visits, statistics.zz.shape[1]
    coef = np.tensordot(layout, at.gamma, (1, 0)).reshape(m, d, *batch)
    zr = statistics.zy - contract("kde...,be...->kdb...", statistics.zz, coef)
    couplings = np.zeros((model.n_parameters, p, p, *batch))
    forces = np.zeros((model.n_parameters, p, *batch))
    size = model.structure.n_parameters
    step = max(1, _CHUNK // max(1, size * m * m))
    for block, patterns in _blocks(statistics):
        own = model.own(int(model.group_of_block[block]))
        jacobian = first.jacobian[:, :, :, block]
        for start in range(patterns.start, patterns.stop, step):
            some = slice(start, min(start + step, patterns.stop))
            spun = _spun(at.precision[some], jacobian)
            forms = contract("kabt...,kde...->adbet...", spun, statistics.zz[some])
            couplings[own] += np.moveaxis(_sandwich(layout, forms), 2, 0)
            pulls = contract("kabt...,kdb...->adt...", spun, zr[some])
            pulls = np.tensordot(layout, pulls.reshape(m * d, size, *batch), (0, 0))
            forces[own] += np.swapaxes(pulls, 0, 1)
    return couplings, forces


def _traces(couplings: np.ndarray, phi: np.ndarray) -> np.ndarray:
    """tr(ΦBₐΦBᵦ) (t, t, …); BLAS wants the data sets first."""
    t, p = couplings.shape[:2]
    sets = couplings.shape[3:]
    first = np.moveaxis(couplings.reshape(t * p, p, -1), 2, 0)
    spun = (first @ np.moveaxis(phi.reshape(p, p, -1), 2, 0)).reshape(-1, t, p, p)
    rows = spun.reshape(-1, t, p * p)
    columns = np.swapaxes(spun, 2, 3).reshape(-1, t, p * p)
    traces = rows @ np.swapaxes(columns, 1, 2)
    return np.asarray(np.moveaxis(traces, 0, 2).reshape(t, t, *sets))


def _spun(precision: np.ndarray, jacobian: np.ndarray) -> np.ndarray:
    """W Vₐ W (K, m, m, t, …)."""
    half = contract("kau...,uvt...->kavt...", precision, jacobian)
    if half.ndim > 4:
        return np.asarray(np.einsum("kavt...,kvb...->kabt...", half, precision))
    k, m, _, t = half.shape
    rows = half.transpose(0, 1, 3, 2).reshape(k, m * t, m)
    return np.asarray((rows @ precision).reshape(k, m, t, m).transpose(0, 1, 3, 2))
