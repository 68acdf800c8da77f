"""Distributions by special functions: scipy.stats' to the last digit, and R's at published places."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from trialkit.analysis.distributions import chi_squared, fisher, student

DEGREES = np.array([0.5, 1.0, 2.0, 7.25, 24.0, 1e3, 1e9])[:, None]
VALUES = np.array([-np.inf, -40.0, -1.5, 0.0, 1e-12, 0.3, 2.0, 18.5, 700.0, np.inf, np.nan])
SHARES = np.array([0.0, 1e-18, 0.001, 0.025, 0.5, 0.975, 1.0])


@pytest.mark.parametrize(
    ("ours", "scipys", "asked"),
    [
        (student.cdf, stats.t.cdf, VALUES),
        (student.sf, stats.t.sf, VALUES),
        (student.isf, stats.t.isf, SHARES),
        (chi_squared.sf, stats.chi2.sf, VALUES),
        (chi_squared.pdf, stats.chi2.pdf, VALUES[(VALUES > 0) & (np.inf > VALUES)]),
        (chi_squared.ppf, stats.chi2.ppf, SHARES),
        (chi_squared.isf, stats.chi2.isf, SHARES),
    ],
)
def test_of_one_df_they_are_scipys(
    ours: Callable[..., np.ndarray], scipys: Callable[..., np.ndarray], asked: np.ndarray
) -> None:
    np.testing.assert_array_equal(ours(asked, DEGREES), scipys(asked, DEGREES))


@pytest.mark.parametrize(
    ("ours", "scipys", "asked"),
    [
        (fisher.sf, stats.f.sf, VALUES),
        (fisher.ppf, stats.f.ppf, SHARES),
        (fisher.isf, stats.f.isf, SHARES),
    ],
)
def test_fishers_is_scipys(
    ours: Callable[..., np.ndarray], scipys: Callable[..., np.ndarray], asked: np.ndarray
) -> None:
    for df_num in (1.0, 3.0, 11.5):
        np.testing.assert_array_equal(ours(asked, df_num, DEGREES), scipys(asked, df_num, DEGREES))


def test_tables_that_stand_in_books() -> None:
    assert student.isf(0.025, 24) == pytest.approx(2.0639, abs=5e-5)
    assert student.isf(0.025, np.inf) == pytest.approx(1.959964, abs=5e-7)
    assert chi_squared.isf(0.05, 1) == pytest.approx(3.8415, abs=5e-5)
    assert fisher.isf(0.05, 2, 24) == pytest.approx(3.4028, abs=5e-5)


def test_no_degrees_of_freedom_are_no_distribution() -> None:
    assert np.isnan(chi_squared.sf(1.0, 0))
    assert np.isnan(student.sf(1.0, 0))
