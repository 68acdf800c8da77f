"""How far two arms lie apart at baseline, in standard deviations: a description, never a test.

The formulas are in ``docs/methods/standardised-difference.md``.
"""

import numpy as np

from trialkit.errors import AnalysisError

_SINGULAR = 1e-12


def difference_of_numbers(experimental: np.ndarray, reference: np.ndarray) -> float:
    """The standardised difference of two groups of numbers, positive where the first are larger.

    Estimand
        (mean − mean) / sqrt((SD² + SD²) / 2), each SD with n − 1.

    Reference
        Austin PC. Stat Med 2009;28:3083-3107.

    Checked against
        ``tests/reference/balance/standardised_differences.json``

    Values are (n,) without missing ones. Raises :class:`AnalysisError` with fewer than two values
    in a group, and where neither group varies although they differ.
    """
    if min(len(experimental), len(reference)) < 2:
        raise AnalysisError("a standardised difference needs two values or more in each arm")
    difference = float(experimental.mean() - reference.mean())
    variance = (float(experimental.var(ddof=1)) + float(reference.var(ddof=1))) / 2
    if difference == 0:
        return 0.0
    if variance <= 0:
        raise AnalysisError(
            "neither arm varies, so that there is no standard deviation to divide by"
        )
    return difference / float(np.sqrt(variance))


def difference_of_categories(experimental: np.ndarray, reference: np.ndarray) -> float:
    """The standardised difference of two groups over the same categories; it has no sign.

    Estimand
        The Mahalanobis distance of the proportions of all categories but one, whichever it is,
        over the mean of both groups' multinomial covariance.

    Reference
        Yang D, Dalton JE. SAS Global Forum 2012, paper 335. With two categories it is the absolute
        value of Austin's, Stat Med 2009;28:3083-3107.

    Checked against
        ``tests/reference/balance/standardised_differences.json``

    Counts are (categories,). Raises :class:`AnalysisError` for an arm without anybody, and where
    the categories tell the arms apart entirely.
    """
    if experimental.sum() == 0 or reference.sum() == 0:
        raise AnalysisError("a standardised difference needs somebody with a value in each arm")
    had = (experimental + reference) > 0
    first = (experimental / experimental.sum())[had][1:]
    second = (reference / reference.sum())[had][1:]
    gap = first - second
    if not gap.size or not gap.any():
        return 0.0
    covariance = (_multinomial(first) + _multinomial(second)) / 2
    if np.linalg.matrix_rank(covariance, tol=_SINGULAR) < len(gap):
        raise AnalysisError("the categories tell the arms apart entirely; the distance has no size")
    return float(np.sqrt(gap @ np.linalg.solve(covariance, gap)))


def _multinomial(shares: np.ndarray) -> np.ndarray:
    """The covariance of one participant's categories."""
    covariance: np.ndarray = np.diag(shares) - np.outer(shares, shares)
    return covariance
