"""Coordinates of the visits in which nearly equal visits are not nearly dependent.

Let A be a lower triangular root of a covariance Σ₀ near Σ, and T = A⁻¹. In the coordinates of T the
covariance TΣTᵀ is near the identity, however high the correlations of the visits are, and products
of its inverses lose no digits. A subject with all visits has the outcome Ty and the rows TX there.

One with gaps has the rows Aₒ of A for its observed visits. With Aₒ = RᵀQᵀ (Q orthonormal columns, R
upper triangular) its covariance is RᵀQᵀ(TΣTᵀ)QR, so QR⁻ᵀyₒ stands for the outcome, Q(QᵀTΣTᵀQ)⁻¹Qᵀ
for the inverse, and 2 log|R| is added to the log determinant. Qᵀ turns T times the rows at *all*
visits into R⁻ᵀXₒ, whatever stands at those not observed, so all patterns share the layout TX.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Whitening:
    """What a root A makes of each pattern of observed visits.

    ``turn`` (K, m, m) is orthogonal, its columns at the observed visits being Q; ``carry`` (K, m, m)
    is QR⁻ᵀ, zero in the columns of visits not observed; ``log_root`` (K,) is log|R|.
    """

    root: np.ndarray
    turn: np.ndarray
    carry: np.ndarray
    log_root: np.ndarray

    def outcome(self, values: np.ndarray, pattern: np.ndarray) -> np.ndarray:
        """Outcomes (…, visit), zero where not observed, whose ``pattern`` (…) is numbered."""
        found = np.zeros_like(values)
        for k, carry in enumerate(self.carry):
            here = pattern == k
            found[here] = values[here] @ carry.T
        return found

    def layout(self, layout: np.ndarray) -> np.ndarray:
        """The layout (m · d, p) in the coordinates of T."""
        m = len(self.root)
        turned = np.linalg.solve(self.root, layout.reshape(m, -1))
        return np.asarray(turned.reshape(layout.shape))


def whitening(present: np.ndarray, root: np.ndarray) -> Whitening:
    """The coordinates of patterns ``present`` (K, m) for the lower triangular ``root`` (m, m)."""
    kinds, m = present.shape
    turn, carry = np.zeros((kinds, m, m)), np.zeros((kinds, m, m))
    log_root = np.zeros(kinds)
    for k, seen in enumerate(present):
        count = int(seen.sum())
        basis, upper = np.linalg.qr(root[seen].T, mode="complete")
        triangle = upper[:count]
        turn[k][:, seen], turn[k][:, ~seen] = basis[:, :count], basis[:, count:]
        carry[k][:, seen] = np.linalg.solve(triangle, basis[:, :count].T).T
        log_root[k] = np.log(np.abs(np.diagonal(triangle))).sum()
    return Whitening(root=root, turn=turn, carry=carry, log_root=log_root)


def original_precision(used: Whitening | None, precision: np.ndarray) -> np.ndarray:
    """W of each pattern (K, m, m) for the visits as they are."""
    if used is None:
        return precision
    return np.asarray(np.swapaxes(used.carry, 1, 2) @ precision @ used.carry)


def triangular_parameters(factor: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Log diagonal, then elements over the diagonal of their row, of a lower triangular factor."""
    diagonal = np.diagonal(factor)
    rows, columns = cells.T
    return np.concatenate([np.log(diagonal), factor[rows, columns] / diagonal[rows]])


def factor_derivatives(factor: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """The derivatives (parameter, m, m) of a triangular factor by its parameters."""
    m = len(factor)
    found = np.zeros((m + len(cells), m, m))
    found[np.arange(m), np.arange(m)] = factor
    rows, columns = cells.T
    found[m + np.arange(len(cells)), rows, columns] = np.diagonal(factor)[rows]
    return found


def reported_jacobian(root: np.ndarray, factor: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """The derivatives of the parameters of ``root`` · ``factor`` by those of ``factor``."""
    whole = root @ factor
    moved = root @ factor_derivatives(factor, cells)
    diagonal = np.diagonal(whole)
    log_diagonal = np.diagonal(moved, axis1=1, axis2=2) / diagonal
    rows, columns = cells.T
    change = moved[:, rows, columns] - whole[rows, columns] * log_diagonal[:, rows]
    return np.concatenate([log_diagonal, change / diagonal[rows]], axis=1).T


def curvature_of_root(
    root: np.ndarray, factor: np.ndarray, cells: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """T(Σₐᵦ wₐᵦ ∂²Σ/∂θₐ∂θᵦ)Tᵀ in the parameters θ of A · ``factor``, a root of Σ.

    ``weight`` is that of the parameters of ``factor``, so that w = J weight Jᵀ.
    """
    m = len(root)
    moved = factor_derivatives(factor, cells)
    outer = np.einsum("auw,ab,bvw->uv", moved, weight, moved)
    jacobian = reported_jacobian(root, factor, cells)
    of_theta = jacobian @ weight @ jacobian.T
    whole = root @ factor
    # every row of the root is the exponential of one parameter times the others
    second = np.diagonal(of_theta)[:m, None] * whole
    rows, columns = cells.T
    second[rows, columns] += 2 * of_theta[rows, m + np.arange(len(cells))] * whole[rows, rows]
    bent = np.linalg.solve(root, second) @ factor.T
    return np.asarray(bent + bent.T + 2 * outer)
