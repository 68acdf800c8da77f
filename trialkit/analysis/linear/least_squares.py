"""Ordinary least squares on arrays, by QR; statsmodels is the second route in its test."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LeastSquaresFit:
    """An ordinary least squares fit of n outcomes on p columns of full rank.

    ``root`` (p, p) is a root of (X'X)⁻¹, whose product with its transpose, times ``sigma`` squared, is
    the covariance of the coefficients. A variance that is the square of a product with the root cannot
    come out negative, however far the columns are from zero.
    """

    coefficients: np.ndarray
    root: np.ndarray
    leverage: np.ndarray
    fitted: np.ndarray
    residuals: np.ndarray
    df: int
    residual_sum_squares: float

    @property
    def unscaled(self) -> np.ndarray:
        """(X'X)⁻¹ (p, p)."""
        return np.asarray(self.root @ self.root.T)

    @property
    def sigma(self) -> float:
        """The residual standard deviation."""
        return float(np.sqrt(self.residual_sum_squares / self.df))


def least_squares(design: np.ndarray, outcome: np.ndarray) -> LeastSquaresFit:
    """Fit ``outcome`` (n,) on the columns of ``design`` (n, p), which must have full rank, p < n."""
    # X'X and its rank are spoilt by a covariate far from zero (a date, say); an orthonormal basis of
    # the columns cannot be spoilt
    length = np.linalg.norm(design, axis=0)
    basis, triangle = np.linalg.qr(design / length)
    # numpy's small inverse: the BLAS threads of scipy's triangular one take milliseconds to wake
    back = np.linalg.inv(triangle) / length[:, None]
    again, corner = np.linalg.qr(basis)
    on_basis = np.linalg.solve(corner, again.T @ outcome)
    fitted = basis @ on_basis
    residuals = outcome - fitted
    return LeastSquaresFit(
        coefficients=back @ on_basis,
        root=back,
        leverage=np.square(basis).sum(axis=1),
        fitted=fitted,
        residuals=residuals,
        df=len(outcome) - basis.shape[1],
        residual_sum_squares=float(residuals @ residuals),
    )
