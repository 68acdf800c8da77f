"""Satterthwaite's degrees of freedom where they have a closed form."""

from dataclasses import replace

import numpy as np
import pytest

from tests.analysis.repeated.test_fitted import fitted
from trialkit.analysis.repeated import kenward_roger
from trialkit.analysis.repeated.fitted import Leverage
from trialkit.analysis.repeated.satterthwaite import delta_method_df, matrix_test, vector_df

SIZES = np.array([6.0, 11.0, 21.0])
VARIANCES = np.array([4.0, 1.0, 9.0])


def groups(estimate=(2.0, -1.0, 5.0), sizes=SIZES, variances=VARIANCES):
    """The means of independent groups, each with a variance of its own: Welch's problem."""
    phi = np.diag(variances / sizes)
    couplings = np.zeros((len(sizes), len(sizes), len(sizes)))
    at = np.arange(len(sizes))
    couplings[at, at, at] = sizes / variances**2
    return replace(
        fitted(estimate, phi),
        phi=phi,
        couplings=couplings,
        theta_covariance=np.diag(2 * variances**2 / (sizes - 1)),
    )


def welch(first, second):
    share = VARIANCES / SIZES
    pair = [first, second]
    return share[pair].sum() ** 2 / (share[pair] ** 2 / (SIZES[pair] - 1)).sum()


@pytest.mark.parametrize(
    "of", [vector_df, kenward_roger.vector_df], ids=["satterthwaite", "kenward-roger"]
)
def test_the_difference_of_two_groups_has_the_degrees_of_freedom_of_welch(of):
    contrasts = np.array([[1.0, -1, 0], [0, 1, -1], [0, 0, 3.0]])
    np.testing.assert_allclose(of(groups(), contrasts), [welch(0, 1), welch(1, 2), 20])


def test_contrasts_are_turned_to_internal_ones_first():
    # the reported coefficients are the second, third and first group's
    turned = replace(groups(), basis=np.eye(3)[[1, 2, 0]])
    for of in (vector_df, kenward_roger.vector_df):
        np.testing.assert_allclose(of(turned, np.array([[1.0, 0, -1]])), welch(0, 1))


def test_many_data_sets_at_once_are_those_one_by_one():
    fit = groups()
    other = groups(variances=VARIANCES[::-1].copy())
    rows = np.array([[1.0, -1, 0]])
    stacked = [
        np.stack([getattr(fit, name), getattr(other, name)], axis=-1)
        for name in ("phi", "couplings", "theta_covariance")
    ]
    found = delta_method_df(rows, *stacked)
    alone = [
        delta_method_df(rows, each.phi, each.couplings, each.theta_covariance)[0]
        for each in (fit, other)
    ]
    np.testing.assert_allclose(found[0], alone)
    assert alone[0] == pytest.approx(welch(0, 1))


def test_one_variance_gives_the_f_of_the_analysis_of_variance():
    # one σ² of 3 on 27 degrees of freedom
    phi = np.diag(3.0 / SIZES)
    fit = replace(
        fitted([2.0, -1.0, 5.0], phi),
        phi=phi,
        couplings=np.diag(SIZES)[None] / 9.0,
        theta_covariance=np.array([[2 * 9.0 / 27]]),
    )
    matrix = np.array([[1.0, -1, 0], [0, 1, -1]])
    found = matrix_test(fit, matrix)
    means = np.array([2.0, -1.0, 5.0])
    overall = (SIZES * means).sum() / SIZES.sum()
    between = (SIZES * (means - overall) ** 2).sum() / 2
    assert found.statistic == pytest.approx(between / 3.0)
    assert (found.df_num, found.df_den) == (2, pytest.approx(27))


def test_rows_that_follow_from_others_are_not_counted():
    found = matrix_test(groups(), np.array([[1.0, -1, 0], [0, 1, -1], [1, 0, -1]]))
    assert found.df_num == 2


def test_uncorrelated_contrasts_share_the_degrees_of_freedom_of_fai_and_cornelius():
    # three separate groups: t² of each with ν = 5, 10 and 20
    found = matrix_test(groups(), np.eye(3))
    squares = np.array([2.0, -1, 5]) ** 2 / (VARIANCES / SIZES)
    assert found.statistic == pytest.approx(squares.mean())
    assert found.df_num == 3
    mean = 5 / 3 + 10 / 8 + 20 / 18
    assert found.df_den == pytest.approx(2 * mean / (mean - 3))


def test_two_degrees_of_freedom_or_fewer_leave_two():
    sizes = np.array([3.0, 11.0, 21.0])
    assert matrix_test(groups(sizes=sizes), np.eye(3)).df_den == 2
    just_above = np.array([3.5, 11.0, 21.0])
    found = matrix_test(groups(sizes=just_above), np.eye(3))
    mean = 2.5 / 0.5 + 10 / 8 + 20 / 18
    assert found.df_den == pytest.approx(2 * mean / (mean - 3))
    # equal ones are kept as they are
    equal = groups(sizes=np.array([2.5, 2.5, 2.5]))
    assert matrix_test(equal, np.eye(3)).df_den == pytest.approx(1.5)
    # alone, a contrast keeps what it has
    alone = matrix_test(groups(sizes=np.array([2.5, 11, 21])), np.array([[1.0, 0, 0]]))
    assert alone.df_den == pytest.approx(1.5)


@pytest.mark.parametrize("sizes", [(4, 9), (7, 7)])
def test_the_bias_reduced_difference_of_two_groups_is_that_of_bell_and_mccaffrey(sizes):
    """The closed form for two means of Imbens and Kolesár (2016), each observation a cluster."""
    n1, n2 = sizes
    rows = np.zeros((n1 + n2, 2))
    rows[:n1, 0], rows[n1:, 1] = 1, 1
    left = np.where(rows[:, 0] == 1, 1 - 1 / n1, 1 - 1 / n2)
    outer = rows[:, :, None] * rows[:, None, :]
    fit = replace(
        fitted([0.0, 0.0], np.eye(2)),
        phi=np.diag([1 / n1, 1 / n2]),
        leverage=Leverage(
            inner=outer / left[:, None, None], cross=outer / np.sqrt(left)[:, None, None]
        ),
    )
    expected = (n1 + n2) ** 2 * (n1 - 1) * (n2 - 1) / (n1**2 * (n1 - 1) + n2**2 * (n2 - 1))
    assert vector_df(fit, np.array([[1.0, -1.0]]))[0] == pytest.approx(expected)
