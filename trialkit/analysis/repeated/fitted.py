"""What inference needs of a fitted model."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leverage:
    """What the degrees of freedom of a sandwich need of each subject (n, p, p).

    With Uᵢ = Aᵢ Lᵢᵀ Xᵢ, Lᵢ Lᵢᵀ being the inverse covariance and Aᵢ the adjustment: ``inner`` is UᵢᵀUᵢ and
    ``cross`` XᵢᵀLᵢUᵢ.
    """

    inner: np.ndarray
    cross: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WithinSubject:
    """Which reported columns change within a subject, and the degrees of freedom of either kind."""

    changes: np.ndarray
    between: float
    within: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """The fixed effects on orthonormal columns, and how sure they are.

    ``basis`` turns coefficients of orthonormal columns into the reported ones. ``phi`` is Φ of the
    model, ``covariance`` the one in use (Φ, or corrected, or a sandwich), ``couplings`` Bₐ = ∂Φ⁻¹ with
    the sign changed, and ``theta_covariance`` that of the covariance parameters.
    """

    basis: np.ndarray
    estimate: np.ndarray
    phi: np.ndarray
    covariance: np.ndarray
    couplings: np.ndarray
    theta_covariance: np.ndarray
    n_observations: int
    leverage: Leverage | None
    within_subject: WithinSubject | None

    def internal(self, contrasts: np.ndarray) -> np.ndarray:
        """Contrasts of the reported coefficients as contrasts of those of orthonormal columns."""
        return np.asarray(contrasts @ self.basis)


@dataclass(frozen=True, slots=True, kw_only=True)
class FStatistic:
    """An F statistic with its degrees of freedom."""

    statistic: float
    df_num: int
    df_den: float


def independent_rows(matrix: np.ndarray) -> np.ndarray:
    """An orthonormal basis of the row space of ``matrix``."""
    _, size, rows = np.linalg.svd(matrix, full_matrices=False)
    rank = int((size > 1e-9 * max(float(size.max(initial=0)), 1e-300)).sum())
    return np.asarray(rows[:rank])


def wald(fitted: Fitted, rows: np.ndarray) -> float:
    """The quadratic form of independent contrasts of the internal coefficients over their number."""
    values = rows @ fitted.estimate
    spread = rows @ fitted.covariance @ rows.T
    return float(values @ np.linalg.solve(spread, values)) / len(rows)
