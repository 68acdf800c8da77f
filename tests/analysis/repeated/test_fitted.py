"""Contrasts of the reported coefficients, their independent part, and Wald's form of them."""

import numpy as np
import pytest

from trialkit.analysis.repeated.fitted import Fitted, independent_rows, wald

BASIS = np.array([[2.0, 1.0], [0.0, 4.0]])


def fitted(estimate, covariance, basis=None):
    """A fit of which nothing but estimate, covariance and basis is asked."""
    size = len(estimate)
    return Fitted(
        basis=np.eye(size) if basis is None else basis,
        estimate=np.asarray(estimate, dtype=float),
        phi=np.full((size, size), np.nan),
        covariance=np.asarray(covariance, dtype=float),
        couplings=np.zeros((0, size, size)),
        theta_covariance=np.zeros((0, 0)),
        n_observations=0,
        leverage=None,
        within_subject=None,
    )


def test_a_contrast_of_reported_coefficients_gives_the_same_number_of_internal_ones():
    fit = fitted([3.0, -1.0], np.eye(2), BASIS)
    contrasts = np.array([[1.0, 0.0], [5.0, -2.0]])
    reported = BASIS @ fit.estimate
    assert reported.tolist() == [5.0, -4.0]
    np.testing.assert_allclose(fit.internal(contrasts) @ fit.estimate, contrasts @ reported)


def test_rows_that_follow_from_others_are_left_out():
    matrix = np.array([[1.0, 1, 0], [0, 1, 1], [1, 2, 1], [2, 2, 0]])
    found = independent_rows(matrix)
    assert found.shape == (2, 3)
    np.testing.assert_allclose(found @ found.T, np.eye(2), atol=1e-12)
    onto = matrix.T @ np.linalg.pinv(matrix.T)
    np.testing.assert_allclose(found.T @ found, onto, atol=1e-12)


@pytest.mark.parametrize("unit", [1e-7, 1.0, 1e7])
@pytest.mark.parametrize(("small", "rank"), [(1e-12, 1), (1e-6, 2)])
def test_a_row_counts_where_it_is_more_than_rounding(small, rank, unit):
    assert len(independent_rows(unit * np.array([[1.0, 0], [1.0, small]]))) == rank


def test_the_wald_statistic_is_the_mean_of_uncorrelated_squares():
    # 6²/9 and 2²/1, over two
    fit = fitted([6.0, 2.0], np.diag([9.0, 1.0]))
    assert wald(fit, np.eye(2)) == pytest.approx((4 + 4) / 2)
    assert wald(fit, np.array([[1.0, 0.0]])) == pytest.approx(4)
    # with a covariance of 1.5 by hand: (36·1 − 2·6·2·1.5 + 4·9) / (9 − 2.25) / 2
    correlated = fitted([6.0, 2.0], [[9.0, 1.5], [1.5, 1.0]])
    assert wald(correlated, np.eye(2)) == pytest.approx((36 - 36 + 36) / 6.75 / 2)
